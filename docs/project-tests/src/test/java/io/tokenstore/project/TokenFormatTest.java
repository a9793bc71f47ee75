package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The token format that docs/tokens.md describes, computed here from the description alone, is that of the library. */
class TokenFormatTest {

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Owner ALICE = new Owner("alice");

    private static String page() throws IOException {
        return Files.readString(Path.of("../tokens.md"));
    }

    static List<Map<String, String>> vectors() throws IOException {
        List<Map<String, String>> vectors = Pattern.compile("```text\\n(token .*?)```", Pattern.DOTALL)
                .matcher(page())
                .results()
                .map(block -> block.group(1)
                        .lines()
                        .map(line -> line.split(" +"))
                        .collect(Collectors.toMap(words -> words[0], words -> words[1])))
                .toList();
        assertThat(vectors).hasSize(3);
        return vectors;
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void a_test_vector_is_what_the_description_says(Map<String, String> vector) throws Exception {
        String bound = vector.get("prefix") + "_" + vector.get("secret");
        assertThat(vector.get("token")).isEqualTo(text(vector.get("prefix"), vector.get("id"), vector.get("secret")));
        assertThat(vector.get("token")).endsWith(vector.get("checksum"));
        assertThat(HexFormat.of().formatHex(sha256(bound))).isEqualTo(vector.get("hash"));
        UUID uuid = UUID.fromString(vector.get("uuid"));
        assertThat(uuid.version()).isEqualTo(7);
        assertThat(digits(new BigInteger(uuid.toString().replace("-", ""), 16), 22))
                .isEqualTo(vector.get("id"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void a_test_vector_authenticates_whoever_keeps_its_hash(Map<String, String> vector) {
        TokenStore store = keeping(vector);
        TokenServices tokens =
                TokenServices.builder(store).prefix(vector.get("prefix")).build();
        assertThat(tokens.authenticator().authenticate("Bearer " + vector.get("token")))
                .hasToString("user alice");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void rewritten_to_another_prefix_with_a_right_checksum_it_authenticates_nobody(Map<String, String> vector) {
        TokenServices tokens = TokenServices.builder(keeping(vector))
                .prefix("globex_pat", vector.get("prefix"))
                .build();
        String rewritten = text("globex_pat", vector.get("id"), vector.get("secret"));
        assertThat(tokens.authenticator().authenticate("Bearer " + rewritten).isAnonymous())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "pat", "acme_pat", "Acme__2", "abcdefghijklmnopqrst"})
    void the_pattern_for_scanners_finds_every_token_in_a_text(String prefix) throws IOException {
        TokenServices tokens =
                TokenServices.builder(new InMemoryTokenStore()).prefix(prefix).build();
        TokenRequest request = TokenRequest.named("laptop").withTtl(Duration.ofDays(1));
        Pattern pattern = scannersPattern();
        for (int i = 0; i < 500; i++) {
            String secret = tokens.issuance()
                    .issue(Caller.user(ALICE), "alice", request)
                    .orElseThrow()
                    .secret();
            assertThat(pattern.matcher("token=" + secret + "\n\"" + secret + "\", ")
                            .results())
                    .extracting(MatchResult::group)
                    .containsExactly(secret, secret);
            assertThat(pattern.matcher(secret.substring(0, secret.length() - 1)).find())
                    .isFalse();
        }
    }

    @Test
    void the_pattern_for_scanners_finds_nothing_in_what_is_no_token() throws IOException {
        String digits = "0".repeat(71);
        Pattern pattern = scannersPattern();
        for (String text :
                List.of(digits, "_" + digits, "1_" + digits, "pat-" + digits, "pat_" + digits.substring(1))) {
            assertThat(pattern.matcher(text).find()).as(text).isFalse();
        }
    }

    private static Pattern scannersPattern() throws IOException {
        Matcher pattern = Pattern.compile("```text\\n(\\[A-Za-z].*)\\n```").matcher(page());
        assertThat(pattern.find()).isTrue();
        return Pattern.compile(pattern.group(1));
    }

    private static TokenStore keeping(Map<String, String> vector) {
        TokenStore store = new InMemoryTokenStore();
        store.add(Token.builder(new TokenId(vector.get("id")), ALICE, "laptop", Instant.EPOCH)
                .hash(new SecretHash(HexFormat.of().parseHex(vector.get("hash"))))
                .build());
        return store;
    }

    private static String text(String prefix, String id, String secret) {
        String unchecked = prefix + "_" + id + secret;
        CRC32 crc = new CRC32();
        crc.update(unchecked.getBytes(StandardCharsets.US_ASCII));
        return unchecked + digits(BigInteger.valueOf(crc.getValue()), 6);
    }

    private static byte[] sha256(String ascii) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    private static String digits(BigInteger number, int length) {
        char[] digits = new char[length];
        Arrays.fill(digits, '0');
        BigInteger rest = number;
        for (int i = length - 1; i >= 0; i--) {
            BigInteger[] quotient = rest.divideAndRemainder(BigInteger.valueOf(62));
            digits[i] = DIGITS.charAt(quotient[1].intValue());
            rest = quotient[0];
        }
        assertThat(rest).isZero();
        return new String(digits);
    }
}
