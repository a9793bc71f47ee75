package io.tokenstore.jdbc.database;

/** Starts threads that never keep the tests' JVM alive. */
final class Daemon {

    private Daemon() {}

    static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
