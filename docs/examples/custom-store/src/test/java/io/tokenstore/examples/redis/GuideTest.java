package io.tokenstore.examples.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide builds this module's store: in a project of its own, with the versions of this build, in pieces that make the whole. */
class GuideTest {

    private static final Path PROJECT = Path.of("src/stand-alone");
    private static final Path STORE = Path.of("src/main/java/io/tokenstore/examples/redis/RedisTokenStore.java");
    private static final Path GUIDE = Path.of("../../custom-store.md");

    @Test
    void the_stand_alone_project_takes_the_versions_of_this_build() throws IOException {
        List<MatchResult> dependencies = find(
                "<dependency>\\s*<groupId>.*?</groupId>\\s*<artifactId>(.*?)</artifactId>\\s*<version>(.*?)</version>",
                PROJECT.resolve("pom.xml"));
        assertThat(dependencies).hasSize(4).allSatisfy(GuideTest::assertBuildsVersion);

        List<MatchResult> plugins = find(
                "<plugin>\\s*<artifactId>(.*?)</artifactId>\\s*<version>(.*?)</version>", PROJECT.resolve("pom.xml"));
        assertThat(plugins).hasSize(2).allSatisfy(GuideTest::assertBuildsVersion);
    }

    @Test
    void the_gradle_build_takes_the_versions_of_this_build() throws IOException {
        assertThat(find("\\(\"[\\w.]+:([\\w-]+):([\\w.-]+)[:\"]", GUIDE))
                .hasSize(5)
                .allSatisfy(GuideTest::assertBuildsVersion);
    }

    @Test
    void the_store_is_the_empty_class_with_the_pieces_of_the_guide_in_it() throws IOException {
        String store = Files.readString(STORE);
        String empty = Files.readString(
                PROJECT.resolve("empty").resolve("src/main/java").resolve(STORE.subpath(3, STORE.getNameCount())));
        String beginning = empty.substring(0, empty.indexOf("public final class"));
        assertThat(store).startsWith(beginning);

        List<MatchResult> pieces = find("(?s)// tag::(\\w+)\\[\\]\\n(.*?)\\s*// end::\\1\\[\\]", STORE);
        String outside = store.substring(store.indexOf("public final class"));
        for (MatchResult piece : pieces) {
            assertThat(find(Pattern.quote("RedisTokenStore.java#" + piece.group(1) + " -->"), GUIDE))
                    .as("The piece %s in the guide", piece.group(1))
                    .hasSize(1);
            outside = outside.replace(piece.group(), "");
        }
        assertThat(outside.replaceAll("\\s+", " ").strip())
                .isEqualTo("public final class RedisTokenStore implements TokenStore { }");
    }

    @Test
    void the_store_stays_under_270_lines() throws IOException {
        assertThat(Files.readAllLines(STORE)).hasSizeLessThan(270);
    }

    private static void assertBuildsVersion(MatchResult artifact) {
        assertThat(artifact.group(2))
                .as(artifact.group(1))
                .isEqualTo(System.getProperty("versions." + artifact.group(1)));
    }

    private static List<MatchResult> find(String pattern, Path file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .toList();
    }
}
