package io.tokenstore.jdbc;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.jdbc.database.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Eight threads that revoke prepared tokens, each call repeated until it is answered, as a host would. */
final class RevocationLoad implements AutoCloseable {

    private static final int THREADS = 8;
    private static final int CONTESTED_EVERY = 8;
    /** For one call. All calls together may take minutes on a busy disk. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Owner OWNER = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");

    private final List<JdbcTokenStore> stores;
    private final Ledger ledger;
    private final List<TokenId> tokens;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<Future<?>> running = new ArrayList<>();

    private RevocationLoad(List<JdbcTokenStore> stores, Ledger ledger, List<TokenId> tokens) {
        this.stores = stores;
        this.ledger = ledger;
        this.tokens = tokens;
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            running.add(threads.submit(() -> revokeFrom(first)));
        }
    }

    /** Adds tokens in one transaction; their ids are new. */
    static List<TokenId> prepare(String url, int count) throws SQLException {
        List<TokenId> ids = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            TokenStore joining = JdbcTokenStore.joining(connection);
            for (int i = 0; i < count; i++) {
                TokenId id = new TokenId(UUID.randomUUID().toString());
                joining.add(Token.builder(id, OWNER, "laptop", NOW).build());
                ids.add(id);
            }
            connection.commit();
        }
        return ids;
    }

    /** Starts the threads, each on one of the stores. */
    static RevocationLoad on(List<JdbcTokenStore> stores, Ledger ledger, List<TokenId> tokens) {
        return new RevocationLoad(stores, ledger, tokens);
    }

    /** Waits until that part of the tokens is revoked, or a thread has ended. */
    void awaitPart(int part, int parts) {
        Await.until(
                () -> "%d of %d parts, %d acknowledged".formatted(part, parts, ledger.acknowledged()),
                () -> ledger.acknowledged() >= tokens.size() / parts * part || hasEnded());
    }

    /** Waits until another call fails. */
    void awaitFailure() {
        int before = ledger.failures();
        Await.until(() -> "a failure", () -> ledger.failures() > before || hasEnded());
    }

    void awaitEnd() throws Exception {
        for (Future<?> thread : running) {
            thread.get();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private boolean hasEnded() {
        return running.stream().anyMatch(Future::isDone);
    }

    private void revokeFrom(int first) {
        JdbcTokenStore store = stores.get(first % stores.size());
        for (int i = first; i < tokens.size(); i += THREADS) {
            revoke(store, tokens.get(i));
            int neighbours = i - i % THREADS + (first + 1) % THREADS;
            if (i / THREADS % CONTESTED_EVERY == 0 && neighbours < tokens.size()) {
                revoke(store, tokens.get(neighbours));
            }
        }
    }

    private void revoke(JdbcTokenStore store, TokenId id) {
        Revocation how = revocation();
        boolean perhapsApplied = false;
        long giveUpAt = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() - giveUpAt < 0) {
            try {
                ledger.revoke(store, OWNER, id, how);
                return;
            } catch (TokenStoreException e) {
                perhapsApplied |= e.applied() == Applied.UNKNOWN;
                // What was surely not applied may be tried by another act: if it was, that one is answered false.
                how = perhapsApplied ? how : revocation();
            }
        }
        throw new IllegalStateException("no answer within " + LIMIT.toSeconds() + " s");
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user(OWNER.value()), null);
    }
}
