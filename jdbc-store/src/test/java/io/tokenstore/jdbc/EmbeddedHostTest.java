package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.PropertyElf;
import io.tokenstore.TokenId;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host sets for itself, in a JVM of its own, does not change where the embedded store keeps tokens. */
class EmbeddedHostTest {

    @TempDir
    private Path folder;

    @Test
    void a_driver_that_drivermanager_does_not_know_is_no_obstacle() throws IOException {
        assertKept(List.of(), everyPath());
    }

    @Test
    void the_service_file_of_another_driver_alone_is_no_obstacle() throws IOException {
        Path services = Files.createDirectories(folder.resolve("merged/META-INF/services"));
        Files.writeString(services.resolve("java.sql.Driver"), "org.postgresql.Driver\n");
        assertKept(List.of(), Stream.concat(Stream.of(folder.resolve("merged").toString()), everyPath()));
    }

    @Test
    void a_configuration_of_the_host_s_pool_has_no_effect() throws IOException {
        Path file = folder.resolve("hikari.properties");
        List<String> lines = new ArrayList<>(List.of("dataSource.url=jdbc:h2:mem:hosts", "healthCheck.x=y"));
        for (String name : PropertyElf.getPropertyNames(HikariConfig.class)) {
            lines.add(name + "=" + (name.equals("jdbcUrl") ? "jdbc:h2:mem:hosts" : "1"));
        }
        Files.write(file, lines);
        assertKept(
                List.of(
                        "-Dhikaricp.configurationFile=" + file,
                        "-Dcom.zaxxer.hikari.timeoutMs.floor=60000",
                        "-Dcom.zaxxer.hikari.blockUntilFilled=true"),
                everyPath());
    }

    @Test
    void the_store_needs_no_pool_on_the_class_path() throws IOException {
        assertKept(List.of(), everyPath().filter(path -> !path.contains("HikariCP")));
    }

    private static Stream<String> everyPath() {
        return Stream.concat(Stream.of(OtherJvm.TEST_CLASSES), OtherJvm.everyPath());
    }

    private void assertKept(List<String> options, Stream<String> classPath) throws IOException {
        Path path = folder.resolve("tokens");
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of(
                "-cp",
                classPath.collect(Collectors.joining(File.pathSeparator)),
                HostileHost.class.getName(),
                path.toString()));
        assertThat(OtherJvm.outputOf(arguments)).contains("kept true");
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(path)) {
            assertThat(store.find(new TokenId("t1"))).isPresent();
        }
    }
}
