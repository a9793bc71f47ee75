package io.tokenstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsernameTest {

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
        assertThat(new Username(value).value()).isEqualTo(value);
    }

    @Test
    void the_longest_username_has_255_code_points_even_where_that_is_510_chars() {
        assertThat(violations("a".repeat(255))).isEmpty();
        assertThat(violations("a".repeat(256))).containsExactly(TOO_LONG);
        assertThat(violations(SUPPLEMENTARY_LETTER.repeat(255))).isEmpty();
        assertThat(violations(SUPPLEMENTARY_LETTER.repeat(256))).containsExactly(TOO_LONG);
    }

    @Test
    void every_violated_rule_is_an_issue_of_its_own() {
        assertThat(violations(null)).containsExactly(REQUIRED);
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
    void an_issue_never_repeats_the_input() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> new Username("1<script>"))
                .satisfies(
                        e -> assertThat(e.issues()).extracting(Issue::message).containsExactly(FIRST, OTHERS))
                .withMessage(FIRST + "; " + OTHERS);
    }

    @Test
    void null_is_no_username() {
        assertThatNullPointerException().isThrownBy(() -> new Username(null));
    }

    @Test
    void nothing_is_normalized_and_no_case_is_folded() {
        assertThat(new Username("alice"))
                .isNotEqualTo(new Username("ALICE"))
                .isNotEqualTo(new Username("álice"))
                .isGreaterThan(new Username("ALICE"))
                .hasToString("alice");
    }

    private static List<String> violations(String value) {
        return Username.violations(value).stream().map(Issue::message).toList();
    }
}
