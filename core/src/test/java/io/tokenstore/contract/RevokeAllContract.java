package io.tokenstore.contract;

import static io.tokenstore.contract.Rule.R10;
import static io.tokenstore.contract.Rule.R12;
import static io.tokenstore.contract.Rule.R13;
import static io.tokenstore.contract.Rule.R14;
import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All tokens of one user are revoked at once. */
public interface RevokeAllContract extends StoreUnderTest {

    /** R12. */
    @Test
    default void r12_every_token_of_the_owner_is_revoked_and_no_other() throws Exception {
        TokenStore store = emptyStore();
        List<Token> own = List.of(live(ALICE, "a1"), expiring(ALICE, "a2", NOW.minusSeconds(1)), live(ALICE, "a3"));
        Token others = live(BOB, "b1");
        own.forEach(store::add);
        store.add(others);
        Revocation all = revocation("alice");
        assertThat(store.revokeAll(ALICE, all)).as(R12.toString()).isEqualTo(3);
        for (Token token : own) {
            assertThat(store.find(token.id())).as(R12.toString()).contains(token.withRevocation(all));
        }
        assertThat(store.find(others.id())).as(R12.toString()).contains(others);
    }

    /** R12. */
    @Test
    default void r12_thousands_of_tokens_are_revoked_to_the_last() throws Exception {
        TokenStore store = emptyStore();
        int tokens = 2_501;
        IntStream.range(0, tokens).forEach(i -> store.add(live(ALICE, "t" + i)));
        Revocation all = revocation("alice");
        assertThat(store.revokeAll(ALICE, all)).as(R12.toString()).isEqualTo(tokens);
        TokenId after = null;
        for (int size : new int[] {1_000, 1_000, 501}) {
            List<Token> page = store.list(ALICE, after, 1_000);
            assertThat(page).as(R14.toString()).hasSize(size);
            assertThat(page).as(R12.toString()).extracting(Token::revocation).containsOnly(all);
            after = page.get(page.size() - 1).id();
        }
        assertThat(store.list(ALICE, after, 1_000)).as(R14.toString()).isEmpty();
    }

    /** R12. */
    @Test
    default void r12_a_purged_token_is_not_counted() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        store.add(live(ALICE, "t2"));
        Revocation all = revocation("alice");
        store.revokeAll(ALICE, all);
        store.purge(NOW.plusSeconds(1), null, 10);
        assertThat(store.revokeAll(ALICE, all)).as(R12.toString()).isZero();
        store.add(live(ALICE, "t3"));
        assertThat(store.revokeAll(ALICE, all)).as(R12.toString()).isEqualTo(1);
    }

    /** R12. */
    @Test
    default void r12_what_was_revoked_before_keeps_its_own_revocation() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        store.add(live(ALICE, "t2"));
        Revocation first = revocation("alice");
        Revocation all = new Revocation(UUID.randomUUID(), NOW.plusSeconds(60), "bob", "left the company");
        store.revoke(ALICE, id("t1"), first);
        assertThat(store.revokeAll(ALICE, all)).as(R12.toString()).isEqualTo(1);
        assertThat(store.find(id("t1")).map(Token::revocation))
                .as(R12.toString())
                .contains(first);
        assertThat(store.find(id("t2")).map(Token::revocation))
                .as(R12.toString())
                .contains(all);
    }

    /** R12. */
    @Test
    default void r12_repeated_it_counts_the_same_tokens_finishes_new_ones_and_rewrites_nothing() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        store.add(live(ALICE, "t2"));
        Revocation all = revocation("alice");
        store.revokeAll(ALICE, all);
        Revocation repeated = new Revocation(all.id(), NOW.plusSeconds(60), "bob", "again");
        assertThat(store.revokeAll(ALICE, repeated)).as(R12.toString()).isEqualTo(2);
        assertThat(store.find(id("t1")).map(Token::revocation))
                .as(R12.toString())
                .contains(all);
        store.add(live(ALICE, "t3"));
        assertThat(store.revokeAll(ALICE, all)).as(R12.toString()).isEqualTo(3);
        assertThat(store.revoke(ALICE, id("t3"), all)).as(R12.toString()).isTrue();
        assertThat(store.revokeAll(ALICE, revocation("alice")))
                .as(R12.toString())
                .isZero();
    }

    /** R12. */
    @Test
    default void r12_a_user_without_tokens_counts_none() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        assertThat(store.revokeAll(BOB, revocation("bob"))).as(R12.toString()).isZero();
        assertThat(store.revokeAll(new Username("ALICE"), revocation("x")))
                .as(R10.toString())
                .isZero();
    }

    /** R13. */
    @Test
    default void r13_where_revoke_and_revoke_all_race_every_answer_agrees_with_what_is_kept() throws Exception {
        TokenStore store = emptyStore();
        int tokens = 6;
        try (Race race = new Race(tokens + 2)) {
            for (int round = 0; round < 50; round++) {
                Username owner = new Username("user" + round);
                String prefix = round + "-";
                IntStream.range(0, tokens).forEach(i -> store.add(live(owner, prefix + i)));
                List<Revocation> revocations =
                        Stream.generate(() -> revocation("x")).limit(tokens + 2).toList();
                List<Integer> answers = race.round(contender -> {
                    Revocation own = revocations.get(contender);
                    return contender < tokens
                            ? (store.revoke(owner, id(prefix + contender), own) ? 1 : 0)
                            : store.revokeAll(owner, own);
                });
                List<Revocation> kept = IntStream.range(0, tokens)
                        .mapToObj(i -> store.find(id(prefix + i)).orElseThrow().revocation())
                        .toList();
                for (int i = 0; i < answers.size(); i++) {
                    Revocation own = revocations.get(i);
                    assertThat((long) answers.get(i))
                            .as(R13.toString())
                            .isEqualTo(kept.stream().filter(own::equals).count());
                }
                assertThat(revocations).as(R13.toString()).containsAll(kept);
            }
        }
    }

    /** R12. */
    @Test
    default void r12_every_token_whose_add_returned_before_is_revoked_while_others_are_added() throws Exception {
        TokenStore store = emptyStore();
        int adders = 4;
        int each = 25;
        try (Race race = new Race(adders + 1)) {
            for (int round = 0; round < 10; round++) {
                Username owner = new Username("user" + round);
                Revocation all = revocation("x");
                Queue<TokenId> added = new ConcurrentLinkedQueue<>();
                String prefix = round + "-";
                List<Integer> answers = race.round(contender -> {
                    if (contender == adders) {
                        while (added.size() < adders * each / 2) {
                            Thread.onSpinWait();
                        }
                        List<TokenId> before = List.copyOf(added);
                        store.revokeAll(owner, all);
                        return (int) before.stream()
                                .filter(id -> store.find(id)
                                        .map(Token::revocation)
                                        .filter(all::equals)
                                        .isEmpty())
                                .count();
                    }
                    for (int i = 0; i < each; i++) {
                        TokenId id = id(prefix + contender + "-" + i);
                        store.add(live(owner, id.value()));
                        added.add(id);
                    }
                    return 0;
                });
                assertThat(answers).as("%s Escaped:", R12).containsOnly(0);
                assertThat(store.revokeAll(owner, all)).as(R12.toString()).isEqualTo(adders * each);
            }
        }
    }
}
