package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.fixtures.Walk;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A call costs as much in a large store as in a small one, and a store that shrinks gives its memory back. */
class StoreOfManyTokensTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(1);
    private static final Owner ALICE = new Owner("alice");
    private static final int BLOCKS = 17;

    private final InMemoryTokenStore store = new InMemoryTokenStore();

    /**
     * Seconds on a slow machine. If the cost of one of these calls grew with the number of tokens, this would take much longer
     * than the limit. {@link String#hashCode} is no secret, and a host may take the ids from its clients.
     */
    @Test
    @Timeout(value = 600, threadMode = ThreadMode.SEPARATE_THREAD)
    void a_call_costs_the_same_among_very_many_tokens_whose_ids_have_one_hash_code() {
        List<TokenId> ids = new ArrayList<>(IntStream.range(0, 1 << BLOCKS)
                .mapToObj(i -> new TokenId(ofOneHash(i)))
                .toList());
        assertThat(ids.stream().map(TokenId::hashCode).distinct()).hasSize(1);
        Collections.shuffle(ids, new Random(1));
        List<TokenId> ofAlice = ids.subList(0, ids.size() / 2);
        List<TokenId> ofOthers = ids.subList(ids.size() / 2, ids.size());
        ofAlice.forEach(id -> add(id, ALICE));
        ofOthers.forEach(id -> add(id, new Owner("owner-of-" + id)));
        assertThat(ids).allMatch(id -> store.find(id).isPresent());
        assertThat(Walk.of(after -> store.list(ALICE, after, 1)))
                .extracting(Token::id)
                .isEqualTo(ofAlice.stream().sorted().toList());
        assertThat(Walk.of(after -> store.scan(after, 1)))
                .extracting(Token::id)
                .isEqualTo(ids.stream().sorted().toList());
        Revocation all = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
        assertThat(ofOthers).allMatch(id -> store.revokeAll(new Owner("owner-of-" + id), all) == 1);
        assertThat(store.revokeAll(ALICE, all)).isEqualTo(ofAlice.size());
        assertThat(Walk.purge(store, NOW, 1)).isZero();
        assertThat(Walk.purge(store, LATER, 1)).isEqualTo(ids.size());
        assertThat(store.purge(LATER, null, 1)).isEqualTo(new PurgePage(0, null));
    }

    @Test
    void of_a_user_whose_tokens_are_all_purged_nothing_is_kept_in_memory() {
        WeakReference<Owner> passing = new WeakReference<>(passThrough());
        for (int i = 0; i < 100 && passing.get() != null; i++) {
            System.gc();
        }
        assertThat(passing.get()).isNull();
        assertThat(store.find(new TokenId("kept"))).isPresent();
    }

    /** Keeps a token of a user until it is purged, and one of another user for longer. */
    private Owner passThrough() {
        store.add(Token.builder(new TokenId("kept"), ALICE, "laptop", NOW).build());
        Owner passing = new Owner("p".repeat(100));
        add(new TokenId("p"), passing);
        assertThat(store.purge(LATER, null, 10).removed()).isEqualTo(1);
        return passing;
    }

    private static String ofOneHash(int number) {
        return IntStream.range(0, BLOCKS)
                .mapToObj(block -> (number >>> block & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining());
    }

    private void add(TokenId id, Owner owner) {
        store.add(Token.builder(id, owner, "laptop", NOW).expiresAt(NOW).build());
    }
}
