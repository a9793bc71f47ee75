package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Owner;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresentedTokenTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final TokenPrefix PAT = new TokenPrefix("pat");
    private static final int TOKENS = 20_000;

    /** With 61 degrees of freedom one draw in 10^15 is above. */
    private static final double CHI_SQUARE_BOUND = 200;

    @Test
    void what_was_created_is_parsed_to_the_same_token_thousands_of_times() {
        for (PresentedToken created : some(TOKENS / 4)) {
            PresentedToken parsed = PresentedToken.parse(created.text()).orElseThrow();
            assertThat(parsed.hasOneOf(List.of(PAT))).isTrue();
            assertThat(parsed.id()).isEqualTo(created.id());
            assertThat(parsed.hash()).isEqualTo(created.hash());
            assertThat(parsed.text()).isEqualTo(created.text());
        }
    }

    @Test
    void the_form_is_prefix_id_secret_and_the_checksum_of_all_before_it() {
        for (PresentedToken token : some(1_000)) {
            String text = token.text();
            assertThat(text).hasSize(75).startsWith("pat_").matches("pat_[0-9A-Za-z]{71}");
            assertThat(TokenText.idDigits(text)).isEqualTo(token.id().value());
            assertThat(token.hash()).isEqualTo(TokenText.hash(text));
            assertThat(text)
                    .isEqualTo(TokenText.of(
                            "pat",
                            TokenText.number(TokenText.idDigits(text)),
                            TokenText.number(TokenText.secretDigits(text))));
        }
    }

    @Test
    void a_token_that_was_made_elsewhere_by_the_same_rule_is_parsed() {
        BigInteger most = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
        BigInteger mostId = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);
        for (BigInteger id : List.of(BigInteger.ZERO, BigInteger.ONE, mostId)) {
            for (BigInteger secret : List.of(BigInteger.ZERO, BigInteger.ONE, most)) {
                String text = TokenText.of("pat", id, secret);
                assertThat(PresentedToken.parse(text).map(PresentedToken::hash)).contains(TokenText.hash(text));
            }
        }
    }

    @Test
    void no_two_tokens_share_an_id_or_a_secret() {
        Set<String> seen = new HashSet<>();
        for (PresentedToken token : some(TOKENS)) {
            assertThat(seen.add(token.id().value())).isTrue();
            assertThat(seen.add(TokenText.secretDigits(token.text()))).isTrue();
        }
    }

    @Test
    void the_digits_of_the_secrets_are_uniform() {
        int[][] counts = new int[43][62];
        for (PresentedToken token : some(TOKENS)) {
            String secret = TokenText.secretDigits(token.text());
            for (int i = 0; i < counts.length; i++) {
                counts[i][TokenText.DIGITS.indexOf(secret.charAt(i))]++;
            }
        }
        int[] all = new int[62];
        // 2^256 is no power of 62, so the two leading digits favour the lower ones.
        for (int i = 2; i < counts.length; i++) {
            assertThat(chiSquare(counts[i])).as("digit %d", i).isLessThan(CHI_SQUARE_BOUND);
            for (int digit = 0; digit < all.length; digit++) {
                all[digit] += counts[i][digit];
            }
        }
        assertThat(chiSquare(all)).isLessThan(CHI_SQUARE_BOUND);
    }

    @Test
    void each_bit_of_the_secrets_is_set_in_half_of_them() {
        int[] set = new int[256];
        for (PresentedToken token : some(TOKENS)) {
            BigInteger secret = TokenText.number(TokenText.secretDigits(token.text()));
            IntStream.range(0, set.length).filter(secret::testBit).forEach(bit -> set[bit]++);
        }
        double deviation = Math.sqrt(TOKENS / 4.0);
        assertThat(IntStream.of(set).boxed().map(Integer::doubleValue))
                .allSatisfy(count ->
                        assertThat(count).isBetween(TOKENS / 2.0 - 8 * deviation, TOKENS / 2.0 + 8 * deviation));
    }

    @Test
    void an_id_is_a_uuid_of_version_7_with_the_time_in_front() {
        for (PresentedToken token : some(1_000)) {
            BigInteger id = TokenText.number(token.id().value());
            UUID uuid = new UUID(id.shiftRight(64).longValue(), id.longValue());
            assertThat(uuid.version()).isEqualTo(7);
            assertThat(uuid.variant()).isEqualTo(2);
            assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
        }
    }

    @Test
    void the_random_bits_of_an_id_are_all_drawn() {
        BigInteger zeros = BigInteger.ZERO;
        BigInteger ones = BigInteger.ZERO;
        BigInteger all = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);
        for (PresentedToken token : some(1_000)) {
            BigInteger id = TokenText.number(token.id().value());
            ones = ones.or(id);
            zeros = zeros.or(id.xor(all));
        }
        assertThat(ones.and(zeros).bitCount()).isEqualTo(74);
    }

    @Test
    void the_byte_order_of_ids_is_the_order_of_their_times() {
        List<String> ids = Stream.concat(
                        Stream.of(Instant.EPOCH, Instant.EPOCH.plusMillis(1), Instant.parse("2001-09-09T01:46:40Z")),
                        Stream.concat(
                                IntStream.range(0, 5_000).mapToObj(NOW::plusMillis),
                                Stream.of(
                                        Instant.parse("2038-01-19T03:14:08Z"),
                                        Instant.parse("9999-12-31T23:59:59.999Z"))))
                .map(time -> PresentedToken.create(PAT, time).id().value())
                .toList();
        assertThat(ids).isSorted();
    }

    @Test
    void every_typo_of_one_character_is_refused() {
        for (PresentedToken token : some(5)) {
            StringBuilder text = new StringBuilder(token.text());
            for (int i = 0; i < text.length(); i++) {
                char right = text.charAt(i);
                for (char wrong : (TokenText.DIGITS + "_-+/=. \t\n\u0000\u007F\u00E9\u0100\u0660\uFF10\u212A\uD83D")
                        .toCharArray()) {
                    text.setCharAt(i, wrong);
                    if (wrong != right && PresentedToken.parse(text.toString()).isPresent()) {
                        throw new AssertionError("accepted with U+%04X at %d".formatted((int) wrong, i));
                    }
                }
                text.setCharAt(i, right);
                assertThat(PresentedToken.parse(text.toString())).isPresent();
            }
        }
    }

    @Test
    void every_lost_doubled_or_swapped_character_is_refused() {
        for (PresentedToken token : some(20)) {
            String text = token.text();
            for (int i = 0; i < text.length(); i++) {
                assertRefused(text.substring(0, i) + text.substring(i + 1));
                assertRefused(text.substring(0, i) + text.charAt(i) + text.substring(i));
                if (i > 0 && text.charAt(i) != text.charAt(i - 1)) {
                    assertRefused(
                            text.substring(0, i - 1) + text.charAt(i) + text.charAt(i - 1) + text.substring(i + 1));
                }
            }
        }
    }

    @Test
    void every_other_spelling_of_a_token_is_refused() {
        String text = PresentedToken.create(PAT, NOW).text();
        String digits = text.substring(4);
        StringBuilder swapped = new StringBuilder();
        text.chars()
                .mapToObj(c -> (char) c)
                .forEach(c ->
                        swapped.append(Character.isLowerCase(c) ? Character.toUpperCase(c) : Character.toLowerCase(c)));
        List<String> others = List.of(
                "",
                "pat",
                "pat_",
                digits,
                text.toLowerCase(Locale.ROOT),
                text.toUpperCase(Locale.ROOT),
                swapped.toString(),
                "PAT_" + digits,
                "Pat_" + digits,
                "pat-" + digits,
                "pat__" + digits,
                "pat_0" + digits,
                "pat_" + digits.substring(1),
                text + "0",
                text + "=",
                text + "==",
                text + " ",
                text + "\n",
                text + "\r\n",
                text + "\t",
                text + "\u0000",
                text + "\u00A0",
                text + "\u200B",
                " " + text,
                "\n" + text,
                "\uFEFF" + text,
                "\"" + text + "\"",
                "Bearer " + text,
                text + text,
                text.replace("_", "%5F"));
        others.forEach(PresentedTokenTest::assertRefused);
    }

    @Test
    void digits_of_other_scripts_are_refused_wherever_they_stand() {
        String text = TokenText.of("pat", BigInteger.ZERO, BigInteger.ZERO);
        assertThat(PresentedToken.parse(text)).isPresent();
        for (String zero : List.of("\u0660", "\u06F0", "\u0966", "\uFF10", Character.toString(0x1D7CE))) {
            assertRefused(text.replaceFirst("0", zero));
            assertRefused("pat_" + text.substring(4).replace("0", zero));
            assertRefused("pat_" + zero + text.substring(4 + zero.length()));
        }
    }

    @Test
    void pairs_of_surrogates_are_refused_however_many_characters_they_take_the_place_of() {
        String text = TokenText.of("pat", BigInteger.ZERO, BigInteger.ZERO);
        for (int from = "pat_".length(); from < text.length(); from++) {
            for (int to = from + 2; to <= text.length(); to += 2) {
                assertRefused(text.substring(0, from) + "\uD83D\uDD11".repeat((to - from) / 2) + text.substring(to));
            }
        }
    }

    @Test
    void a_character_that_is_no_digit_is_refused_though_the_checksum_counts_it() {
        String digits = TokenText.withoutChecksum(TokenText.of("pat", BigInteger.ZERO, BigInteger.ZERO));
        for (int i = "pat_".length(); i < digits.length(); i++) {
            for (char c = 0; c < 0x100; c++) {
                String unchecked = digits.substring(0, i) + c + digits.substring(i + 1);
                if (TokenText.DIGITS.indexOf(c) < 0) {
                    assertRefused(unchecked + TokenText.digits(TokenText.latinChecksum(unchecked), 6));
                }
            }
        }
    }

    @Test
    void a_number_that_is_too_large_is_refused_though_all_else_fits() {
        BigInteger idOverflow = BigInteger.ONE.shiftLeft(128);
        BigInteger secretOverflow = BigInteger.ONE.shiftLeft(256);
        BigInteger checksumOverflow = BigInteger.ONE.shiftLeft(32);
        for (int more = 0; more < 100; more++) {
            BigInteger small = BigInteger.valueOf(more);
            assertRefused(TokenText.of("pat", idOverflow.add(small), small));
            assertRefused(TokenText.of("pat", small, secretOverflow.add(small)));
            String unchecked = TokenText.withoutChecksum(TokenText.of("pat", small, small));
            BigInteger checksum = TokenText.checksum(unchecked);
            assertThat(PresentedToken.parse(unchecked + TokenText.digits(checksum, 6)))
                    .isPresent();
            for (int overflows = 1; overflows < 12; overflows++) {
                assertRefused(unchecked
                        + TokenText.digits(checksum.add(checksumOverflow.multiply(BigInteger.valueOf(overflows))), 6));
            }
        }
        for (String[] most : new String[][] {{"z".repeat(22), "0".repeat(43)}, {"0".repeat(22), "z".repeat(43)}}) {
            assertRefused(TokenText.of("pat", TokenText.number(most[0]), TokenText.number(most[1])));
        }
    }

    @Test
    void a_token_is_bound_to_its_prefix() {
        List<TokenPrefix> prefixes = Stream.of("pat", "pat_x", "pat_x_y", "pax", "PAT", "p", "a_pat", "pat0")
                .map(TokenPrefix::new)
                .toList();
        for (TokenPrefix prefix : prefixes) {
            PresentedToken token = PresentedToken.create(prefix, NOW);
            String text = token.text();
            assertThat(text).startsWith(prefix.value() + "_");
            for (TokenPrefix other : prefixes) {
                assertThat(PresentedToken.parse(text).orElseThrow().hasOneOf(List.of(other)))
                        .isEqualTo(prefix.equals(other));
                String renamed = other.value() + text.substring(prefix.value().length());
                assertThat(PresentedToken.parse(renamed).isPresent())
                        .as("the checksum counts the prefix: %s as %s", prefix, other)
                        .isEqualTo(prefix.equals(other));
                String rewritten = TokenText.withPrefix(other.value(), text);
                PresentedToken another = PresentedToken.parse(rewritten).orElseThrow();
                assertThat(another.hasOneOf(List.of(other))).isTrue();
                assertThat(another.hash().equals(token.hash()))
                        .as("the hash counts the prefix: %s as %s", prefix, other)
                        .isEqualTo(prefix.equals(other));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void of_all_strings_one_stands_for_a_token_whatever_the_prefix(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TokenPrefix prefix = new TokenPrefix("pat_x_y".substring(0, 2 * random.nextInt(4) + 1));
        FuzzedStrings strings = new FuzzedStrings(random, some -> textOf(prefix, some));
        int tokens = 0;
        for (int i = 0; i < 1_000; i++) {
            String header = " ".repeat(random.nextInt(3)) + strings.next();
            int from = header.length() - header.stripLeading().length();
            String text = header.substring(from);
            Optional<PresentedToken> parsed =
                    PresentedToken.parseUnchecked(header, from).filter(PresentedToken::endsInItsChecksum);
            assertThat(parsed.isPresent()).as(text).isEqualTo(TokenText.isToken(text));
            if (parsed.isPresent()) {
                tokens++;
                assertThat(parsed.get().hasOneOf(List.of(prefix))).isEqualTo(TokenText.isToken(prefix.value(), text));
                assertThat(parsed.get().text()).isEqualTo(text);
                assertThat(parsed.get().id().value()).isEqualTo(TokenText.idDigits(text));
                assertThat(parsed.get().hash()).isEqualTo(TokenText.hash(text));
            }
        }
        assertThat(tokens).isBetween(100, 900);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 4L * Integer.getInteger("fuzz.times", 1));
    }

    /** Of numbers in range and, now and then, somewhat above. */
    private static String textOf(TokenPrefix prefix, RandomGenerator random) {
        BigInteger id = TokenText.number(128, random);
        BigInteger secret = TokenText.number(250, random);
        return TokenText.of(
                prefix.value(),
                random.nextInt(8) == 0 ? id.setBit(128) : id,
                random.nextInt(8) == 0 ? secret.setBit(256) : secret);
    }

    @Test
    void a_prefix_of_the_greatest_length_works() {
        TokenPrefix longest = new TokenPrefix("a".repeat(20));
        String text = PresentedToken.create(longest, NOW).text();
        assertThat(PresentedToken.parse(text)).isPresent();
        assertRefused(TokenText.withPrefix("a".repeat(21), text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "Z", "a", "z", "a0", "z_9", "Z__z"})
    void a_prefix_is_a_letter_then_letters_digits_and_underscores(String prefix) {
        assertThat(PresentedToken.parse(
                        PresentedToken.create(new TokenPrefix(prefix), NOW).text()))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "_", "_pat", "pat_", "1pat", "pat-x", "p t", "pat\n", "\u00E9", "aaaaaaaaaaaaaaaaaaaaa"})
    void a_prefix_that_breaks_its_rule_is_refused(String prefix) {
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenPrefix(prefix));
        assertThatNullPointerException().isThrownBy(() -> new TokenPrefix(null));
    }

    @Test
    void a_token_is_proved_by_its_very_hash_and_one_without_a_hash_by_none() {
        PresentedToken token = PresentedToken.create(PAT, NOW);
        assertThat(token.proves(kept(token.id(), token.hash()))).isTrue();
        assertThat(token.proves(kept(token.id(), null))).isFalse();
        for (int bit = 0; bit < 256; bit++) {
            byte[] hash = token.hash().toBytes();
            hash[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(token.proves(kept(token.id(), new SecretHash(hash)))).isFalse();
        }
    }

    @Test
    void the_string_of_a_token_shows_its_id_alone() {
        PresentedToken token = PresentedToken.create(PAT, NOW);
        assertThat(token).hasToString("PresentedToken[" + token.id() + ", masked]");
    }

    private static List<PresentedToken> some(int number) {
        return Stream.generate(() -> PresentedToken.create(PAT, NOW))
                .limit(number)
                .toList();
    }

    private static Token kept(TokenId id, SecretHash hash) {
        return Token.builder(id, new Owner("alice"), "laptop", NOW).hash(hash).build();
    }

    private static void assertRefused(String text) {
        assertThat(PresentedToken.parse(text)).as(text).isEmpty();
    }

    private static double chiSquare(int[] counts) {
        double expected = IntStream.of(counts).sum() / (double) counts.length;
        return IntStream.of(counts)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
    }
}
