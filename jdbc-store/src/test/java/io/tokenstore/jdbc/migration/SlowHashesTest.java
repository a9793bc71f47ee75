package io.tokenstore.jdbc.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tokenstore.Owner;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenServices;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of a scheme with slow, salted hashes. */
class SlowHashesTest {

    private static final String PRESENTED = "ab12cd34.correct horse battery staple";

    private final JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", "");
    private final JdbcTokenStore store = storeOn(pool);
    private final TokenServices tokens = TokenServices.builder(store)
            .scopes("repo:read", "repo:write")
            .uses(store)
            .build();
    private final Instant end = Instant.now().plus(Duration.ofDays(1));
    private final Map<String, SlowHashes.Row> rows = new HashMap<>();
    private Runnable meanwhile = () -> {};
    private boolean killed;
    private final SlowHashes exchange = new SlowHashes(
            tokens,
            store,
            new SlowHashes.Table() {
                @Override
                public Optional<SlowHashes.Row> find(String publicId) {
                    Optional<SlowHashes.Row> found = Optional.ofNullable(rows.get(publicId));
                    Runnable once = meanwhile;
                    meanwhile = () -> {};
                    once.run();
                    return found;
                }

                @Override
                public boolean exchanged(String publicId, TokenId expectedSuccessor, TokenId newSuccessor) {
                    SlowHashes.Row row = rows.get(publicId);
                    if (killed) {
                        throw new IllegalStateException("killed");
                    }
                    if (!Objects.equals(row.successor(), expectedSuccessor)) {
                        return false;
                    }
                    rows.put(publicId, row(row.expiresAt(), newSuccessor));
                    return true;
                }
            },
            SlowHashesTest::matches);

    private static JdbcTokenStore storeOn(JdbcConnectionPool pool) {
        JdbcTokenStore.createSchema(pool);
        return JdbcTokenStore.create(pool);
    }

    private static SlowHashes.Row row(Instant expiresAt, TokenId successor) {
        return new SlowHashes.Row("alice", hashed(PRESENTED), List.of("repo:read"), expiresAt, successor);
    }

    @BeforeEach
    void keepARow() {
        rows.put("ab12cd34", row(end, null));
    }

    @AfterEach
    void dropTheDatabase() {
        pool.dispose();
    }

    private boolean authenticates(String secret) {
        return !tokens.authenticator().authenticateToken(secret).isAnonymous();
    }

    private long active() {
        return store.scan(null, 100).tokens().stream()
                .filter(token -> token.stateAt(Instant.now()) == TokenState.ACTIVE)
                .count();
    }

    private static String hashed(String presented) {
        return "00112233445566778899aabbccddeeff$" + pbkdf2(presented, "00112233445566778899aabbccddeeff");
    }

    // tag::pbkdf2[]
    /** Compares a presented token with {@code salt$hash}, both in hex. */
    static boolean matches(String presented, String kept) {
        String[] parts = kept.split("\\$");
        HexFormat hex = HexFormat.of();
        return MessageDigest.isEqual(hex.parseHex(parts[1]), hex.parseHex(pbkdf2(presented, parts[0])));
    }

    private static String pbkdf2(String presented, String salt) {
        try {
            int iterations = 10_000; // as many as the older scheme took
            PBEKeySpec spec =
                    new PBEKeySpec(presented.toCharArray(), HexFormat.of().parseHex(salt), iterations, 256);
            SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
            return HexFormat.of().formatHex(factory.generateSecret(spec).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
    // end::pbkdf2[]

    @Test
    void a_token_is_exchanged_for_one_of_ours() {
        String secret = exchange.exchange(PRESENTED).orElseThrow().secret();
        assertThat(tokens.authenticator().authenticateToken(secret)).hasToString("user alice");
    }

    @Test
    void a_wrong_token_is_exchanged_for_nothing() {
        for (String wrong : List.of(PRESENTED + "x", PRESENTED.replace('4', '5'), "ab12cd34.", "ab12cd34", "", ".")) {
            assertThat(exchange.exchange(wrong)).as(wrong).isEmpty();
        }
        assertThat(rows.get("ab12cd34").successor()).isNull();
    }

    @Test
    void after_a_lost_answer_the_client_asks_again_and_one_token_is_left() {
        String lost = exchange.exchange(PRESENTED).orElseThrow().secret();
        String secret = exchange.exchange(PRESENTED).orElseThrow().secret();
        assertThat(authenticates(lost)).isFalse();
        assertThat(tokens.authenticator().authenticateToken(secret)).hasToString("user alice");
        assertThat(active()).isEqualTo(1);
    }

    @Test
    void the_new_token_may_do_no_more_and_lives_no_longer_than_the_older_one() {
        IssuedToken issued = exchange.exchange(PRESENTED).orElseThrow();
        Caller caller = tokens.authenticator().authenticateToken(issued.secret());
        assertThat(caller.permits("repo:read")).isTrue();
        assertThat(caller.permits("repo:write")).isFalse();
        assertThat(issued.expiresAt()).isBefore(end).isAfter(end.minus(Duration.ofHours(1)));
        rows.put("ab12cd34", row(null, null));
        assertThat(exchange.exchange(PRESENTED).orElseThrow().expiresAt())
                .isBefore(Instant.now().plus(Duration.ofDays(91)));
    }

    @Test
    void an_older_token_that_expired_is_exchanged_for_nothing() {
        rows.put("ab12cd34", row(Instant.now().minusSeconds(1), null));
        assertThat(exchange.exchange(PRESENTED)).isEmpty();
        assertThat(active()).isZero();
    }

    @Test
    void once_the_new_token_is_revoked_the_older_one_is_exchanged_for_nothing() {
        IssuedToken issued = exchange.exchange(PRESENTED).orElseThrow();
        tokens.revocation()
                .revoke(Caller.user(new Owner("alice")), "alice", issued.id().value(), RevocationRequest.plain())
                .orElseThrow();
        assertThat(exchange.exchange(PRESENTED)).isEmpty();
        assertThat(active()).isZero();
    }

    @Test
    void once_the_new_token_is_used_the_older_one_is_exchanged_for_nothing() {
        String secret = exchange.exchange(PRESENTED).orElseThrow().secret();
        assertThat(authenticates(secret)).isTrue();
        tokens.flushUses();
        assertThat(exchange.exchange(PRESENTED)).isEmpty();
        assertThat(authenticates(secret)).isTrue();
    }

    @Test
    void an_exchange_that_is_killed_before_the_row_is_written_can_be_repeated() {
        String lost = exchange.exchange(PRESENTED).orElseThrow().secret();
        killed = true;
        assertThatIllegalStateException().isThrownBy(() -> exchange.exchange(PRESENTED));
        killed = false;
        String secret = exchange.exchange(PRESENTED).orElseThrow().secret();
        assertThat(authenticates(secret)).isTrue();
        assertThat(authenticates(lost)).isFalse();
    }

    @Test
    void of_two_exchanges_at_once_one_has_a_token_whether_or_not_there_was_one() {
        for (int i = 0; i < 2; i++) {
            List<Optional<IssuedToken>> inner = new ArrayList<>();
            meanwhile = () -> inner.add(exchange.exchange(PRESENTED));
            assertThat(exchange.exchange(PRESENTED)).isEmpty();
            assertThat(inner.get(0)).isPresent();
            assertThat(active()).isEqualTo(1);
        }
    }
}
