package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One client's connection through the proxy, so that a fault can befall it and no other. */
final class ProxiedConnection {

    private static final int BUFFER = 16 * 1024;
    private static final int SILENCE_AFTER_REPLY_MILLIS = 100;

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server;
    private final Gate requests = new Gate();
    private final Gate replies = new Gate();
    private volatile RequestTrap replyTrap;

    ProxiedConnection(FaultProxy proxy, Socket client, Socket server) throws IOException {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start() {
        Daemon.start("requests-" + client.getPort(), () -> pump(this::forwardRequests, requests));
        Daemon.start("replies-" + client.getPort(), () -> pump(this::forwardReplies, replies));
    }

    void hang() {
        requests.shut();
        replies.shut();
    }

    void resume() {
        requests.open();
        replies.open();
    }

    void cut() {
        requests.remove();
        replies.remove();
        FaultProxy.closeQuietly(client);
        FaultProxy.closeQuietly(server);
        proxy.forget(this);
    }

    private interface Forwarding {
        void run() throws IOException;
    }

    private void pump(Forwarding direction, Gate gate) {
        try {
            direction.run();
        } catch (IOException ended) {
            return;
        } finally {
            gate.pass();
            cut();
        }
    }

    private void forwardRequests() throws IOException {
        InputStream fromClient = client.getInputStream();
        byte[] buffer = new byte[BUFFER];
        String earlierBytes = "";
        for (int length; (length = fromClient.read(buffer)) > 0; ) {
            String bytes = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            Optional<RequestTrap> trap = proxy.catchRequest(earlierBytes, bytes);
            if (trap.isPresent() && trap.get().fault() == Fault.CUT_REQUEST) {
                cut();
                trap.get().spring();
                return;
            }
            trap.ifPresent(this::set);
            requests.pass();
            server.getOutputStream().write(buffer, 0, length);
            earlierBytes = bytes;
        }
    }

    private void set(RequestTrap trap) {
        if (trap.fault() == Fault.HANG_REQUEST) {
            requests.shut();
            trap.spring();
        } else {
            replyTrap = trap;
        }
    }

    private void forwardReplies() throws IOException {
        InputStream fromServer = server.getInputStream();
        byte[] buffer = new byte[BUFFER];
        for (int length; (length = fromServer.read(buffer)) > 0; ) {
            RequestTrap trap = replyTrap;
            if (trap != null && trap.fault() == Fault.CUT_REPLY) {
                awaitSilence(fromServer);
                cut();
                trap.spring();
                return;
            }
            if (trap != null) {
                replyTrap = null;
                replies.shut();
                trap.spring();
            }
            replies.pass();
            int deliverable = proxy.deliverable(length);
            client.getOutputStream().write(buffer, 0, deliverable);
            if (deliverable < length) {
                cut();
                return;
            }
        }
    }

    /** A driver may send several statements at once: they are all done when the server has fallen silent. */
    private void awaitSilence(InputStream fromServer) throws IOException {
        byte[] lost = new byte[BUFFER];
        server.setSoTimeout(SILENCE_AFTER_REPLY_MILLIS);
        try {
            while (fromServer.read(lost) > 0) {
                continue;
            }
        } catch (SocketTimeoutException silence) {
            server.setSoTimeout(0);
        }
    }
}
