package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.fixtures.TreeMapStore;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a comparison of tokens says. */
class TokenComparisonTest {

    private static String saidOf(Token expected, Token actual) {
        return catchThrowable(() -> TokenComparison.assertInAnyOrder("find", List.of(actual), List.of(expected)))
                .getMessage();
    }

    @Test
    void another_hash_is_told_without_either() {
        Token token = live(ALICE, "t1");
        Token reversed = token.toBuilder().hash(new SecretHash(new byte[32])).build();
        assertThat(saidOf(token, reversed)).hasLineCount(2).endsWith("token <t1>: the hash differs");
        assertThat(saidOf(token, token.toBuilder().hash(null).build())).endsWith("token <t1>: no hash");
    }

    @Test
    void a_component_that_differs_is_told_by_its_name_with_what_it_is_and_was_to_be() {
        Token token = live(ALICE, "t1");
        Token late =
                token.toBuilder().expiresAt(Samples.NOW).minReaderVersion(7).build();
        assertThat(saidOf(token, late))
                .contains("expiresAt is <2026-06-15T12:00:00.123456Z>, not <null>")
                .contains("minReaderVersion is <7>, not <" + token.minReaderVersion() + ">");
        assertThat(saidOf(token, token.withRevocation(revocation("x")))).endsWith("token <t1>: it is revoked");
        assertThat(saidOf(token.withRevocation(revocation("x")), token)).endsWith("token <t1>: it is not revoked");
    }

    @Test
    void a_long_text_is_shown_from_the_difference_and_lookalike_letters_are_escaped() {
        Token token = Token.builder(Samples.id("t1"), ALICE, "a".repeat(100) + "\u00E9" + "b".repeat(100), Samples.NOW)
                .build();
        Token cut =
                Token.builder(token.id(), ALICE, "a".repeat(100), Samples.NOW).build();
        assertThat(saidOf(token, cut))
                .contains("<…aaaaaaaaaaaa> (100 characters, from 88)")
                .contains("<…aaaaaaaaaaaa\\u00E9bbb");
    }

    @Test
    void thousands_of_tokens_that_are_missing_are_told_in_a_few_words() {
        List<Token> tokens =
                IntStream.range(0, 2_501).mapToObj(i -> live(ALICE, "t" + i)).toList();
        assertThat(catchThrowable(() -> TokenComparison.assertInAnyOrder("scan", List.of(), tokens))
                        .getMessage())
                .contains("missing <t0>, <t1>")
                .endsWith("and 2491 more")
                .hasSizeLessThan(200);
    }

    @Test
    void tokens_in_another_order_unexpected_or_repeated_are_named() {
        Token a = live(ALICE, "a");
        Token b = live(ALICE, "b");
        assertThat(catchThrowable(() -> TokenComparison.assertInOrder("list", List.of(b, a), List.of(a, b))))
                .hasMessage("list: at place 0 is <b>, not <a>");
        assertThat(catchThrowable(() -> TokenComparison.assertInOrder("list", List.of(a, a, b), List.of(a))))
                .hasMessageContaining("there more than once <a>")
                .hasMessageContaining("not expected <b>");
    }

    @Test
    void a_wrong_count_of_revoke_all_names_the_tokens_that_carry_its_revocation() {
        Revocation all = revocation("x");
        TreeMapStore store = new TreeMapStore();
        store.add(live(BOB, "t1").withRevocation(all));
        store.add(live(BOB, "t2"));
        Token[] revoked = {live(BOB, "t1").withRevocation(all), live(BOB, "t2").withRevocation(all)};
        TreeMapStore countsOne = new BrokenStores.RevokeAllCountsChanges();
        countsOne.tokens.putAll(store.tokens);
        assertThat(catchThrowable(() -> TokenComparison.assertRevokesAll(countsOne, BOB, all, revoked)))
                .hasMessage("revokeAll(<bob>) returned 1, but its revocation is carried by 2: <t1>, <t2>");
    }
}
