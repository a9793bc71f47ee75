package io.tokenstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopesTest {

    @Test
    void a_set_permits_its_scopes_and_nothing_else() {
        Scopes scopes = Scopes.of(List.of("repo:read", "repo:write"));
        assertThat(scopes.permits("repo:read")).isTrue();
        assertThat(scopes.permits("repo:write")).isTrue();
        for (String other : List.of("repo", "repo:", "REPO:READ", "repo:read ", "repo:read repo:write", "*", "-", "")) {
            assertThat(scopes.permits(other)).as(other).isFalse();
        }
        assertThatNullPointerException().isThrownBy(() -> scopes.permits(null));
    }

    @Test
    void all_permits_everything_and_none_permits_nothing() {
        for (String scope : List.of("repo:read", "x", "*", "-")) {
            assertThat(Scopes.all().permits(scope)).isTrue();
            assertThat(Scopes.none().permits(scope)).isFalse();
        }
        assertThat(Scopes.of(List.of())).isEqualTo(Scopes.none()).isNotEqualTo(Scopes.all());
    }

    @Test
    void the_order_and_repetitions_do_not_matter() {
        Scopes scopes = Scopes.of(List.of("b", "A", "a", "b"));
        assertThat(scopes)
                .hasToString("A a b")
                .isEqualTo(Scopes.of(List.of("a", "b", "A")))
                .hasSameHashCodeAs(Scopes.of(List.of("a", "b", "A")))
                .isNotEqualTo(Scopes.of(List.of("a", "b")))
                .doesNotHaveSameHashCodeAs(Scopes.of(List.of("a", "b")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "a\t", "a\"", "a\\", "\u007F", "\u00E9", "\uD83D\uDD11", "*", "-"})
    void what_is_no_scope_of_rfc_6749_or_is_reserved_is_refused(String scope) {
        for (List<String> scopes : List.of(List.of(scope), List.of("repo:read", scope))) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> Scopes.of(scopes))
                    .satisfies(e -> assertThat(e.violations()).hasSize(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "~", "#", "[", "]", "**", "--", "*:read", "https://x/scope?a=b&c", "';--"})
    void visible_ascii_but_quotes_and_backslashes_is_a_scope(String scope) {
        assertThat(Scopes.of(List.of(scope)).permits(scope)).isTrue();
        assertThat(Scopes.parse(scope)).isEqualTo(Scopes.of(List.of(scope)));
    }

    @Test
    void a_set_has_at_most_64_scopes_and_1000_characters() {
        List<String> many = IntStream.range(100, 164).mapToObj(i -> "s" + i).toList();
        assertThat(Scopes.parse(Scopes.of(many).toString())).isEqualTo(Scopes.of(many));
        String longest = "x".repeat(1_000);
        assertThat(Scopes.parse(longest).permits(longest)).isTrue();
        for (List<String> tooMuch : List.of(
                IntStream.range(100, 165).mapToObj(i -> "s" + i).toList(),
                List.of("x".repeat(1_001)),
                List.of("a", "x".repeat(999)))) {
            assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> Scopes.of(tooMuch));
            assertThat(Scopes.parse(String.join(" ", tooMuch))).isSameAs(Scopes.none());
        }
    }

    @Test
    void null_is_refused() {
        assertThatNullPointerException().isThrownBy(() -> Scopes.of(null));
        assertThatNullPointerException().isThrownBy(() -> Scopes.of(Arrays.asList("a", null)));
    }

    @Test
    void what_was_written_is_read() {
        for (Scopes scopes : List.of(Scopes.all(), Scopes.none(), Scopes.of(List.of("a", "b")))) {
            assertThat(Scopes.parse(scopes.toString())).isEqualTo(scopes);
        }
        assertThat(Scopes.all()).hasToString("*");
        assertThat(Scopes.none()).hasToString("-");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "a  b",
                " a",
                "a ",
                "b a",
                "a a",
                "a *",
                "* a",
                "**\n",
                "* ",
                " *",
                "- a",
                "a,\u00E9",
                "\uFF0A"
            })
    void what_is_damaged_permits_nothing(String stored) {
        assertThat(Scopes.parse(stored)).isSameAs(Scopes.none());
    }

    /** What a copy of the set could be tricked into. */
    @Test
    void a_set_does_not_change_with_the_collection_it_was_made_of() {
        List<String> mutable = Arrays.asList("a", "b");
        Scopes scopes = Scopes.of(mutable);
        mutable.set(0, "c");
        assertThat(scopes.permits("a")).isTrue();
        assertThat(scopes.permits("c")).isFalse();
    }
}
