package io.tokenstore.jdbc.database;

import java.util.UUID;

/** A real database server that a test may crash, so that the tests name failures and not processes. */
public interface DatabaseServer extends AutoCloseable {

    int port();

    /** The JDBC URL of a database as it is reached through the given port, which may be a proxy's. */
    String url(int port, String database);

    default String url(String database) {
        return url(port(), database);
    }

    void createDatabase(String name);

    /** Creates a database that no other test uses, and returns its URL. */
    default String newDatabase() {
        String name = "new_" + UUID.randomUUID().toString().replace('-', '_');
        createDatabase(name);
        return url(name);
    }

    /** Ends every process of the server at once, as a power cut would. */
    void kill();

    /** Starts a killed server again with the same data on the same port. */
    void restart();

    /** Freezes every process of the server: its connections stay open and answer nothing. */
    void pause();

    void resume();

    /** Stops the server and removes its data. */
    @Override
    void close();
}
