package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.fixtures.ForwardingStore;
import io.tokenstore.jdbc.database.Servers;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.Result;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.WalkBudget;
import io.tokenstore.service.WalkProgress;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two nodes revoke what was issued before an instant, on one PostgreSQL, while a third one issues. */
class IssuedBeforeTest {

    private static final int BEFORE = 2_000;
    private static final Instant BREACH = Instant.parse("2026-01-01T00:00:00Z");
    private static final Owner ALICE = new Owner("alice");
    private static final Caller ADMIN = Caller.admin("ops");

    private final JdbcOptions options = JdbcOptions.defaults()
            .withTable("before_" + UUID.randomUUID().toString().replaceAll("-.*", ""));
    private final RevocationRequest request =
            RevocationRequest.plain().withId(UUID.randomUUID()).withReason("breach");

    /** Loses calls, and answers of calls that were carried out, ever fewer from walk to walk. */
    private static final class LossyStore extends ForwardingStore {

        private final Random random;
        private int callsForALoss = 500;

        private LossyStore(TokenStore behind, int seed) {
            super(behind);
            this.random = new Random(seed);
        }

        @Override
        protected <T> T around(Supplier<T> call) {
            mayFail();
            T answer = super.around(call);
            mayFail();
            return answer;
        }

        private void mayFail() {
            if (random.nextInt(callsForALoss) == 0) {
                throw new TokenStoreException("lost", TokenStoreException.Applied.UNKNOWN, null);
            }
        }
    }

    @Test
    void two_nodes_with_lost_calls_each_count_every_earlier_token_once_and_no_later_one() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(Servers.postgres().url("postgres"));
            pool.setMaximumPoolSize(3);
            JdbcTokenStore.createSchema(pool, options);
            JdbcTokenStore store = JdbcTokenStore.create(pool, () -> false, options);
            for (int i = 0; i < 2 * BEFORE; i += 500) {
                store.addAll(IntStream.range(i, i + 500)
                        .mapToObj(IssuedBeforeTest::token)
                        .toList());
            }
            AtomicBoolean walking = new AtomicBoolean(true);
            Future<Integer> issued = threads.submit(() -> issueWhile(walking, store));
            List<Future<Long>> counts = new ArrayList<>();
            for (int node = 0; node < 2; node++) {
                LossyStore lossy = new LossyStore(store, node);
                counts.add(threads.submit((Callable<Long>) () -> walkUntilNothingFails(lossy)));
            }
            for (Future<Long> count : counts) {
                assertThat(count.get()).isEqualTo(BEFORE);
            }
            walking.set(false);
            assertThat(issued.get()).isPositive();
            assertThat(walkToTheEnd(store).matched()).as("repeated").isEqualTo(BEFORE);
            Set<UUID> acts = scan(store).stream()
                    .filter(token -> token.createdAt().isBefore(BREACH) == (token.revocation() != null))
                    .map(Token::revocation)
                    .filter(revocation -> revocation != null)
                    .map(Revocation::id)
                    .collect(Collectors.toSet());
            assertThat(acts).hasSize(1);
            assertThat(scan(store))
                    .hasSize(2 * BEFORE + issued.get())
                    .allMatch(token -> token.createdAt().isBefore(BREACH) == (token.revocation() != null));
            dropTheTable(pool);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_successor_whose_row_breaks_a_rule_keeps_no_other_token_from_its_revocation() throws SQLException {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(Servers.postgres().url("postgres"));
            pool.setMaximumPoolSize(2);
            JdbcTokenStore.createSchema(pool, options);
            JdbcTokenStore store = JdbcTokenStore.create(pool, () -> false, options);
            TokenServices node = TokenServices.builder(store).build();
            Caller alice = Caller.user(ALICE);
            TokenRequest renewable = TokenRequest.named("laptop")
                    .withTtl(Duration.ofDays(1))
                    .withRenewableUntil(Instant.now().plus(Duration.ofDays(9)));
            IssuedToken old = node.issuance().issue(alice, "alice", renewable).orElseThrow();
            IssuedToken next = node.issuance()
                    .rotate(alice, "alice", old.id().value(), Duration.ofDays(1))
                    .orElseThrow();
            assertThat(node.authenticator().authenticateToken(next.secret()).isUser(ALICE))
                    .isTrue();
            IssuedToken other = node.issuance().issue(alice, "alice", renewable).orElseThrow();
            String where = " WHERE id = '" + next.id() + "'";
            Unpooled.execute(pool, "UPDATE " + options.table() + " SET predecessor = 'not an id'" + where);
            assertThat(walkOverAll(node).status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
            assertThat(node.authenticator().isLive(other.id().value())).isFalse();
            Unpooled.execute(pool, "UPDATE " + options.table() + " SET predecessor = NULL" + where);
            assertThat(walkOverAll(node).value().matched()).isEqualTo(2);
            assertThat(node.authenticator().isLive(next.id().value())).isFalse();
            dropTheTable(pool);
        }
    }

    private Result<WalkProgress> walkOverAll(TokenServices node) {
        Instant instant = Instant.now().plusSeconds(3_600);
        return node.revocation()
                .revokeIssuedBefore(
                        ADMIN, instant, request.andSuccessors(), null, WalkBudget.unlimited(), progress -> {});
    }

    private long walkUntilNothingFails(LossyStore lossy) {
        Walked walked = walkToTheEnd(lossy);
        assertThat(walked.hasFailed()).as("calls get lost").isTrue();
        while (walked.hasFailed()) {
            lossy.callsForALoss *= 10;
            walked = walkToTheEnd(lossy);
        }
        return walked.matched();
    }

    private record Walked(long matched, boolean hasFailed) {}

    /** Goes on where what was told last stood, whenever a call fails, and adds up what was told. */
    private Walked walkToTheEnd(TokenStore store) {
        WalkBudget budget = new WalkBudget(200, 1_000, Duration.ofMinutes(5));
        TokenServices node = TokenServices.builder(store).build();
        long matched = 0;
        TokenId after = null;
        boolean hasFailed = false;
        boolean isAtItsEnd = false;
        while (!isAtItsEnd) {
            WalkProgress[] told = {new WalkProgress(0, 0, after)};
            Result<WalkProgress> result = node.revocation()
                    .revokeIssuedBefore(ADMIN, BREACH, request, after, budget, progress -> told[0] = progress);
            matched += told[0].matched();
            hasFailed |= result.status() != Status.OK;
            isAtItsEnd = told[0].examined() > 0 && told[0].resumeAfter() == null;
            after = told[0].resumeAfter();
        }
        return new Walked(matched, hasFailed);
    }

    private static int issueWhile(AtomicBoolean walking, TokenStore store) {
        TokenServices node = TokenServices.builder(store).build();
        int issued = 0;
        while (walking.get()) {
            node.issuance()
                    .issue(
                            Caller.user(ALICE),
                            "alice",
                            TokenRequest.named("laptop").withTtl(Duration.ofDays(1)))
                    .orElseThrow();
            issued++;
        }
        return issued;
    }

    private static List<Token> scan(TokenStore store) {
        List<Token> all = new ArrayList<>();
        TokenId after = null;
        do {
            TokenPage page = store.scan(after, TokenStore.MAX_PAGE);
            all.addAll(page.tokens());
            after = page.resumeAfter();
        } while (after != null);
        return all;
    }

    private void dropTheTable(HikariDataSource pool) throws SQLException {
        Unpooled.execute(pool, "DROP TABLE " + options.table() + ", " + options.table() + "_uses");
    }

    /** Every other one was issued before. */
    private static Token token(int number) {
        return Token.builder(
                        new TokenId("t%05d".formatted(number)),
                        ALICE,
                        "laptop",
                        number % 2 == 0 ? BREACH.minusSeconds(1 + number) : BREACH.plusSeconds(number))
                .build();
    }
}
