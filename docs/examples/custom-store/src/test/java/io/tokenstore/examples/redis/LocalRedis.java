package io.tokenstore.examples.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** A Redis server of a test's own, whose folder outlasts it. */
final class LocalRedis implements AutoCloseable {

    private final int port = freePort();
    private final RedisServer server;

    LocalRedis(Path folder, String... settings) throws IOException {
        RedisServerBuilder builder = RedisServer.newRedisServer()
                .port(port)
                .onShutdownForceStop(true)
                .setting("dir \"" + folder + "\"")
                .setting("save \"\"");
        for (String setting : settings) {
            builder.setting(setting);
        }
        server = builder.build();
        server.start();
    }

    int port() {
        return port;
    }

    RedisClient client() {
        return RedisClient.create("127.0.0.1", port);
    }

    /** Kills the server with a signal that it can't handle, and returns when nothing listens any more. */
    void kill() throws IOException {
        server.stop();
        while (isListening()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    void restart() throws IOException {
        server.start();
    }

    @Override
    public void close() throws IOException {
        server.stop();
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** Below the range that clients get: there a client that reconnects to a dead server can be connected to itself. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
    }
}
