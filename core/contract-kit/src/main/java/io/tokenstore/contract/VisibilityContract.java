package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A look after a revocation has returned shows it. */
public interface VisibilityContract extends StoreUnderTest {

    @Test
    default void r20_a_token_that_was_looked_at_before_is_seen_revoked_at_once() throws Exception {
        TokenStore store = emptyStore();
        for (int i = 0; i < 3; i++) {
            Token token = live(ALICE, "t" + i);
            lookAt(store, token);
            store.add(token);
            lookAt(store, token);
            Revocation revocation = revocation("alice");
            store.revoke(ALICE, token.id(), revocation);
            Token revoked = token.withRevocation(revocation);
            assertThat(store.find(token.id())).contains(revoked);
            assertThat(Walk.list(store, ALICE)).contains(revoked);
            assertThat(Walk.scan(store)).contains(revoked);
            assertThat(store.findAll(List.of(token.id())).values()).containsExactly(revoked);
        }
    }

    @Test
    default void r20_tokens_that_were_looked_at_before_are_seen_revoked_by_revoke_all_at_once() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens =
                IntStream.range(0, 20).mapToObj(i -> live(ALICE, "t1" + i)).toList();
        tokens.forEach(store::add);
        tokens.forEach(token -> store.find(token.id()));
        Walk.list(store, ALICE);
        Revocation all = revocation("alice");
        store.revokeAll(ALICE, all);
        for (Token token : tokens) {
            assertThat(store.find(token.id())).contains(token.withRevocation(all));
        }
        assertThat(Walk.list(store, ALICE)).extracting(Token::revocation).containsOnly(all);
    }

    @Test
    default void r20_the_next_page_of_a_walk_shows_what_was_revoked_since_the_page_before() throws Exception {
        TokenStore store = emptyStore();
        int limit = 3;
        for (Owner owner : List.of(ALICE, BOB)) {
            boolean scans = owner.equals(BOB);
            for (int i = 10; i < 30; i++) {
                store.add(live(owner, owner + "-" + i));
            }
            Revocation all = revocation("x");
            List<Token> seen = scans
                    ? Walk.scan(store, null, limit, resumeAfter -> store.revokeAll(owner, all))
                    : Walk.list(store, owner, null, limit, resumeAfter -> store.revokeAll(owner, all));
            assertThat(seen.stream().filter(token -> token.revocation() == null).count())
                    .as(
                            "Tokens that a %s shows live, all of them revoked after its first page",
                            scans ? "scan" : "list")
                    .isLessThanOrEqualTo(limit);
        }
    }

    private static void lookAt(TokenStore store, Token token) {
        store.find(token.id());
        store.findAll(List.of(token.id()));
        Walk.list(store, token.owner());
        Walk.scan(store);
    }
}
