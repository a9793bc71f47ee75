package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.fixtures.ForwardingStore;
import io.tokenstore.fixtures.TreeMapStore;
import io.tokenstore.jdbc.database.Servers;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.Result;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.Verdict;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leaked list on PostgreSQL: of 100,000 strings, or of as many as {@code -Dleaked.strings} says, 1 % are live tokens. */
class LeakedListTest {

    private static final int STRINGS = Integer.getInteger("leaked.strings", 100_000);
    private static final int LIVE = STRINGS / 100;
    private static final int UNKNOWN = STRINGS / 100;
    private static final Caller ADMIN = Caller.admin("scanner");

    private final JdbcOptions options = JdbcOptions.defaults()
            .withTable("leaked_" + UUID.randomUUID().toString().replaceAll("-.*", ""));
    private final HikariDataSource pool = new HikariDataSource();
    private final RevocationRequest request =
            RevocationRequest.plain().withId(UUID.randomUUID()).withReason("leaked");
    private final List<Verdict> verdicts = new ArrayList<>();

    private JdbcTokenStore store;
    private TokenServices tokens;
    private int idsLookedUp;

    @BeforeEach
    void createTheServices() {
        pool.setJdbcUrl(Servers.postgres().url("postgres"));
        pool.setMaximumPoolSize(2);
        JdbcTokenStore.createSchema(pool, options);
        store = JdbcTokenStore.create(pool, () -> false, options);
        tokens = TokenServices.builder(new ForwardingStore(store) {
                    @Override
                    public Optional<Token> find(TokenId id) {
                        idsLookedUp++;
                        return behind.find(id);
                    }

                    @Override
                    public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
                        idsLookedUp += ids.size();
                        return behind.findAll(ids);
                    }
                })
                .build();
    }

    @AfterEach
    void dropTheTable() throws SQLException {
        Unpooled.execute(pool, "DROP TABLE " + options.table() + ", " + options.table() + "_uses");
        pool.close();
    }

    @Test
    void every_live_token_of_a_list_is_revoked_and_what_is_no_token_is_not_looked_up() {
        List<String> list = list();
        long begin = System.nanoTime();
        Result<Long> first = revoke(list);
        System.out.printf(
                "%d leaked strings, %d of them live tokens: %d ms%n",
                STRINGS, LIVE, Duration.ofNanos(System.nanoTime() - begin).toMillis());
        assertThat(first.value()).isEqualTo(LIVE);
        assertThat(idsLookedUp).isEqualTo(LIVE + UNKNOWN);
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        verdicts.forEach(verdict -> counts.merge(verdict, 1, Integer::sum));
        assertThat(counts)
                .isEqualTo(Map.of(
                        Verdict.REVOKED_NOW,
                        LIVE,
                        Verdict.UNKNOWN,
                        UNKNOWN,
                        Verdict.NO_TOKEN,
                        STRINGS - LIVE - UNKNOWN));
        List<Token> kept = store.scan(null, 1_000).tokens();
        assertThat(kept).isNotEmpty().allMatch(token -> token.revocation() != null);

        List<Verdict> before = List.copyOf(verdicts);
        assertThat(revoke(list).value()).isEqualTo(LIVE);
        assertThat(verdicts).isEqualTo(before);
        assertThat(store.scan(null, 1_000).tokens()).isEqualTo(kept);
    }

    @Test
    void a_row_that_breaks_a_rule_fails_alone_and_is_revoked_once_it_is_mended() throws SQLException {
        List<IssuedToken> issued = List.of(issue(tokens), issue(tokens), issue(tokens));
        List<String> list = issued.stream().map(IssuedToken::secret).toList();
        String where = " WHERE id = '" + issued.get(1).id() + "'";
        Unpooled.execute(pool, "UPDATE " + options.table() + " SET predecessor = 'not an id'" + where);
        assertThat(revoke(list).status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(verdicts).containsExactly(Verdict.REVOKED_NOW, Verdict.FAILED, Verdict.REVOKED_NOW);
        Unpooled.execute(pool, "UPDATE " + options.table() + " SET predecessor = NULL" + where);
        assertThat(revoke(list).value()).isEqualTo(3);
        assertThat(verdicts).containsOnly(Verdict.REVOKED_NOW);
    }

    private Result<Long> revoke(List<String> list) {
        verdicts.clear();
        return tokens.revocation().revokeLeaked(ADMIN, list, request, (text, verdict) -> verdicts.add(verdict));
    }

    private List<String> list() {
        TokenServices elsewhere = TokenServices.builder(new TreeMapStore()).build();
        List<String> list = new ArrayList<>();
        for (int i = 0; i < LIVE; i++) {
            list.add(issue(tokens).secret());
            list.add(issue(elsewhere).secret());
        }
        for (int i = 0; list.size() < STRINGS; i++) {
            String secret = list.get(i % (LIVE + UNKNOWN));
            list.add(
                    switch (i % 4) {
                        case 0 -> withAnotherChecksum(secret);
                        case 1 -> "password" + i;
                        case 2 -> "ghp_" + secret.substring(secret.length() - 36);
                        default -> "Bearer " + secret;
                    });
        }
        Collections.shuffle(list, new Random(1));
        return list;
    }

    private static String withAnotherChecksum(String secret) {
        int last = secret.length() - 1;
        return secret.substring(0, last) + (secret.charAt(last) == '0' ? '1' : '0');
    }

    private static IssuedToken issue(TokenServices services) {
        Owner alice = new Owner("alice");
        return services.issuance()
                .issue(Caller.user(alice), "alice", TokenRequest.named("laptop").withTtl(Duration.ofDays(1)))
                .orElseThrow();
    }
}
