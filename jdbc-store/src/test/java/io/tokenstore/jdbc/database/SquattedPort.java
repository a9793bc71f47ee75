package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Takes a server's port away, so that its start must fail. */
final class SquattedPort implements AutoCloseable {

    private final ServerSocket socket;

    SquattedPort(int port) {
        try {
            socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isBound() {
        return socket.isBound();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
