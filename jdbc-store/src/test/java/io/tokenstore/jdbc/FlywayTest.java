package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;

class FlywayTest {

    @Test
    void flyway_takes_the_script_from_the_jar_as_it_is() {
        JdbcConnectionPool pool = H2.memory();
        Flyway flyway = Flyway.configure()
                .dataSource(pool)
                .locations("classpath:io/tokenstore/jdbc/schema/h2")
                .load();
        assertThat(flyway.migrate().migrationsExecuted).isEqualTo(1);
        assertThat(flyway.migrate().migrationsExecuted).isZero();
        assertThatNoException().isThrownBy(() -> JdbcTokenStore.create(pool));
        pool.dispose();
    }
}
