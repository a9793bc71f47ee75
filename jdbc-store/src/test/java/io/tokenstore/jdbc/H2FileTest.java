package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tokenstore.TokenStoreException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host's own H2 in a file, and other versions of H2 than the one that the store was measured with. */
class H2FileTest {

    private static final String SAFE = ";USER=sa;WRITE_DELAY=0";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";WRITE_DELAY=1",
                ";WRITE_DELAY=500",
                ";WRITE_DELAY=0;RETENTION_TIME=0",
                ";WRITE_DELAY=0;RETENTION_TIME=1000",
                ";OLD_INFORMATION_SCHEMA=TRUE",
                ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
                ";AUTO_SERVER=TRUE"
            })
    void settings_of_a_file_that_lose_what_was_acknowledged_are_refused(String settings) {
        assertRefused(Unpooled.at("jdbc:h2:" + folder.resolve("tokens") + ";USER=sa" + settings), "WRITE_DELAY=0;RET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"async:", "nio:", "nioMapped:", "split:", "retry:", "file:"})
    void a_file_is_one_on_every_file_system_of_h2(String fileSystem) {
        String url = "jdbc:h2:" + fileSystem + folder.resolve("tokens");
        assertRefused(Unpooled.at(url + ";USER=sa"), "WRITE_DELAY");
        assertFit(Unpooled.at(url + SAFE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";RETENTION_TIME=60000",
                ";OLD_INFORMATION_SCHEMA=TRUE",
                ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
                ";DATABASE_TO_UPPER=FALSE",
                ";AUTO_SERVER=TRUE",
                ";COMPRESS=TRUE"
            })
    void settings_of_a_file_that_keep_what_was_acknowledged_are_fit(String settings) {
        assertFit(Unpooled.at("jdbc:h2:" + folder.resolve("tokens") + SAFE + settings));
    }

    @Test
    void an_encrypted_file_is_checked_like_any_other() {
        String url = "jdbc:h2:" + folder.resolve("tokens") + ";CIPHER=AES;PASSWORD=of-the-file user";
        assertRefused(Unpooled.at(url + ";USER=sa"), "WRITE_DELAY");
        assertFit(Unpooled.at(url + SAFE));
    }

    @Test
    void a_file_behind_a_server_is_checked_like_any_other() throws Exception {
        Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", folder.toString())
                .start();
        try {
            String url = "jdbc:h2:tcp://localhost:" + server.getPort() + "/./tokens";
            assertRefused(Unpooled.at(url + ";USER=sa"), "WRITE_DELAY");
            assertFit(Unpooled.at(url + SAFE));
            assertFit(Unpooled.at(
                    "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:tokens;DB_CLOSE_DELAY=-1;USER=sa"));
        } finally {
            server.stop();
        }
    }

    @Test
    void a_version_that_loses_what_it_acknowledged_is_refused_in_a_file_and_not_in_memory() throws Exception {
        assertRefused(OtherH2.at("2.5.252", "jdbc:h2:" + folder.resolve("tokens") + SAFE), "2.5.252", "2.4.240");
        assertFit(OtherH2.at("2.5.252", "jdbc:h2:mem:tokens;DB_CLOSE_DELAY=-1"));
        assertFit(OtherH2.at("2.1.214", "jdbc:h2:" + folder.resolve("older") + SAFE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.5.252", "2.5", "2.6.300", "2.40.1", "2.10", "3.0.1", "1.4.200", ""})
    void a_version_that_nobody_measured_is_refused(String version) {
        assertThatIllegalStateException().isThrownBy(() -> H2File.requireMeasured(version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0.206", "2.1.214", "2.1", "2.5.252"})
    void a_version_whose_file_can_not_be_searched_is_refused_for_the_embedded_store(String version) {
        assertThatIllegalStateException()
                .isThrownBy(() -> H2File.requireSearchable(version))
                .withMessageContaining("use H2 2.4.240");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.2.224", "2.3.232", "2.4.240", "2.4"})
    void a_version_whose_file_can_be_searched_is_fit_for_the_embedded_store(String version) {
        assertThatCode(() -> H2File.requireSearchable(version)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0.206", "2.1.214", "2.2.224", "2.3.232", "2.4.240", "2.4"})
    void a_version_that_was_measured_is_fit(String version) {
        assertThatCode(() -> H2File.requireMeasured(version)).doesNotThrowAnyException();
    }

    @Test
    void the_embedded_store_refuses_a_version_that_loses_what_it_acknowledged() throws IOException {
        String classPath = Stream.concat(
                        Stream.of(OtherH2.jar("2.5.252").toString(), OtherJvm.TEST_CLASSES),
                        OtherJvm.everyPath().filter(path -> !path.matches(".*[/\\\\]h2-[\\d.]+\\.jar")))
                .collect(Collectors.joining(File.pathSeparator));
        String said = OtherJvm.outputOf(List.of(
                "-cp",
                classPath,
                RevocationStorm.class.getName(),
                folder.resolve("tokens").toString(),
                "r"));
        assertThat(said).contains("IllegalStateException: H2 2.5 is not known").contains("2.4.240");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_file_of_an_older_format_is_refused_with_the_way_to_move_it() throws Exception {
        Path file = folder.resolve("tokens");
        Unpooled.execute(OtherH2.at("2.1.214", "jdbc:h2:" + file + ";USER=sa"), "CREATE TABLE kept (id INT)");
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> EmbeddedTokenStore.open(file))
                .withMessageContainingAll("older than 2.2", "SCRIPT", "RUNSCRIPT");
    }

    private static void assertRefused(DataSource database, String... words) {
        JdbcTokenStore.createSchema(database);
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.create(database))
                .withMessageContainingAll(words);
    }

    private static void assertFit(DataSource database) {
        JdbcTokenStore.createSchema(database);
        assertThatCode(() -> JdbcTokenStore.create(database)).doesNotThrowAnyException();
    }
}
