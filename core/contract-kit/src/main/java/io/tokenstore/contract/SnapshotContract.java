package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a call returned stays as it is. */
public interface SnapshotContract extends StoreUnderTest {

    @Test
    default void r27_what_was_returned_does_not_change_when_the_store_does() throws Exception {
        TokenStore store = emptyStore();
        store.add(pending(ALICE, "t1", "t0"));
        store.add(live(ALICE, "t2"));
        TokenPage listed = store.list(ALICE, null, 10);
        TokenPage scanned = store.scan(null, 10);
        Map<TokenId, Token> found = store.findAll(List.of(id("t1"), id("t2"), id("t3")));
        List<Token> tokensListed = new ArrayList<>(listed.tokens());
        List<Token> tokensScanned = new ArrayList<>(scanned.tokens());
        Map<TokenId, Token> tokensFound = new HashMap<>(found);
        store.activate(ALICE, id("t1"));
        store.revokeAll(ALICE, revocation("alice"));
        store.add(live(ALICE, "t3"));
        assertThat(listed.tokens()).isEqualTo(tokensListed);
        assertThat(scanned.tokens()).isEqualTo(tokensScanned);
        assertThat(found).isEqualTo(tokensFound);
    }

    @Test
    default void r27_what_was_returned_can_not_be_modified() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        store.add(token);
        Map<TokenId, Token> found = store.findAll(List.of(token.id()));
        Map<TokenId, Token> none = store.findAll(List.of(id("t2")));
        List<ThrowingCallable> calls = List.of(
                () -> store.list(ALICE, null, 10).tokens().add(token),
                () -> store.scan(null, 10).tokens().add(token),
                () -> found.remove(token.id()),
                () -> none.put(token.id(), token));
        for (ThrowingCallable call : calls) {
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(call);
        }
    }
}
