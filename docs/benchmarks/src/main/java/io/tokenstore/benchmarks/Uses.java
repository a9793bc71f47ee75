package io.tokenstore.benchmarks;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.TokenServicesBuilder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/** Last uses: what recording one adds to an authentication, and a flush. */
final class Uses {

    private static final int BATCH = 1_000;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private Uses() {}

    /** Authenticates tokens in memory again and again, so that nearly each use falls into a minute that is recorded. */
    static Contender authenticate(Site site, boolean expires, boolean recorded) {
        InMemoryTokenStore store = new InMemoryTokenStore();
        TokenServicesBuilder builder = TokenServices.builder(store).allowNeverExpiring();
        TokenServices services = (recorded ? builder.uses(store) : builder).build();
        TokenRequest request = TokenRequest.named("laptop");
        List<String> headers = new ArrayList<>();
        for (int i = 0; i < site.rows(); i++) {
            String user = HeldToken.user(i / 10);
            headers.add("Bearer "
                    + services.issuance()
                            .issue(
                                    Caller.user(new Owner(user)),
                                    user,
                                    expires ? request.withTtl(Duration.ofDays(30)) : request)
                            .orElseThrow()
                            .secret());
        }
        Collections.shuffle(headers, new Random(7));
        TokenAuthenticator authenticator = services.authenticator();
        return loop((first, end) -> {
            for (int i = first; i < end; i++) {
                if (authenticator.authenticate(headers.get(i % headers.size())).isAnonymous()) {
                    throw new IllegalStateException("without effect");
                }
            }
        });
    }

    private interface Turn {
        void run(int first, int end) throws Exception;
    }

    private static Contender loop(Turn turn) {
        return new Contender() {
            @Override
            public void prepare(int operations) {}

            @Override
            public void run(int first, int end) throws Exception {
                turn.run(first, end);
            }
        };
    }

    /** Writes a later use of each token. */
    private abstract static class Flush implements Contender {

        final List<TokenId> ids = new ArrayList<>();
        Instant now = BEGIN;

        Flush(int tokens) {
            for (int i = 0; i < tokens; i++) {
                ids.add(new TokenId("033YnD9LmcyoubzhPn%05d".formatted(i)));
            }
        }

        @Override
        public void prepare(int operations) {
            now = now.plus(Duration.ofDays(1));
        }

        abstract void flush() throws Exception;

        @Override
        public void run(int first, int end) throws Exception {
            for (int i = first; i < end; i++) {
                flush();
            }
        }
    }

    /** The floor: one statement for each thousand, on a connection of the pool. */
    static Flush raw(Site site, int tokens) throws SQLException {
        DataSource pool = poolWithTables(site, "raw");
        String sql = "INSERT INTO access_token_uses AS kept (id, last_used_at) VALUES (?, ?)"
                + ", (?, ?)".repeat(BATCH - 1)
                + " ON CONFLICT (id) DO UPDATE SET last_used_at = GREATEST(kept.last_used_at, EXCLUDED.last_used_at)";
        return new Flush(tokens) {
            @Override
            void flush() throws Exception {
                for (int from = 0; from < ids.size(); from += BATCH) {
                    try (Connection connection = pool.getConnection();
                            PreparedStatement statement = connection.prepareStatement(sql)) {
                        for (int i = 0; i < BATCH; i++) {
                            statement.setString(2 * i + 1, ids.get(from + i).value());
                            statement.setObject(2 * i + 2, TokenTable.utc(now));
                        }
                        if (statement.executeUpdate() != BATCH) {
                            throw new IllegalStateException("without effect");
                        }
                    }
                }
            }
        };
    }

    /** The tokens are in memory, and their uses in the database. */
    static Flush ours(Site site, int tokens) throws SQLException {
        InMemoryTokenStore store = new InMemoryTokenStore();
        JdbcTokenStore uses = JdbcTokenStore.create(poolWithTables(site, "ours"));
        return new Flush(tokens) {

            private final TokenServices services = TokenServices.builder(store)
                    .clock(((InstantSource) () -> now).withZone(ZoneOffset.UTC))
                    .uses(uses)
                    .build();

            {
                ids.forEach(id -> store.add(
                        Token.builder(id, new Owner("alice"), "laptop", BEGIN).build()));
            }

            @Override
            public void prepare(int operations) {
                super.prepare(operations);
                ids.forEach(id -> services.authenticator().isLive(id.value()));
            }

            @Override
            void flush() {
                if (services.flushUses() != ids.size()) {
                    throw new IllegalStateException("without effect");
                }
            }
        };
    }

    private static DataSource poolWithTables(Site site, String schema) throws SQLException {
        DataSource pool = site.poolOfSchema(schema);
        JdbcTokenStore.createSchema(pool);
        return pool;
    }

    /** Does what another contender does while a thread flushes, over and over. */
    static Contender during(Flush flush, Contender other) {
        return new Contender() {
            @Override
            public void prepare(int operations) throws Exception {
                other.prepare(operations);
            }

            @Override
            public void run(int first, int end) throws Exception {
                AtomicBoolean ended = new AtomicBoolean();
                CompletableFuture<Void> flushing = CompletableFuture.runAsync(() -> {
                    while (!ended.get()) {
                        try {
                            flush.prepare(1);
                            flush.run(0, 1);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }
                });
                other.run(first, end);
                ended.set(true);
                flushing.join();
            }
        };
    }
}
