package io.tokenstore.jdbc;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;

/** A host like a web application on Tomcat: DriverManager knows no driver, and system properties configure a pool. */
final class HostileHost {

    private HostileHost() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            DriverManager.deregisterDriver(driver);
        }
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(Path.of(arguments[0]))) {
            store.add(Token.builder(new TokenId("t1"), new Owner("alice"), "laptop", Instant.now())
                    .build());
            System.out.println("kept " + store.find(new TokenId("t1")).isPresent());
        }
    }
}
