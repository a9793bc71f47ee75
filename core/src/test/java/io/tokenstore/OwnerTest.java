package io.tokenstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.fixtures.Invisible;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OwnerTest {

    private static final Pattern ALLOWED =
            Pattern.compile("[^\\p{Cc}\\p{Cf}\\p{Z}\\p{Cs}\\p{IsNoncharacter_Code_Point}]");

    @Test
    void an_owner_has_1_to_255_code_points_even_if_these_are_510_chars() {
        String key = "\uD83D\uDD11";
        assertThat(new Owner(key.repeat(255)).value()).hasSize(510);
        for (String tooShortOrLong : List.of("", key.repeat(256), "a".repeat(256))) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> new Owner(tooShortOrLong))
                    .withMessage("owner must have 1 to 255 characters");
        }
        assertThatNullPointerException().isThrownBy(() -> new Owner(null));
    }

    @Test
    void nothing_that_looks_like_nothing_is_part_of_an_owner() {
        for (String invisible : Invisible.STRINGS) {
            for (String value : List.of(invisible, invisible + "a", "a" + invisible, "a" + invisible + "b")) {
                assertThatExceptionOfType(InvalidInputException.class)
                        .isThrownBy(() -> new Owner(value))
                        .withMessage("owner must not have control or format characters, separators, noncharacters or"
                                + " unpaired surrogates");
            }
        }
    }

    @Test
    void of_all_code_points_the_visible_ones_make_an_owner() {
        assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                        .mapToObj(Character::toString)
                        .filter(one -> FreeText.violationsOfOwner("owner", one).isEmpty()
                                != ALLOWED.matcher(one).matches()))
                .isEmpty();
    }

    @Test
    void nothing_is_normalized_and_no_case_is_folded() {
        assertThat(new Owner("alice"))
                .isEqualTo(new Owner("alice"))
                .hasSameHashCodeAs(new Owner("alice"))
                .isNotEqualTo(new Owner("ALICE"))
                .isNotEqualTo(new Owner("\u00E1lice"))
                .hasToString("alice");
        assertThat(new Owner("\u00E9")).isNotEqualTo(new Owner("e\u0301"));
    }

    @Test
    void owners_are_ordered_by_code_points_not_by_chars() {
        List<Owner> inOrder =
                List.of("A", "_", "a", "aa", "b", "\uFB01", "\uFFFD", "\uD83D\uDD11", "\uD840\uDC00").stream()
                        .map(Owner::new)
                        .toList();
        for (int i = 0; i < inOrder.size(); i++) {
            for (int j = 0; j < inOrder.size(); j++) {
                assertThat(Integer.signum(inOrder.get(i).compareTo(inOrder.get(j))))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }
}
