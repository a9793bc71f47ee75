package io.tokenstore.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** Bytes that PostgreSQL writes for a token and for its revocation. */
final class Disk {

    private static final int TOKENS = 1_000_000;
    private static final int OPERATIONS = 20_000;

    private Disk() {}

    static String table() throws Exception {
        try (Site site = new Site(Database.POSTGRESQL_ASYNC, TOKENS, 1)) {
            TokenTable tokens = site.tokens(TOKENS, 10);
            Services services = new Services(tokens);
            tokens.take(1);
            StringBuilder table = new StringBuilder(
                    String.format(Locale.ROOT, "# Disk, %,d tokens%n%n| | bytes |%n|---|---|%n", TOKENS));
            table.append(row("table, for each token", size(site, "pg_table_size", tokens.name()) / TOKENS));
            table.append(row("indexes, for each token", size(site, "pg_indexes_size", tokens.name()) / TOKENS));
            table.append(row("log, for each issue", log(site, services.issue())));
            site.execute("CHECKPOINT");
            table.append(row("log, for each revocation, first after a checkpoint", log(site, services.revoke())));
            PagesReady imaged = new PagesReady(site, tokens, false, services.revoke());
            site.execute("CHECKPOINT");
            table.append(row("log, for each revocation, on pages written since", log(site, imaged)));
            return table.toString();
        }
    }

    private static long log(Site site, Contender contender) throws Exception {
        contender.prepare(OPERATIONS);
        long before = number(site, "SELECT pg_current_wal_insert_lsn() - '0/0'");
        contender.run(0, OPERATIONS);
        return (number(site, "SELECT pg_current_wal_insert_lsn() - '0/0'") - before) / OPERATIONS;
    }

    private static long size(Site site, String function, String table) throws SQLException {
        return number(site, "SELECT " + function + "('" + table + "')");
    }

    private static long number(Site site, String query) throws SQLException {
        try (Connection connection = site.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String row(String what, long bytes) {
        return String.format(Locale.ROOT, "| %s | %,d |%n", what, bytes);
    }
}
