package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Violation;
import io.tokenstore.fixtures.Invisible;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsernameRuleTest {

    static final String SUPPLEMENTARY_LETTER = Character.toString(0x20000);

    static final String REQUIRED = "username is required";
    static final String TOO_SHORT = "username must have at least 1 character";
    static final String TOO_LONG = "username must have at most 255 characters";
    static final String FIRST = "username must begin with a letter";
    static final String OTHERS = "username must consist of letters, digits 0 to 9 and underscores";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "alice",
                "ALICE",
                "álice",
                "a_",
                "a1",
                "A_1_b",
                "漢字",
                "ǅ",
                "ʰ",
                "ª",
                "\uD840\uDC00",
                "ﬁ",
                "अ"
            })
    void letters_then_letters_digits_and_underscores_are_a_username(String value) {
        assertThat(violations(value)).isEmpty();
        assertThat(new Owner(value)).hasToString(value);
    }

    @Test
    void the_longest_username_has_255_code_points_even_if_these_are_510_chars() {
        assertThat(violations("a".repeat(255))).isEmpty();
        assertThat(violations("a".repeat(256))).containsExactly(TOO_LONG);
        assertThat(violations(SUPPLEMENTARY_LETTER.repeat(255))).isEmpty();
        assertThat(violations(SUPPLEMENTARY_LETTER.repeat(256))).containsExactly(TOO_LONG);
    }

    @Test
    void every_violated_rule_is_a_violation_of_its_own() {
        assertThat(violations("")).containsExactly(TOO_SHORT, FIRST);
        assertThat(violations("1a")).containsExactly(FIRST);
        assertThat(violations("_a")).containsExactly(FIRST);
        assertThat(violations("a-b")).containsExactly(OTHERS);
        assertThat(violations("-")).containsExactly(FIRST, OTHERS);
        assertThat(violations("-".repeat(255))).containsExactly(FIRST, OTHERS);
        assertThat(violations("-".repeat(256))).containsExactly(TOO_LONG, FIRST, OTHERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice\n",
                "alice\r\n",
                "alice\u2028",
                "alice\u0085",
                " alice",
                "alice ",
                "a\u0000",
                "a\u0661",
                "a\uFF11",
                "a\u0301",
                "\u0301a",
                "a\u200D",
                "a\u200B",
                "a\uD800",
                "\uDC00a",
                "a\uDC00\uD800",
                "a\u203F",
                "a\u2160",
                "alice;DROP",
                "a.b",
                "a/b",
                "a%61",
                "a\uFFFF",
                "a\uDB80\uDC00"
            })
    void what_a_careless_validator_lets_pass_is_refused(String value) {
        assertThat(violations(value)).contains(OTHERS);
    }

    @Test
    void a_violation_never_repeats_the_input() {
        for (UsernameRule rule : List.of(UsernameRule.openApi(), UsernameRule.any())) {
            assertThat(rule.violations("1<script>\n"))
                    .isNotEmpty()
                    .noneMatch(violation -> violation.message().contains("script"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "42",
                "0b5c1d0e-7f3a-4f0e-9a52-1f3f6d1c2b3a",
                "alice@example.com",
                "auth0|5f7c8ec7c33c6c004bbafe82",
                "DOMAIN\\alice",
                "_",
                "-",
                "%",
                "\uD83D\uDD11"
            })
    void any_accepts_every_owner(String value) {
        assertThat(UsernameRule.any().violations(value)).isEmpty();
        assertThat(new Owner(value)).hasToString(value);
    }

    @Test
    void any_accepts_nothing_that_is_no_owner() {
        UsernameRule any = UsernameRule.any();
        assertThat(any.violations("a".repeat(255))).isEmpty();
        assertThat(any.violations("\uD83D\uDD11".repeat(255))).isEmpty();
        for (String tooShortOrLong : List.of("", "a".repeat(256))) {
            assertThat(any.violations(tooShortOrLong))
                    .containsExactly(new Violation("username must have 1 to 255 characters"));
        }
        for (String invisible : Invisible.STRINGS) {
            assertThat(any.violations("a" + invisible))
                    .containsExactly(new Violation("username must not have control or format characters, separators,"
                            + " noncharacters or unpaired surrogates"));
        }
    }

    @Test
    void whatever_the_rule_of_the_contract_accepts_is_an_owner() {
        assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                        .mapToObj(c -> "a" + Character.toString(c))
                        .filter(two -> UsernameRule.openApi().violations(two).isEmpty()
                                && !UsernameRule.any().violations(two).isEmpty()))
                .isEmpty();
    }

    private static List<String> violations(String value) {
        return UsernameRule.openApi().violations(value).stream()
                .map(Violation::message)
                .toList();
    }
}
