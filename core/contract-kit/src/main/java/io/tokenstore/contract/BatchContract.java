package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many tokens are added, or found, by one call. */
public interface BatchContract extends StoreUnderTest {

    @Test
    default void r25_each_token_is_kept_as_it_was_given() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = new ArrayList<>(ofEveryShape(ALICE));
        tokens.add(live(BOB, "bob's"));
        store.addAll(List.of());
        store.addAll(tokens);
        assertThat(Walk.scan(store)).containsExactlyInAnyOrderElementsOf(tokens);
    }

    @Test
    default void r25_a_thousand_are_added_by_one_call_and_of_more_none() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens =
                IntStream.range(0, 1_001).mapToObj(i -> live(ALICE, "t" + i)).toList();
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> store.addAll(tokens));
        assertThat(Walk.scan(store)).isEmpty();
        store.addAll(tokens.subList(0, 1_000));
        assertThat(Walk.scan(store)).hasSize(1_000);
    }

    @Test
    default void r25_an_id_that_is_kept_or_there_twice_is_refused_and_keeps_its_token() throws Exception {
        TokenStore store = emptyStore();
        Revocation revocation = revocation("alice");
        Token revoked = live(ALICE, "t500").withRevocation(revocation);
        store.add(revoked);
        List<Token> tokens =
                IntStream.range(400, 600).mapToObj(i -> live(BOB, "t" + i)).toList();
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.addAll(tokens));
        assertThat(store.find(revoked.id())).contains(revoked);
        Token first = live(ALICE, "twice");
        Token second = live(BOB, "twice");
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.addAll(List.of(first, second)));
        assertThat(store.find(first.id()))
                .satisfies(kept -> assertThat(kept.isEmpty()
                                || kept.get().equals(first)
                                || kept.get().equals(second))
                        .isTrue());
        assertThat(Walk.list(store, BOB))
                .as("Others may be kept, whole")
                .allMatch(kept -> tokens.contains(kept) || kept.equals(second));
    }

    @Test
    default void r26_those_that_are_kept_are_returned_whole_by_their_ids() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = new ArrayList<>(ofEveryShape(ALICE));
        tokens.add(live(BOB, "bob's"));
        tokens.forEach(store::add);
        List<TokenId> ids = new ArrayList<>(List.of(id("unknown"), id("LIVE"), id("live"), id("bare")));
        tokens.forEach(token -> ids.add(token.id()));
        assertThat(store.findAll(ids))
                .hasSize(tokens.size())
                .allSatisfy((id, token) -> assertThat(token.id()).isEqualTo(id))
                .values()
                .containsExactlyInAnyOrderElementsOf(tokens);
        assertThat(store.findAll(List.of(tokens.get(3).id())))
                .containsOnlyKeys(tokens.get(3).id())
                .containsValue(tokens.get(3));
        assertThat(store.findAll(List.of())).isEmpty();
        assertThat(store.findAll(List.of(id("unknown")))).isEmpty();
    }

    @Test
    default void r26_a_revocation_is_shown_once_it_returned() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = List.of(live(ALICE, "t1"), live(ALICE, "t2"), live(BOB, "t3"));
        List<TokenId> ids = tokens.stream().map(Token::id).toList();
        tokens.forEach(store::add);
        store.findAll(ids);
        Revocation revocation = revocation("alice");
        store.revoke(ALICE, ids.get(0), revocation);
        store.revokeAll(BOB, revocation);
        assertThat(store.findAll(ids).values())
                .containsExactlyInAnyOrder(
                        tokens.get(0).withRevocation(revocation),
                        tokens.get(1),
                        tokens.get(2).withRevocation(revocation));
    }

    @Test
    default void r26_a_thousand_are_found_by_one_call_and_more_are_refused() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = IntStream.range(0, 1_000)
                .mapToObj(i -> live(new Owner("user" + i % 7), "t" + i))
                .toList();
        tokens.forEach(store::add);
        List<TokenId> ids = new ArrayList<>(tokens.stream().map(Token::id).toList());
        assertThat(store.findAll(ids).values()).containsExactlyInAnyOrderElementsOf(tokens);
        ids.add(id("one-more"));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> store.findAll(ids));
    }
}
