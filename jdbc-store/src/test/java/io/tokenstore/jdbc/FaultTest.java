package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.DriverDataSource;
import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.jdbc.database.Await;
import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.Fault;
import io.tokenstore.jdbc.database.FaultProxy;
import io.tokenstore.jdbc.database.Servers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One call at a time, and one fault at each point of it. */
@ParameterizedClass(name = "{0}")
@EnumSource(FaultTest.Target.class)
@Timeout(300)
class FaultTest {

    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Duration HURRY = Duration.ofMillis(400);
    private static final Duration POOL_WAIT = Duration.ofMillis(250);
    private static final List<Fault> CUTS = List.of(Fault.CUT_REQUEST, Fault.CUT_REPLY);
    private static final List<Fault> HANGS = List.of(Fault.HANG_REQUEST, Fault.HANG_REPLY);

    @Parameter
    private Target target;

    private FaultProxy proxy;
    private CountedPool pool;
    private JdbcTokenStore store;
    private JdbcTokenStore hurried;
    private Ledger ledger;

    enum Target {
        POSTGRES(Servers.postgres(), "&prepareThreshold=0", true),
        POSTGRES_WITHOUT_AUTOCOMMIT(Servers.postgres(), "&prepareThreshold=0", false),
        MARIADB(Servers.mariaDb(), "", true),
        MARIADB_WITHOUT_AUTOCOMMIT(Servers.mariaDb(), "", false);

        private static final String DATABASE = "faults";

        static {
            Servers.postgres().createDatabase(DATABASE);
            Servers.mariaDb().createDatabase(DATABASE);
        }

        private final DatabaseServer server;
        private final String sendSqlEachTime;
        private final boolean autocommit;

        Target(DatabaseServer server, String sendSqlEachTime, boolean autocommit) {
            this.server = server;
            this.sendSqlEachTime = sendSqlEachTime;
            this.autocommit = autocommit;
        }

        private String url(int port) {
            return server.url(port, DATABASE) + sendSqlEachTime;
        }

        private HikariConfig poolThrough(FaultProxy proxy) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url(proxy.port()));
            config.setAutoCommit(autocommit);
            config.setMaximumPoolSize(2);
            config.setMinimumIdle(1);
            config.setConnectionTimeout(POOL_WAIT.toMillis());
            return config;
        }
    }

    @BeforeEach
    void start(TestInfo test) {
        proxy = FaultProxy.before(target.server.port());
        pool = new CountedPool(target.poolThrough(proxy));
        JdbcTokenStore.createSchema(pool);
        // After an outage HikariCP pauses for up to 5 s between its attempts to connect.
        store = JdbcTokenStore.create(
                pool, () -> false, JdbcOptions.defaults().withReadDeadline(Duration.ofSeconds(10)));
        hurried =
                JdbcTokenStore.create(pool, () -> false, JdbcOptions.defaults().withDeadline(HURRY));
        ledger = new Ledger(test, target.name());
    }

    @AfterEach
    void stop() {
        proxy.resume();
        try {
            ledger.compareWith(store);
        } finally {
            pool.close();
            proxy.close();
        }
    }

    @Test
    void a_revocation_cut_at_any_point_is_answered_true_and_is_the_one_that_is_kept() throws Exception {
        for (Fault cut : CUTS) {
            for (String request : requests()) {
                TokenId id = added();
                Revocation how = revocation("alice");
                CompletableFuture<Void> happened = proxy.onRequest(textOf(request, id), cut);
                assertThat(ledger.revoke(store, ALICE, id, how)).isTrue();
                happened.get(120, TimeUnit.SECONDS);
                assertThat(ledger.revoke(store, ALICE, id, revocation("bob"))).isFalse();
                assertThat(ledger.revoke(store, ALICE, id, how)).isTrue();
            }
        }
    }

    @Test
    void a_revocation_cut_at_any_point_is_answered_false_where_another_came_first() throws Exception {
        for (Fault cut : CUTS) {
            for (String request : requests()) {
                TokenId id = added();
                assertThat(ledger.revoke(store, ALICE, id, revocation("bob"))).isTrue();
                CompletableFuture<Void> happened = proxy.onRequest(textOf(request, id), cut);
                assertThat(ledger.revoke(store, ALICE, id, revocation("alice"))).isFalse();
                happened.get(120, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void revoking_all_is_counted_whole_after_a_cut_at_any_point() throws Exception {
        for (Fault cut : CUTS) {
            for (String request : requests()) {
                Owner owner = new Owner("u" + UUID.randomUUID().toString().replace('-', '_'));
                for (int i = 0; i < 3; i++) {
                    store.add(token(owner, id()));
                }
                String text = request.isEmpty() ? owner.value() : request;
                CompletableFuture<Void> happened = proxy.onRequest(text, cut);
                assertThat(store.revokeAll(owner, revocation("alice"))).isEqualTo(3);
                happened.get(120, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void an_add_cut_at_any_point_returns_and_another_s_token_of_that_id_is_a_duplicate() throws Exception {
        for (Fault cut : CUTS) {
            for (String request : requests()) {
                Token mine = token(ALICE, id());
                CompletableFuture<Void> happened = proxy.onRequest(textOf(request, mine.id()), cut);
                store.add(mine);
                happened.get(120, TimeUnit.SECONDS);
                assertThat(store.find(mine.id())).contains(mine);

                Token other = token(new Owner("bob"), mine.id());
                happened = proxy.onRequest(mine.id().value(), cut);
                assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(other));
                happened.get(120, TimeUnit.SECONDS);
                assertThat(store.find(mine.id())).contains(mine);
            }
        }
    }

    /** One server commits all of them or none, so what is left is another's, or this call's with one that was purged since. */
    @Test
    void many_tokens_of_which_a_part_is_there_after_a_lost_answer_are_a_duplicate() throws Exception {
        Token kept = token(ALICE, id());
        Token purged = token(ALICE, id());
        AtomicInteger attempts = new AtomicInteger(Integer.MIN_VALUE);
        JdbcTokenStore interrupted = JdbcTokenStore.create(Unpooled.of(() -> {
            if (attempts.incrementAndGet() == 2) {
                Unpooled.execute(
                        direct(target.server.port()),
                        "DELETE FROM access_tokens WHERE id = '" + purged.id().value() + "'");
            }
            return pool.getConnection();
        }));
        CompletableFuture<Void> happened = proxy.onRequest(textOf(lastRequest(), kept.id()), Fault.CUT_REPLY);
        attempts.set(0);
        assertThatExceptionOfType(DuplicateTokenException.class)
                .isThrownBy(() -> interrupted.addAll(List.of(kept, purged)));
        happened.get(120, TimeUnit.SECONDS);
        assertThat(store.findAll(List.of(kept.id(), purged.id()))).containsOnlyKeys(kept.id());
    }

    @Test
    void a_read_that_is_cut_is_repeated() throws Exception {
        for (Fault cut : CUTS) {
            TokenId id = added();
            CompletableFuture<Void> happened = proxy.onRequest(id.value(), cut);
            assertThat(store.find(id)).isPresent();
            happened.get(120, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_hanging_write_ends_in_time_and_is_perhaps_applied() throws Exception {
        for (Fault hang : HANGS) {
            for (String request : requests()) {
                TokenId id = added();
                Revocation how = revocation("alice");
                CompletableFuture<Void> happened = proxy.onRequest(textOf(request, id), hang);
                assertFailsInTime(Applied.UNKNOWN, () -> ledger.revoke(hurried, ALICE, id, how));
                happened.get(120, TimeUnit.SECONDS);
                proxy.resume();
                assertThat(ledger.revoke(store, ALICE, id, how)).isTrue();
                assertThat(ledger.revoke(store, ALICE, id, revocation("bob"))).isFalse();
            }
        }
    }

    @Test
    void a_hanging_read_ends_in_time_and_applied_nothing() throws Exception {
        TokenId id = added();
        CompletableFuture<Void> happened = proxy.onRequest(id.value(), Fault.HANG_REPLY);
        assertFailsInTime(Applied.NO, () -> hurried.find(id));
        happened.get(120, TimeUnit.SECONDS);
        proxy.resume();
        assertThat(store.find(id)).isPresent();
    }

    @Test
    void an_add_that_cannot_see_whether_the_row_is_its_own_is_perhaps_applied() throws Exception {
        Token token = token(ALICE, id());
        CompletableFuture<CompletableFuture<Void>> look = proxy.onRequest(
                        textOf(lastRequest(), token.id()), Fault.CUT_REPLY)
                .thenApply(cut -> proxy.onRequest("SELECT id", Fault.HANG_REPLY));
        assertFailsInTime(Applied.UNKNOWN, () -> hurried.add(token));
        look.get(120, TimeUnit.SECONDS).get(120, TimeUnit.SECONDS);
        proxy.resume();
        assertThat(store.find(token.id())).contains(token);
    }

    @Test
    void a_network_that_hangs_before_anything_is_sent_fails_in_time_and_applies_nothing() {
        TokenId id = added();
        Revocation how = revocation("alice");
        proxy.hang();
        pool.forgetConnections();
        assertFailsInTime(Applied.NO, () -> ledger.revoke(hurried, ALICE, id, how));
        assertFailsInTime(Applied.NO, () -> hurried.find(id));
        proxy.resume();
        assertThat(store.find(id)).map(Token::revocation).isEmpty();
        assertThat(ledger.revoke(store, ALICE, id, how)).isTrue();
    }

    @Test
    void a_dead_database_fails_in_time_applies_nothing_and_works_again_when_it_is_back() {
        TokenId id = added();
        Revocation how = revocation("alice");
        Token unknown = token(ALICE, id());
        target.server.kill();
        try {
            pool.forgetConnections();
            assertFailsInTime(Applied.NO, () -> ledger.revoke(hurried, ALICE, id, how));
            assertFailsInTime(Applied.NO, () -> hurried.add(unknown));
            assertFailsInTime(Applied.NO, () -> hurried.find(id));
        } finally {
            target.server.restart();
        }
        assertThat(store.find(unknown.id())).isEmpty();
        assertThat(store.find(id)).map(Token::revocation).isEmpty();
        assertThat(ledger.revoke(store, ALICE, id, how)).isTrue();
    }

    @Test
    void an_interrupt_ends_the_wait_for_a_connection_and_stays_set() throws Exception {
        TokenId id = added();
        proxy.close();
        pool.forgetConnections();
        int before = pool.asked();
        assertInterruptEnds(
                () -> ledger.revoke(store, ALICE, id, revocation("alice")), () -> pool.asked() > before + 1);
        store = JdbcTokenStore.create(direct(target.server.port()));
        assertThat(store.find(id)).map(Token::revocation).isEmpty();
    }

    @Test
    void an_interrupt_ends_the_pause_before_the_next_attempt_and_stays_set() throws Exception {
        TokenId id = added();
        FaultProxy other = FaultProxy.before(target.server.port());
        JdbcTokenStore withoutPool = JdbcTokenStore.create(direct(other.port()));
        other.close();
        assertInterruptEnds(() -> ledger.revoke(withoutPool, ALICE, id, revocation("alice")), () -> true);
    }

    /** Texts that are in the requests of a write, one in each; the empty one stands for its token. */
    private List<String> requests() {
        List<String> requests = new ArrayList<>(List.of(""));
        if (!target.autocommit) {
            requests.add("COMMIT");
        }
        return requests;
    }

    private String lastRequest() {
        List<String> requests = requests();
        return requests.get(requests.size() - 1);
    }

    private static String textOf(String request, TokenId id) {
        return request.isEmpty() ? id.value() : request;
    }

    private static void assertFailsInTime(Applied applied, ThrowingCallable call) {
        long start = System.nanoTime();
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(call)
                .returns(applied, TokenStoreException::applied);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(HURRY.multipliedBy(20));
    }

    private static void assertInterruptEnds(Runnable call, BooleanSupplier repeats) throws Exception {
        FutureTask<Boolean> stillInterrupted = new FutureTask<>(() -> {
            assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(call::run)
                    .returns(Applied.NO, TokenStoreException::applied);
            return Thread.currentThread().isInterrupted();
        });
        Thread caller = new Thread(stillInterrupted, "caller");
        caller.start();
        Await.until(
                () -> "a wait in a repetition",
                () -> stillInterrupted.isDone()
                        || (repeats.getAsBoolean() && caller.getState() == Thread.State.TIMED_WAITING));
        caller.interrupt();
        assertThat(stillInterrupted.get(120, TimeUnit.SECONDS)).isTrue();
    }

    private DriverDataSource direct(int port) {
        return new DriverDataSource(target.url(port), null, new Properties(), null, null);
    }

    private TokenId added() {
        Token token = token(ALICE, id());
        store.add(token);
        return token.id();
    }

    private static TokenId id() {
        return new TokenId(UUID.randomUUID().toString());
    }

    private static Token token(Owner owner, TokenId id) {
        return Token.builder(id, owner, "laptop", NOW).build();
    }

    private static Revocation revocation(String by) {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user(by), null);
    }
}
