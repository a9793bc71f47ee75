package io.tokenstore.jdbc.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.TokenId;
import io.tokenstore.fixtures.TreeMapStore;
import io.tokenstore.service.TokenServices;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;

/** Tokens of a scheme with slow, salted hashes. */
class SlowHashesTest {

    private static final String PRESENTED = "ab12cd34.correct horse battery staple";

    private final TokenServices tokens =
            TokenServices.builder(new TreeMapStore()).build();
    private final Map<String, SlowHashes.Row> rows =
            new HashMap<>(Map.of("ab12cd34", new SlowHashes.Row("alice", hashed(PRESENTED), null)));
    private final SlowHashes exchange = new SlowHashes(
            tokens,
            new SlowHashes.Table() {
                @Override
                public Optional<SlowHashes.Row> find(String publicId) {
                    return Optional.ofNullable(rows.get(publicId));
                }

                @Override
                public void exchanged(String publicId, TokenId successor) {
                    SlowHashes.Row row = rows.get(publicId);
                    rows.put(publicId, new SlowHashes.Row(row.owner(), row.hash(), successor));
                }
            },
            SlowHashesTest::matches);

    private static String hashed(String presented) {
        return "00112233445566778899aabbccddeeff$" + pbkdf2(presented, "00112233445566778899aabbccddeeff");
    }

    // tag::pbkdf2[]
    /** Compares a presented token with {@code salt$hash}, both in hex. */
    static boolean matches(String presented, String kept) {
        String[] parts = kept.split("\\$");
        return MessageDigest.isEqual(
                parts[1].getBytes(), pbkdf2(presented, parts[0]).getBytes());
    }

    private static String pbkdf2(String presented, String salt) {
        try {
            PBEKeySpec spec =
                    new PBEKeySpec(presented.toCharArray(), HexFormat.of().parseHex(salt), 10_000, 256);
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
        assertThat(tokens.authenticator().authenticateToken(lost).isAnonymous()).isTrue();
        assertThat(tokens.authenticator().authenticateToken(secret)).hasToString("user alice");
    }
}
