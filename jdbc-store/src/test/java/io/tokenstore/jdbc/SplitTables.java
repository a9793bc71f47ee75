package io.tokenstore.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** PostgreSQL's script with its tables split by id, as the guide to scaling says, and the statements that the guide shows. */
final class SplitTables {

    private static final String WHOLE = ") WITH (fillfactor = 90)";

    private SplitTables() {}

    /** Both tables in partitions of the same database. */
    static String[] partitioned(String by, String table) {
        String script = script(table).replace(WHOLE, ") PARTITION BY " + by.toUpperCase(Locale.ROOT) + " (id)");
        return statements(script, shown("partitions_by_" + by, table));
    }

    /** The tokens in tables of other servers. No key can stand above them, so each of them has its own. */
    static String[] sharded(String table) {
        String script = script(table);
        int uses = script.indexOf("CREATE TABLE IF NOT EXISTS " + Dialect.usesOf(table));
        String tokens =
                script.substring(0, uses).replace("PRIMARY KEY (id),", "").replace(WHOLE, ") PARTITION BY HASH (id)");
        return statements(tokens, script.substring(uses), shown("tables_of_shards", table));
    }

    /** The servers and users of the shards at these ports of this machine. */
    static String[] servers(String database, int... ports) {
        String shown = shown("shards", "access_tokens")
                .replace("user 'tokens', password 'secret'", "user 'postgres', password_required 'false'");
        for (int shard = 0; shard < ports.length; shard++) {
            shown = shown.replace(
                    "host 'shard-" + shard + ".example', port '5432', dbname 'tokens'",
                    "host '127.0.0.1', port '" + ports[shard] + "', dbname '" + database + "'");
        }
        return statements(shown);
    }

    private static String script(String table) {
        return Dialect.POSTGRESQL.text(Dialect.SCRIPTS.get(0), table);
    }

    private static String shown(String file, String table) {
        String resource = "shards/" + file + ".sql";
        try (InputStream text = Objects.requireNonNull(SplitTables.class.getResourceAsStream(resource), resource)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("access_token_uses", Dialect.usesOf(table))
                    .replace("access_tokens", table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] statements(String... scripts) {
        return Arrays.stream(scripts)
                .flatMap(script -> Stream.of(script.split(";")))
                .filter(statement -> !statement.isBlank())
                .toArray(String[]::new);
    }
}
