package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.contract.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages say what the code says: each snippet is a tagged piece of a file that the build compiles and runs. */
class DocumentationTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    /** An HTML comment {@code <!-- file#tag -->}, then a fenced block. */
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- (\\S+?)(?:#(\\w+))? -->\\n```(\\w+)\\n(.*?)```", Pattern.DOTALL);

    private static final Pattern JAVA_OR_SQL_BLOCK = Pattern.compile("^```(?:java|sql)$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> root = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(root, docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_snippet_is_the_code_it_names(Path page) throws IOException {
        String text = Files.readString(page);
        List<MatchResult> snippets = SNIPPET.matcher(text).results().toList();
        for (MatchResult snippet : snippets) {
            assertThat(snippet.group(4))
                    .as("The snippet from %s#%s in %s", snippet.group(1), snippet.group(2), page)
                    .isEqualTo(code(ROOT.resolve(snippet.group(1)), snippet.group(2)));
        }
        assertThat(JAVA_OR_SQL_BLOCK.matcher(text).results().count())
                .as("Java and SQL blocks in %s, each of which is to name its code", page)
                .isEqualTo(snippets.stream()
                        .filter(snippet -> snippet.group(3).matches("java|sql"))
                        .count());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_link_into_the_project_leads_to_a_file_and_its_heading(Path page) throws IOException {
        List<MatchResult> links = LINK.matcher(Files.readString(page))
                .results()
                .filter(link -> !link.group(1).matches("https?://.*"))
                .toList();
        for (MatchResult link : links) {
            Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
            assertThat(target).exists();
            if (link.group(2) != null) {
                assertThat(anchors(target)).as("%s in %s", link.group(), page).contains(link.group(2));
            }
        }
    }

    /** As a Markdown viewer makes them: lower case, without punctuation, hyphens for spaces. */
    private static List<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\d _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Test
    void the_index_lists_every_page() throws IOException {
        String index = Files.readString(ROOT.resolve("docs/README.md"));
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            assertThat(pages.map(page -> page.getFileName().toString())
                            .filter(name -> name.endsWith(".md") && !name.equals("README.md")))
                    .allSatisfy(name -> assertThat(index).contains("](" + name + ")"));
        }
    }

    @Test
    void the_readme_begins_with_the_two_commands_that_ci_runs() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<String> shell = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL)
                .matcher(readme)
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(shell).hasSize(1);
        assertThat(shell.get(0).lines()).containsExactlyElementsOf(commandsOfCi());
    }

    @Test
    void the_readme_names_the_versions_of_the_build() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        assertThat(Pattern.compile("<version>(.*)</version>")
                        .matcher(readme)
                        .results()
                        .map(version -> version.group(1)))
                .containsExactly(System.getProperty("documented.versions").split(" "));
    }

    private static List<String> commandsOfCi() throws IOException {
        return Pattern.compile("^(?:quickstart|tests)='(.*)'$", Pattern.MULTILINE)
                .matcher(Files.readString(ROOT.resolve(".ci/commands")))
                .results()
                .map(command -> command.group(1))
                .toList();
    }

    @Test
    void the_guide_lists_every_rule_of_the_contract() throws IOException {
        String table = Arrays.stream(Rule.values())
                .map(rule -> "| %s | %s | %s |".formatted(rule.name(), rule.promise(), rule.whereToLook()))
                .collect(Collectors.joining("\n"));
        assertThat(Files.readString(ROOT.resolve("docs/custom-store.md"))).contains(table);
    }

    private static String code(Path file, String tag) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (tag == null) {
            return String.join("\n", lines) + "\n";
        }
        int begin = indexOf(lines, "tag::" + tag + "[]");
        int end = indexOf(lines, "end::" + tag + "[]");
        return String.join("\n", lines.subList(begin + 1, end)).stripIndent() + "\n";
    }

    private static int indexOf(List<String> lines, String marker) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().endsWith(marker)) {
                return i;
            }
        }
        throw new AssertionError("no " + marker);
    }
}
