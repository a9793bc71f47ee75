package io.tokenstore.contract;

import static io.tokenstore.contract.FailingCall.newRevocation;
import static io.tokenstore.contract.FailingCall.newToken;
import static io.tokenstore.contract.FailingCall.sibling;
import static io.tokenstore.contract.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What a call does if a request to the medium, or its reply, is lost.
 *
 * <p>The test class of a store whose medium can fail also implements this interface, beside {@link TokenStoreContract}.
 */
public interface FailureContract extends StoreUnderTest {

    /** The fate of a request that the store sends to the medium that keeps its tokens. */
    enum Fate {
        /** It is carried out, and the reply arrives. */
        ANSWERED,
        /** It is not carried out: the store sees a broken connection. */
        REQUEST_LOST,
        /** It is carried out, but the store sees a broken connection instead of the reply. */
        REPLY_LOST
    }

    /**
     * Returns an empty store to test, which asks for the fate of each request to its medium.
     *
     * <p>Something between the two, for example a stand-in for the driver's connection, calls {@link Supplier#get} once for
     * each request. If the request or its reply is lost, it fails as the driver would. A store that repeats requests by itself
     * should give up soon, for example after 100 ms: some requests are lost each time.
     *
     * @param fates returns the fate of the next request, which is {@code ANSWERED} until this method has returned
     * @return an empty store
     * @throws Exception if the store can't be created; fails the test
     */
    TokenStore emptyStore(Supplier<Fate> fates) throws Exception;

    @Test
    default void r34_an_add_that_fails_throws_and_is_not_its_own_duplicate() throws Exception {
        FailingCall.check(this, store -> {
            Token token = newToken();
            return new FailingCall(List.of(), () -> store.add(token), List.of(token)).repeatedBy(() -> {
                if (store.find(token.id()).isEmpty()) {
                    store.add(token);
                }
            });
        });
    }

    @Test
    default void r34_an_add_all_that_fails_throws_and_what_is_missing_can_be_added() throws Exception {
        FailingCall.check(this, store -> {
            Token first = newToken();
            List<Token> tokens = List.of(first, sibling(first), sibling(first));
            return new FailingCall(List.of(), () -> store.addAll(tokens), tokens)
                    .repeatedBy(() -> store.addAll(tokens.stream()
                            .filter(token -> store.find(token.id()).isEmpty())
                            .toList()));
        });
    }

    @Test
    default void r34_an_add_of_an_id_that_is_kept_fails_and_changes_nothing() throws Exception {
        FailingCall.check(this, store -> {
            Token kept = newToken();
            Token other = kept.toBuilder().scopes(Scopes.all()).build();
            store.add(kept);
            // It is refused or not carried out, but certainly not done.
            return new FailingCall(List.of(kept), () -> isRefused(store, other), List.of(kept));
        });
    }

    private static void isRefused(TokenStore store, Token other) {
        boolean refused = false;
        try {
            store.add(other);
        } catch (DuplicateTokenException e) {
            refused = true;
        }
        assertThat(refused).as("Refused").isTrue();
    }

    @Test
    default void r34_a_look_that_fails_throws_and_is_not_empty() throws Exception {
        FailingCall.check(this, store -> {
            Token token = seenBeforeItWasRevoked(store, newToken());
            return new FailingCall(
                    List.of(token), () -> assertThat(store.find(token.id())).contains(token), List.of(token));
        });
        FailingCall.check(this, store -> {
            Token first = seenBeforeItWasRevoked(store, newToken());
            Token second = seenBeforeItWasRevoked(store, sibling(first));
            List<TokenId> ids = List.of(first.id(), second.id());
            return new FailingCall(
                    List.of(first, second),
                    () -> assertThat(store.findAll(ids).values()).containsExactlyInAnyOrder(first, second),
                    List.of(first, second));
        });
    }

    @Test
    default void r34_a_walk_that_fails_throws_and_is_not_at_its_end() throws Exception {
        FailingCall.check(this, store -> {
            Token first = seenBeforeItWasRevoked(store, newToken());
            Token second = seenBeforeItWasRevoked(store, sibling(first));
            return new FailingCall(
                    List.of(first, second),
                    () -> assertThat(Walk.list(store, first.owner(), null, 1)).containsExactlyInAnyOrder(first, second),
                    List.of(first, second));
        });
        FailingCall.check(this, store -> {
            Token first = seenBeforeItWasRevoked(store, newToken());
            Token second = seenBeforeItWasRevoked(store, sibling(first));
            return new FailingCall(
                    List.of(first, second),
                    () -> assertThat(Walk.scan(store, null, 1)).contains(first, second),
                    List.of(first, second));
        });
    }

    /** A store that remembers what it saw must not answer by it when its medium is away. */
    private static Token seenBeforeItWasRevoked(TokenStore store, Token token) {
        store.add(token);
        for (Look look : Look.values()) {
            look.at(store, token);
        }
        Revocation act = newRevocation();
        store.revoke(token.owner(), token.id(), act);
        return token.withRevocation(act);
    }

    @Test
    default void r34_a_revoke_that_fails_throws_and_is_true_when_repeated() throws Exception {
        FailingCall.check(this, store -> {
            Token token = newToken();
            Revocation act = newRevocation();
            store.add(token);
            return new FailingCall(
                    List.of(token),
                    () -> assertThat(store.revoke(token.owner(), token.id(), act))
                            .isTrue(),
                    List.of(token.withRevocation(act)));
        });
    }

    @Test
    default void r34_a_revoke_that_came_second_fails_or_is_false() throws Exception {
        FailingCall.check(this, store -> {
            Token token = newToken().withRevocation(newRevocation());
            Revocation act = newRevocation();
            store.add(token);
            return new FailingCall(
                    List.of(token),
                    () -> assertThat(store.revoke(token.owner(), token.id(), act))
                            .isFalse(),
                    List.of(token));
        });
    }

    @Test
    default void r34_a_revoke_all_that_fails_throws_and_counts_all_when_repeated() throws Exception {
        FailingCall.check(this, store -> {
            Token first = newToken();
            Token second = sibling(first);
            Revocation act = newRevocation();
            store.add(first);
            store.add(second);
            return new FailingCall(
                    List.of(first, second),
                    () -> assertThat(store.revokeAll(first.owner(), act)).isEqualTo(2),
                    List.of(first.withRevocation(act), second.withRevocation(act)));
        });
    }

    @Test
    default void r34_an_activate_that_fails_throws_and_is_true_when_repeated() throws Exception {
        FailingCall.check(this, store -> {
            Token token = newToken();
            Token pending = token.toBuilder().predecessor(new TokenId("old")).build();
            store.add(pending);
            return new FailingCall(
                    List.of(pending),
                    () -> assertThat(store.activate(token.owner(), token.id())).isTrue(),
                    List.of(token));
        });
    }

    @Test
    default void r34_an_activate_of_a_revoked_token_fails_or_is_false() throws Exception {
        FailingCall.check(this, store -> {
            Token token = newToken().withRevocation(newRevocation());
            store.add(token);
            return new FailingCall(
                    List.of(token),
                    () -> assertThat(store.activate(token.owner(), token.id())).isFalse(),
                    List.of(token));
        });
    }

    @Test
    default void r34_a_purge_that_fails_throws_and_is_completed_when_repeated() throws Exception {
        // A failed addition may still be written later, and the kit repeats this block after a failure.
        AtomicInteger perhapsAdded = new AtomicInteger();
        FailingCall.check(this, store -> {
            Token first = newToken().toBuilder().expiresAt(NOW.minusSeconds(1)).build();
            Token second = sibling(first);
            int ended = perhapsAdded.addAndGet(2);
            store.add(first);
            store.add(second);
            perhapsAdded.addAndGet(-2);
            // A store that repeats a request whose reply was lost does not know what it removed earlier.
            return new FailingCall(
                    List.of(first, second),
                    () -> assertThat(Walk.purge(store, NOW)).isLessThanOrEqualTo(ended),
                    List.of());
        });
    }
}
