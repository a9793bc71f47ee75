package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whoever looks after a revocation has returned sees it. */
public interface VisibilityContract extends StoreUnderTest {

    @Test
    default void r20_a_token_that_was_looked_at_before_is_seen_revoked_at_once() throws Exception {
        TokenStore store = emptyStore();
        for (int i = 0; i < 20; i++) {
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
    default void r20_a_revocation_is_seen_on_every_other_thread_once_it_was_answered() throws Exception {
        TokenStore store = emptyStore();
        int tokens = 8;
        try (Race race = new Race(4)) {
            for (int round = 0; round < 10; round++) {
                Owner owner = new Owner("user" + round);
                List<TokenId> ids = add(store, owner, tokens);
                if (round % 2 == 0) {
                    race.round(contender -> lookAtAll(store, owner, ids));
                }
                AtomicInteger answered = new AtomicInteger();
                List<Integer> unseen = race.round(contender -> {
                    if (contender == 0) {
                        return revokeOneByOne(store, owner, ids, answered);
                    }
                    int missed = 0;
                    for (int i = 0; i < tokens; i++) {
                        lookUntil(store, ids.get(i), answered, i + 1);
                        missed += unseen(store, owner, ids, i);
                    }
                    return missed;
                });
                assertThat(unseen).as("Not seen").containsOnly(0);
            }
        }
    }

    @Test
    default void r20_a_revoke_all_is_seen_on_every_other_thread_once_it_was_answered() throws Exception {
        TokenStore store = emptyStore();
        int tokens = 8;
        try (Race race = new Race(4)) {
            for (int round = 0; round < 10; round++) {
                Owner owner = new Owner("user" + round);
                List<TokenId> ids = add(store, owner, tokens);
                if (round % 2 == 0) {
                    race.round(contender -> lookAtAll(store, owner, ids));
                }
                AtomicInteger answered = new AtomicInteger();
                List<Integer> unseen = race.round(contender -> {
                    if (contender == 0) {
                        try {
                            letOthersLook();
                            store.revokeAll(owner, revocation("x"));
                        } finally {
                            answered.set(1);
                        }
                        return 0;
                    }
                    lookUntil(store, ids.get(contender), answered, 1);
                    return IntStream.range(0, tokens)
                            .map(i -> unseen(store, owner, ids, i))
                            .sum();
                });
                assertThat(unseen).as("Not seen").containsOnly(0);
            }
        }
    }

    private static void lookAt(TokenStore store, Token token) {
        store.find(token.id());
        store.findAll(List.of(token.id()));
        Walk.list(store, token.owner());
        Walk.scan(store);
    }

    private static List<TokenId> add(TokenStore store, Owner owner, int tokens) {
        List<TokenId> ids = IntStream.range(0, tokens)
                .mapToObj(i -> id(owner.value() + "-" + i))
                .toList();
        ids.forEach(id -> store.add(live(owner, id.value())));
        return ids;
    }

    /** What a thread keeps of its own looks is old then; in the other rounds it looks while the token is revoked. */
    private static int lookAtAll(TokenStore store, Owner owner, List<TokenId> ids) {
        ids.forEach(store::find);
        return Walk.list(store, owner).size();
    }

    private static void letOthersLook() {
        LockSupport.parkNanos(100_000);
    }

    private static int revokeOneByOne(TokenStore store, Owner owner, List<TokenId> ids, AtomicInteger answered) {
        try {
            for (TokenId id : ids) {
                letOthersLook();
                store.revoke(owner, id, revocation("x"));
                answered.incrementAndGet();
            }
            return 0;
        } finally {
            answered.set(ids.size());
        }
    }

    /** Keeps looking while another thread revokes, so that whatever caches a look has something old to keep. */
    private static void lookUntil(TokenStore store, TokenId id, AtomicInteger answered, int enough) {
        do {
            store.find(id);
        } while (answered.get() < enough);
    }

    /** Returns how many looks do not show the revocation of a token. */
    private static int unseen(TokenStore store, Owner owner, List<TokenId> ids, int index) {
        TokenId id = ids.get(index);
        boolean found = store.find(id).map(Token::revocation).isPresent();
        boolean listed =
                Walk.list(store, owner).stream().anyMatch(token -> token.id().equals(id) && token.revocation() != null);
        return (found ? 0 : 1) + (listed ? 0 : 1);
    }
}
