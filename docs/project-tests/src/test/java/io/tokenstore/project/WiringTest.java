package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.service.AccessPolicy;
import io.tokenstore.service.Caller;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.Role;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.UnsuccessfulResultException;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What docs/wiring.md shows in plain Java, run. */
class WiringTest {

    private static final TokenId LAPTOP = new TokenId("t1");

    private JdbcConnectionPool pool;
    private TokenStore store;

    @BeforeEach
    void open() {
        pool = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", "");
        store = wired(pool);
        store.add(Token.builder(LAPTOP, new Owner("alice"), "laptop", Instant.now())
                .build());
    }

    @AfterEach
    void close() {
        pool.dispose();
    }

    private TokenState state() {
        return store.find(LAPTOP).orElseThrow().stateAt(Instant.now());
    }

    @Test
    void a_revocation_in_the_hosts_transaction_holds_once_the_host_has_committed() throws SQLException {
        closeAccount(pool, services(store, new Directory()), Caller.admin("ops"), "alice");
        assertThat(state()).isEqualTo(TokenState.REVOKED);
    }

    @Test
    void the_hosts_policy_decides_within_its_transaction_too() {
        TokenServices tokens =
                TokenServices.builder(store).policy(AccessPolicy.ownerOnly()).build();
        assertThatExceptionOfType(UnsuccessfulResultException.class)
                .isThrownBy(() -> closeAccount(pool, tokens, Caller.admin("ops"), "alice"));
        assertThat(state()).isEqualTo(TokenState.ACTIVE);
    }

    @Test
    void uses_are_flushed_by_a_scheduler_and_once_more_at_the_end() throws InterruptedException {
        JdbcTokenStore jdbcStore = (JdbcTokenStore) store;
        flushUses(
                jdbcStore,
                tokens -> assertThat(tokens.authenticator().isLive(LAPTOP.value()))
                        .isTrue());
        assertThat(jdbcStore.lastUses(List.of(LAPTOP))).containsKey(LAPTOP);
    }

    private static void flushUses(JdbcTokenStore store, Consumer<TokenServices> serve) throws InterruptedException {
        // tag::flush[]
        TokenServices tokens = TokenServices.builder(store).uses(store).build();
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        Runnable flush = () -> {
            try {
                tokens.flushUses();
            } catch (RuntimeException e) { // Thrown further, it would end the schedule.
                System.getLogger("uses").log(Level.WARNING, "Uses of tokens wait for the next flush", e);
            }
        };
        scheduler.scheduleWithFixedDelay(flush, 1, 1, TimeUnit.MINUTES);
        // end::flush[]
        serve.accept(tokens);
        // tag::lastFlush[]
        // At the shutdown, when no request is served any more and before the pool is closed.
        scheduler.shutdown();
        scheduler.awaitTermination(10, TimeUnit.SECONDS);
        flush.run();
        // end::lastFlush[]
    }

    private static TokenStore wired(DataSource dataSource) {
        // tag::store[]
        JdbcTokenStore.createSchema(dataSource);
        JdbcTokenStore store = JdbcTokenStore.create(dataSource);
        // end::store[]
        return store;
    }

    /** The host's own knowledge of its users. */
    private static final class Directory {

        Role roleOf(Owner owner) {
            return owner.value().equals("ops") ? Role.ADMIN : Role.USER;
        }
    }

    private static TokenServices services(TokenStore store, Directory directory) {
        // tag::entryPoint[]
        TokenServices tokens = TokenServices.builder(store)
                .prefix("acme_pat") // "pat" by default
                .lifetimes(Duration.ofMinutes(5), Duration.ofDays(90)) // 5 minutes to 366 days
                .scopes("repo:read", "repo:write") // none, and then each token permits everything
                .roles(owner -> directory.roleOf(owner)) // everybody is a user
                .limit(50) // no limit of an owner's active tokens
                .maxStaleness(Duration.ofSeconds(1)) // each authentication looks at the store
                .build();
        // end::entryPoint[]
        return tokens;
    }

    private static void closeAccount(DataSource dataSource, TokenServices tokens, Caller caller, String username)
            throws SQLException {
        // tag::joining[]
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                tokens.withStore(JdbcTokenStore.joining(connection))
                        .revocation()
                        .revokeAll(caller, username, RevocationRequest.plain().withReason("account closed"))
                        .orElseThrow();
                // Whatever else closes the account, on the same connection.
                connection.commit();
            } catch (RuntimeException | SQLException e) {
                connection.rollback();
                throw e;
            }
        }
        // end::joining[]
    }
}
