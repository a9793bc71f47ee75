package io.tokenstore.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** What differs between databases: the product name by which JDBC tells them, and the script that creates the table. */
enum Dialect {
    H2("H2", "h2");

    private final String productName;
    private final String folder;

    Dialect(String productName, String folder) {
        this.productName = productName;
        this.folder = folder;
    }

    static Dialect of(Connection connection) throws SQLException {
        String found = connection.getMetaData().getDatabaseProductName();
        return Arrays.stream(values())
                .filter(dialect -> dialect.productName.equals(found))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this store knows "
                        + Arrays.stream(values())
                                .map(dialect -> dialect.productName)
                                .collect(Collectors.joining(", "))
                        + ", and the database is " + found));
    }

    String schema() {
        String resource = "schema/" + folder + "/V1__access_tokens.sql";
        try (InputStream script = Objects.requireNonNull(Dialect.class.getResourceAsStream(resource), resource)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
