package io.tokenstore.contract;

import static io.tokenstore.contract.Rule.R19;
import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Revocation;
import io.tokenstore.TokenStore;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Arguments that can't be meant are refused. */
public interface ArgumentsContract extends StoreUnderTest {

    /** R19. */
    @Test
    default void r19_a_null_argument_is_refused_and_changes_nothing() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        Revocation revocation = revocation("alice");
        List<ThrowingCallable> calls = List.of(
                () -> store.add(null),
                () -> store.find(null),
                () -> store.list(null, null, 10),
                () -> store.revoke(null, id("t1"), revocation),
                () -> store.revoke(ALICE, null, revocation),
                () -> store.revoke(ALICE, id("t1"), null),
                () -> store.revoke(ALICE, id("unknown"), null),
                () -> store.revokeAll(null, revocation),
                () -> store.revokeAll(ALICE, null),
                () -> store.purge(null, null, 10));
        for (int i = 0; i < calls.size(); i++) {
            assertThatExceptionOfType(NullPointerException.class)
                    .as("%s Call %d:", R19, i)
                    .isThrownBy(calls.get(i));
        }
        assertThat(store.list(ALICE, null, 10)).as(R19.toString()).containsExactly(live(ALICE, "t1"));
    }

    /** R19. */
    @Test
    default void r19_a_bound_out_of_range_is_refused() throws Exception {
        TokenStore store = emptyStore();
        for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, 1_001, Integer.MAX_VALUE}) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .as(R19.toString())
                    .isThrownBy(() -> store.list(ALICE, null, limit));
        }
        for (int examine : new int[] {Integer.MIN_VALUE, -1, 0}) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .as(R19.toString())
                    .isThrownBy(() -> store.purge(NOW, null, examine));
        }
    }
}
