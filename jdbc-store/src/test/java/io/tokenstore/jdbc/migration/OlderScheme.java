package io.tokenstore.jdbc.migration;

import io.tokenstore.TokenStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import javax.sql.DataSource;

/** A host's tables of tokens before it had this library, and the way of their rows into a store. */
final class OlderScheme {

    enum Form {
        NUMBERED(
                "numbered",
                "CREATE TABLE personal_access_tokens (id BIGINT PRIMARY KEY, tokenable_id BIGINT, name VARCHAR(255),"
                        + " token CHAR(64), abilities VARCHAR(1000), created_at TIMESTAMP, expires_at TIMESTAMP,"
                        + " tokenable_type VARCHAR(255) DEFAULT 'App\\Models\\User')",
                "INSERT INTO personal_access_tokens VALUES (CAST(? AS BIGINT), CAST(? AS BIGINT), ?, ?, ?, ?, ?, DEFAULT)",
                "UPDATE personal_access_tokens SET tokenable_type = 'App\\Models\\Admin' WHERE name = 'token 1'",
                "App\\Models\\User"),
        WITH_PUBLIC_ID(
                "withPublicId",
                "CREATE TABLE api_keys (public_id CHAR(8) PRIMARY KEY, user_name VARCHAR(255), label VARCHAR(255),"
                        + " digest CHAR(64), scopes VARCHAR(1000), created_at TIMESTAMP, expires_at TIMESTAMP,"
                        + " revoked_at TIMESTAMP)",
                "INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                "UPDATE api_keys SET revoked_at = created_at WHERE label = 'token 1'"),
        SECRET_ALONE(
                "secretAlone",
                "CREATE TABLE api_tokens (id VARCHAR(20), email VARCHAR(255), label VARCHAR(255),"
                        + " token_digest CHAR(64), scopes VARCHAR(1000), created_at TIMESTAMP, expires_at TIMESTAMP,"
                        + " revoked_at TIMESTAMP)",
                "INSERT INTO api_tokens VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                "UPDATE api_tokens SET revoked_at = created_at WHERE label = 'token 1'");

        private final String tag;
        private final String table;
        private final String insert;
        private final String withdrawal;
        private final List<String> parameters;

        Form(String tag, String table, String insert, String withdrawal, String... parameters) {
            this.tag = tag;
            this.table = table;
            this.insert = insert;
            this.withdrawal = withdrawal;
            this.parameters = List.of(parameters);
        }
    }

    private static final String LETTERS_AND_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Instant CREATED = Instant.parse("2024-02-29T12:34:56Z");

    private final DataSource database;
    private final Random random;

    OlderScheme(DataSource database, Random random) {
        this.database = database;
        this.random = random;
    }

    String owner(Form form, int i) {
        return switch (form) {
            case NUMBERED -> String.valueOf(1 + i % 1_000);
            case WITH_PUBLIC_ID -> "user_" + i % 1_000;
            case SECRET_ALONE -> "user" + i % 1_000 + "@example.com";
        };
    }

    /** Creates the table and its rows, and returns the tokens as clients present them. */
    List<String> create(Form form, int count) throws SQLException {
        List<String> presented = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement(insertInto(statement, form))) {
            for (int i = 0; i < count; i++) {
                String secret = text(LETTERS_AND_DIGITS, i % 2 == 0 ? 40 : 80);
                String id = switch (form) {
                    case NUMBERED -> String.valueOf(i + 1);
                    case WITH_PUBLIC_ID -> "%05d".formatted(i) + text("abcxyz", 3);
                    case SECRET_ALONE -> String.valueOf(i);
                };
                String token = switch (form) {
                    case NUMBERED -> id + "|" + secret;
                    case WITH_PUBLIC_ID -> id + "." + secret;
                    case SECRET_ALONE -> secret;
                };
                insert.setString(1, id);
                insert.setString(2, owner(form, i));
                insert.setString(3, "token " + i);
                insert.setString(4, sha256(form == Form.NUMBERED ? secret : token));
                insert.setString(5, i % 2 == 0 ? "*" : "repo:read repo:write");
                insert.setObject(6, LocalDateTime.ofInstant(CREATED.plusSeconds(i), ZoneOffset.UTC));
                insert.setObject(7, i % 3 == 0 ? null : LocalDateTime.of(9000, 1, 1, 0, 0));
                insert.addBatch();
                presented.add(token);
                if (i % 1_000 == 999) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
        }
        return presented;
    }

    private static String insertInto(Statement statement, Form form) throws SQLException {
        statement.execute(form.table);
        return form.insert;
    }

    /** Makes the token of index 1 one that the export must leave out. */
    void withdraw(Form form) throws SQLException {
        execute(form.withdrawal);
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The token with one character of its secret changed, one removed and one added. */
    List<String> withAnotherSecret(String presented) {
        int begin = 1 + Math.max(presented.indexOf('|'), presented.indexOf('.'));
        int at = begin + random.nextInt(presented.length() - begin);
        String before = presented.substring(0, at);
        String after = presented.substring(at + 1);
        char is = presented.charAt(at);
        return List.of(
                before
                        + LETTERS_AND_DIGITS.charAt((LETTERS_AND_DIGITS.indexOf(is) + 1 + random.nextInt(61)) % 62)
                        + after,
                before + after,
                before + text(LETTERS_AND_DIGITS, 1) + presented.substring(at));
    }

    /** Imports one form's rows as the page shows it, and returns how many are tokens of the store then. */
    long importInto(TokenStore store, Form form, TokenImport.Report report) throws SQLException {
        String query = new TaggedSql("migrating.sql").statement(form.tag);
        return importFrom(database, query, form.parameters, OlderScheme::scopes, store, report);
    }

    static List<String> scopes(String text) {
        return List.of(text.split(" "));
    }

    private static long importFrom(
            DataSource older,
            String query,
            List<String> parameters,
            Function<String, List<String>> scopes,
            TokenStore store,
            TokenImport.Report report)
            throws SQLException {
        // tag::run[]
        TokenImport tokens = new TokenImport(store, report);
        try (Connection connection = older.getConnection()) {
            // PostgreSQL's driver reads row by row then, MySQL's by useCursorFetch=true.
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement(query)) {
                select.setFetchSize(1_000);
                for (int i = 0; i < parameters.size(); i++) {
                    select.setString(i + 1, parameters.get(i));
                }
                ResultSet row = select.executeQuery();
                while (row.next()) {
                    tokens.add(new ExportedToken(
                            row.getString("id"),
                            row.getString("owner"),
                            row.getString("name"),
                            row.getString("hash"),
                            () -> scopes.apply(row.getString("scopes")),
                            () -> instant(row, "created_at"),
                            () -> instant(row, "expires_at")));
                }
            }
        }
        return tokens.finish();
        // end::run[]
    }

    // tag::instant[]
    /** Of a column without a time zone that holds UTC, whatever the JVM's zone is. */
    static Instant instant(ResultSet row, String column) throws SQLException {
        LocalDateTime utc = row.getObject(column, LocalDateTime.class);
        return utc == null ? null : utc.toInstant(ZoneOffset.UTC);
    }

    /** Of PostgreSQL's {@code TIMESTAMPTZ}. */
    static Instant instantWithZone(ResultSet row, String column) throws SQLException {
        OffsetDateTime instant = row.getObject(column, OffsetDateTime.class);
        return instant == null ? null : instant.toInstant();
    }
    // end::instant[]

    String text(String characters, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
