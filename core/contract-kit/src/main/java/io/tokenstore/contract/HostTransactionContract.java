package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The kit has no transaction that a store could join. */
public interface HostTransactionContract extends StoreUnderTest {

    @Test
    default void r35_no_call_is_part_of_a_transaction_before_between_or_after_others() throws Exception {
        TokenStore store = emptyStore();
        assertThat(store.inHostTransaction()).as("At first").isFalse();
        List<ThrowingCallable> calls = List.of(
                () -> store.add(pending(ALICE, "t1", "t0")),
                () -> store.addAll(List.of(live(ALICE, "t2"), live(BOB, "t3"))),
                () -> store.find(id("t1")),
                () -> store.findAll(List.of(id("t1"), id("t2"))),
                () -> store.list(ALICE, null, 10),
                () -> store.scan(null, 10),
                () -> store.activate(ALICE, id("t1")),
                () -> store.revoke(ALICE, id("t1"), revocation("alice")),
                () -> store.revoke(ALICE, id("t1"), revocation("bob")),
                () -> store.revoke(BOB, id("t1"), revocation("bob")),
                () -> store.revokeAll(ALICE, revocation("alice")),
                () -> store.purge(NOW.plusSeconds(1), null, 10),
                () -> store.add(live(BOB, "t3")),
                () -> store.addAll(List.of(live(ALICE, "t4"), live(BOB, "t3"))),
                () -> store.list(ALICE, null, 0));
        for (int i = 0; i < calls.size(); i++) {
            ThrowingCallable call = calls.get(i);
            catchThrowable(call); // The last three are refused.
            assertThat(store.inHostTransaction()).as("After call %d", i).isFalse();
            assertThat(CompletableFuture.supplyAsync(store::inHostTransaction).get())
                    .as("On another thread, after call %d", i)
                    .isFalse();
        }
        assertThat(store.find(id("t3"))).as("What one of the calls added").isPresent();
    }

    @Test
    default void r35_no_thread_takes_part_in_what_another_one_writes() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.rounds(
                store,
                raceTime(),
                round -> new Duel.Round<>(
                        contender -> {
                            boolean within = false;
                            for (int i = 0; i < 20; i++) {
                                if (contender == 0) {
                                    write(store, 20 * round + i);
                                }
                                within |= store.inHostTransaction();
                            }
                            return within;
                        },
                        answers -> assertThat(answers).as("In a transaction").containsOnly(false)));
    }

    private static void write(TokenStore store, int number) {
        TokenId id = id("t" + number / 4);
        switch (number % 4) {
            case 0 -> store.add(pending(ALICE, id.value(), "old"));
            case 1 -> store.activate(ALICE, id);
            case 2 -> store.revoke(ALICE, id, revocation("alice"));
            default -> store.purge(NOW.plusSeconds(1), null, 1);
        }
    }
}
