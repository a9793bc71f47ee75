package io.tokenstore.jdbc.database;

/** One server of each kind for a whole run of the tests, started by the first test that needs it and ended with the JVM. */
public final class Servers {

    private Servers() {}

    public static PostgresServer postgres() {
        return Postgres.SERVER;
    }

    public static MariaDbServer mariaDb() {
        return MariaDb.SERVER;
    }

    public static MySqlServer mySql() {
        return MySql.SERVER;
    }

    private static final class Postgres {
        private static final PostgresServer SERVER = PostgresServer.start();
    }

    private static final class MariaDb {
        private static final MariaDbServer SERVER = MariaDbServer.start();
    }

    private static final class MySql {
        private static final MySqlServer SERVER = MySqlServer.start();
    }
}
