package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Arguments that can't be right are refused. */
public interface ArgumentsContract extends StoreUnderTest {

    @Test
    default void r19_a_null_argument_is_refused_and_changes_nothing() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        Revocation revocation = revocation("alice");
        List<ThrowingCallable> calls = List.of(
                () -> store.add(null),
                () -> store.addAll(null),
                () -> store.addAll(Arrays.asList(null, live(ALICE, "t2"))),
                () -> store.find(null),
                () -> store.findAll(null),
                () -> store.findAll(Arrays.asList(id("t1"), null)),
                () -> store.list(null, null, 10),
                () -> store.revoke(null, id("t1"), revocation),
                () -> store.revoke(ALICE, null, revocation),
                () -> store.revoke(ALICE, id("t1"), null),
                () -> store.revoke(ALICE, id("unknown"), null),
                () -> store.revokeAll(null, revocation),
                () -> store.revokeAll(ALICE, null),
                () -> store.activate(null, id("t1")),
                () -> store.activate(ALICE, null),
                () -> store.purge(null, null, 10));
        for (int i = 0; i < calls.size(); i++) {
            assertThatExceptionOfType(NullPointerException.class)
                    .as("Call %d", i)
                    .isThrownBy(calls.get(i));
        }
        // On another thread, which a lock that is still held would stop.
        InParallel.forEach(List.of(live(ALICE, "t1")), token -> {
            assertThat(Walk.list(store, ALICE)).containsExactly(token);
            assertThat(store.revoke(ALICE, token.id(), revocation)).isTrue();
        });
    }

    @Test
    default void r19_a_bound_out_of_range_is_refused() throws Exception {
        TokenStore store = emptyStore();
        for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, 1_001, Integer.MAX_VALUE}) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> store.list(ALICE, null, limit));
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> store.scan(null, limit));
        }
        for (int maxExamined : new int[] {Integer.MIN_VALUE, -1, 0}) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> store.purge(NOW, null, maxExamined));
        }
        InParallel.forEach(List.of(live(ALICE, "t1")), store::add);
    }

    @Test
    default void r34_a_refusal_shows_nothing_of_a_token() throws Exception {
        TokenStore store = emptyStore();
        Token kept = FailingCall.newToken();
        Token other = FailingCall.sibling(kept);
        List<Token> tooMany = Collections.nCopies(1_001, other);
        store.add(kept);
        List<ThrowingCallable> calls = List.of(
                () -> store.add(kept),
                () -> store.add(kept.toBuilder().hash(other.hash()).build()),
                () -> store.addAll(List.of(other, other)),
                () -> store.addAll(List.of(kept)),
                () -> store.addAll(tooMany),
                () -> store.addAll(Arrays.asList(other, null)),
                () -> store.findAll(Collections.nCopies(1_001, kept.id())),
                () -> store.revoke(kept.owner(), kept.id(), null),
                () -> store.revokeAll(kept.owner(), null),
                () -> store.list(kept.owner(), kept.id(), 0),
                () -> store.purge(NOW, kept.id(), 0));
        for (ThrowingCallable call : calls) {
            Leaks.verifyNone(catchThrowable(call), List.of(kept, other));
        }
    }
}
