package io.tokenstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Names and reasons. */
class FreeTextTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Pattern ALLOWED =
            Pattern.compile("[\u200C\u200D]|[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{IsNoncharacter_Code_Point}]");
    private static final String DIGITS = "0Kc".repeat(22).substring(0, 65);

    @Test
    void of_all_code_points_the_invisible_ones_but_joiners_are_refused_in_a_text() {
        assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                        .mapToObj(Character::toString)
                        .filter(one -> FreeText.violationsOfInput("text", "a" + one + "b")
                                        .isEmpty()
                                != ALLOWED.matcher(one).matches()))
                .isEmpty();
    }

    @Test
    void every_name_of_a_token_and_every_reason_is_checked() {
        for (String text : List.of(
                "",
                "a\nb",
                "a\u0085",
                "a\u2028",
                "a\uD800",
                "\u001B[31m",
                "\u202Ea",
                "a\u200B",
                "\uFEFFa",
                "a\u00AD",
                "\uFDD0",
                "\uFFFF",
                Character.toString(0xE0041),
                "pat_" + DIGITS)) {
            Actor alice = Actor.user("alice");
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> new Revocation(UUID.randomUUID(), NOW, alice, text));
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> Token.builder(new TokenId("t1"), new Owner("alice"), text, NOW)
                            .build());
        }
    }

    /** The host names its users and administrators, and no client does: what may hold a secret is a name like any other. */
    @Test
    void the_name_of_an_actor_is_checked_but_for_secrets() {
        for (String text : List.of("", "a\nb", "a\u2028", "a\uD800", "a\u200B", "\uFFFF", "x".repeat(256))) {
            assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> Actor.user(text));
            assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> Actor.admin(text));
        }
        for (String text : List.of("a b", "\u0645\u06CC\u200C\u062E", "pat_" + DIGITS)) {
            assertThat(Actor.admin(text).name()).isEqualTo(text);
        }
    }

    @Test
    void words_that_need_joiners_are_accepted() {
        for (String text : List.of(
                "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
                "\u0D95\u0DCA\u200D\u0DBB",
                "\uD83D\uDC68\u200D\uD83D\uDCBB",
                " my laptop\u00A0",
                "e\u0301")) {
            assertThat(FreeText.violationsOfInput("text", text)).isEmpty();
        }
    }

    @Test
    void each_violated_rule_is_a_violation_of_its_own() {
        String all = "\n".repeat(200) + "pat_" + DIGITS;
        assertThat(FreeText.violationsOfInput("name", all))
                .extracting(Violation::message)
                .containsExactly(
                        "name must have 1 to 255 characters",
                        "name must not have control or format characters, line separators, noncharacters or unpaired"
                                + " surrogates",
                        "name must not hold a token");
        assertThat(FreeText.violationsOfInput("name", "pat_" + DIGITS))
                .containsExactly(new Violation("name must not hold a token"));
    }

    @Test
    void a_letter_or_digit_an_underscore_and_64_digits_anywhere_may_be_a_secret() {
        for (String around : List.of("%s", "\"%s\"", "my token is %s.", "\n%s\n", "https://x/?t=%s&u=1", "%1$s %1$s")) {
            for (String prefix : List.of("pat_", "acme_pat_", "x_", "9_", "pat__x_")) {
                for (int digits = 60; digits <= 80; digits++) {
                    assertThat(TokenId.mayHoldSecret(around.formatted(prefix + "a".repeat(digits))))
                            .isEqualTo(digits >= 64);
                }
            }
        }
        for (String harmless : List.of(
                "",
                "_",
                "a_",
                "_" + DIGITS,
                "-_" + DIGITS,
                DIGITS,
                "pat-" + DIGITS,
                "pat_" + DIGITS.substring(0, 40) + "." + DIGITS.substring(0, 40),
                "pat_" + "\u00E9".repeat(70))) {
            assertThat(TokenId.mayHoldSecret(harmless)).as(harmless).isFalse();
        }
    }
}
