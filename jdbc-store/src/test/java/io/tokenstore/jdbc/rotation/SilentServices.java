package io.tokenstore.jdbc.rotation;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the services from logging an error for each crash and each cut. */
final class SilentServices implements AutoCloseable {

    private final Logger services = Logger.getLogger("io.tokenstore.service");

    SilentServices() {
        services.setLevel(Level.OFF);
    }

    @Override
    public void close() {
        services.setLevel(null);
    }
}
