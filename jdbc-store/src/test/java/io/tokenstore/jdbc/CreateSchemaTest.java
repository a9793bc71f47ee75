package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThatCode;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CreateSchemaTest {

    private static final int NODES = 8;

    @ParameterizedTest
    @EnumSource
    void nodes_that_start_together_all_find_the_table_created(FreshDatabase database) throws Exception {
        assertStartTogether(database.url());
    }

    static void assertStartTogether(String url) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            for (int round = 0; round < 20; round++) {
                JdbcOptions options = JdbcOptions.defaults().withTable("together_" + round);
                assertStartTogether(pool, options, Dialect.SCRIPTS);
            }
        }
    }

    static void assertStartTogether(DataSource dataSource, JdbcOptions options, List<Dialect.Script> scripts)
            throws Exception {
        ExecutorService nodes = Executors.newFixedThreadPool(NODES);
        try {
            CyclicBarrier start = new CyclicBarrier(NODES);
            List<Future<?>> starting = new ArrayList<>();
            for (int node = 0; node < NODES; node++) {
                starting.add(nodes.submit(() -> {
                    start.await();
                    JdbcTokenStore.createSchema(dataSource::getConnection, options, scripts);
                    return JdbcTokenStore.create(dataSource, () -> false, options);
                }));
            }
            for (Future<?> started : starting) {
                assertThatCode(started::get).doesNotThrowAnyException();
            }
        } finally {
            nodes.shutdownNow();
        }
    }
}
