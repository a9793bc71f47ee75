package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between a driver and its database, because a healthy loopback never loses a request or a reply. */
public final class FaultProxy implements AutoCloseable {

    private static final int UNLIMITED = -1;

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicReference<RequestTrap> trap = new AtomicReference<>();
    private final AtomicInteger bytesUntilCut = new AtomicInteger(UNLIMITED);
    private volatile boolean hanging;

    private FaultProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    public static FaultProxy before(int serverPort) {
        try {
            FaultProxy proxy = new FaultProxy(serverPort);
            Daemon.start("fault-proxy-" + proxy.port(), proxy::acceptAll);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /**
     * Lets the fault happen to the next request, of any connection, that contains the text.
     *
     * @return completed once the fault happened: a test whose fault did not happen has tested nothing
     */
    public CompletableFuture<Void> onRequest(String text, Fault fault) {
        RequestTrap armed = new RequestTrap(text, fault);
        trap.set(armed);
        return armed.sprung();
    }

    /** Delivers so many more bytes of replies, of all connections together, and cuts the connection that goes on. */
    public void cutReplyAfter(int bytes) {
        bytesUntilCut.set(bytes);
    }

    /** Returns how many of so many bytes are delivered; fewer, once, if the connection is to be cut after them. */
    int deliverable(int length) {
        int left = bytesUntilCut.getAndUpdate(now -> now == UNLIMITED || now < length ? UNLIMITED : now - length);
        return left == UNLIMITED ? length : Math.min(left, length);
    }

    /** Cuts all open connections; later ones are forwarded. */
    public void cut() {
        connections.forEach(ProxiedConnection::cut);
    }

    /** Keeps back every byte, of later connections too, until {@link #resume}. */
    public void hang() {
        hanging = true;
        connections.forEach(ProxiedConnection::hang);
    }

    /** Delivers what was kept back. */
    public void resume() {
        hanging = false;
        connections.forEach(ProxiedConnection::resume);
    }

    @Override
    public void close() {
        closeQuietly(listener);
        cut();
    }

    /** Gives the trap away if this request is the one it waits for. */
    Optional<RequestTrap> catchRequest(String earlierBytes, String newBytes) {
        RequestTrap armed = trap.get();
        boolean caught = armed != null && armed.catches(earlierBytes, newBytes) && trap.compareAndSet(armed, null);
        return caught ? Optional.of(armed) : Optional.empty();
    }

    void forget(ProxiedConnection connection) {
        connections.remove(connection);
    }

    static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception alreadyBroken) {
            return;
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                forward(listener.accept());
            } catch (IOException closed) {
                cut();
            }
        }
    }

    private void forward(Socket client) {
        try {
            ProxiedConnection connection =
                    new ProxiedConnection(this, client, new Socket(InetAddress.getLoopbackAddress(), serverPort));
            connections.add(connection);
            if (listener.isClosed()) {
                // It was accepted before the end and added after the end had cut the others.
                connection.cut();
                return;
            }
            if (hanging) {
                connection.hang();
            }
            connection.start();
        } catch (IOException serverIsDead) {
            closeQuietly(client);
        }
    }
}
