package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static io.tokenstore.contract.TokenComparison.assertFound;
import static io.tokenstore.contract.TokenComparison.assertInAnyOrder;
import static io.tokenstore.contract.TokenComparison.assertInOrder;
import static io.tokenstore.contract.TokenComparison.assertKept;
import static io.tokenstore.contract.TokenComparison.shown;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An id is only a value in every call: not SQL, a pattern, a path or a number, and never cut. */
public interface HostileIdContract extends StoreUnderTest {

    @Test
    default void r10_an_id_that_is_sql_or_a_pattern_finds_its_own_token_alone() throws Exception {
        TokenStore store = emptyStore();
        add(store, Texts.BYSTANDERS);
        for (TokenId id : Texts.IDS) {
            assertThat(store.find(id)).as("find(%s)", shown(id)).isEmpty();
        }
        assertThat(store.findAll(Texts.IDS)).as("findAll of unknown ids").isEmpty();
        List<Token> own = add(store, Texts.IDS);
        assertFound(store, own.toArray(Token[]::new));
        for (Token token : own) {
            Collection<Token> found = store.findAll(List.of(token.id())).values();
            assertInAnyOrder("findAll(" + shown(token.id()) + ")", found, List.of(token));
        }
    }

    @Test
    default void r5_an_id_that_is_sql_or_a_pattern_revokes_its_own_token_alone() throws Exception {
        TokenStore store = emptyStore();
        List<Token> kept = add(store, Texts.BYSTANDERS);
        for (TokenId id : Texts.IDS) {
            assertThat(store.revoke(ALICE, id, revocation("x")))
                    .as("revoke(%s), which is unknown", shown(id))
                    .isFalse();
        }
        assertKept("revocations of unknown ids", store, kept);
        List<Token> own = add(store, Texts.IDS);
        assertKept("add", store, Stream.concat(kept.stream(), own.stream()).toList());
        for (Token token : own) {
            Revocation revocation = revocation("x");
            assertThat(store.revoke(ALICE, token.id(), revocation))
                    .as("revoke(%s)", shown(token.id()))
                    .isTrue();
            kept.add(token.withRevocation(revocation));
        }
        assertKept("revocations", store, kept);
    }

    @Test
    default void r24_an_id_that_is_sql_or_a_pattern_activates_its_own_token_alone() throws Exception {
        TokenStore store = emptyStore();
        List<Token> kept = add(store, Texts.BYSTANDERS);
        for (TokenId id : Texts.IDS) {
            assertThat(store.activate(ALICE, id))
                    .as("activate(%s), which is unknown", shown(id))
                    .isFalse();
        }
        assertKept("activations of unknown ids", store, kept);
        List<Token> own = add(store, Texts.IDS);
        assertKept("add", store, Stream.concat(kept.stream(), own.stream()).toList());
        for (Token token : own) {
            assertThat(store.activate(ALICE, token.id()))
                    .as("activate(%s)", shown(token.id()))
                    .isTrue();
            kept.add(token.toBuilder().predecessor(null).build());
            assertFound(store, kept.get(kept.size() - 1));
        }
        assertKept("activations", store, kept);
    }

    @Test
    default void r14_a_page_begins_after_an_id_that_is_sql_or_a_pattern() throws Exception {
        TokenStore store = emptyStore();
        assertListsAfterEach(store, add(store, Texts.BYSTANDERS));
        assertListsAfterEach(
                store,
                Stream.concat(Walk.list(store, ALICE).stream(), add(store, Texts.IDS).stream())
                        .toList());
    }

    private static void assertListsAfterEach(TokenStore store, List<Token> kept) {
        for (TokenId after : Texts.IDS) {
            List<Token> rest = kept.stream()
                    .filter(token -> token.id().compareTo(after) > 0)
                    .sorted(Comparator.comparing(Token::id))
                    .toList();
            assertInOrder("list after " + shown(after), Walk.list(store, ALICE, after, TokenStore.MAX_PAGE), rest);
        }
    }

    @Test
    default void r21_a_scan_begins_after_an_id_that_is_sql_or_a_pattern() throws Exception {
        TokenStore store = emptyStore();
        add(store, Texts.BYSTANDERS);
        add(store, Texts.IDS);
        List<Token> all = Walk.scan(store);
        for (int i = 0; i < all.size(); i++) {
            TokenId after = all.get(i).id();
            List<Token> rest = Walk.scan(store, after, TokenStore.MAX_PAGE);
            assertInOrder("scan after " + shown(after), rest, all.subList(i + 1, all.size()));
        }
    }

    @Test
    default void r17_a_purge_begins_after_an_id_that_is_sql_or_a_pattern() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Revocation ended = revokedAt(NOW.minusSeconds(1));
        List<TokenId> ids = Stream.of(Texts.BYSTANDERS, Texts.IDS)
                .flatMap(Collection::stream)
                .toList();
        InParallel.forEach(
                ids, id -> store.add(pending(ALICE, id.value(), "old").withRevocation(ended)));
        List<Token> all = Walk.scan(store);
        Walk.purge(store, Instant.EPOCH);
        for (int i = all.size() - 1; i > 0; i--) {
            int removed = Walk.purge(store, NOW, all.get(i - 1).id(), TokenStore.MAX_PAGE);
            String after = shown(all.get(i - 1).id());
            assertThat(removed).as("Removed by a purge after %s", after).isEqualTo(1);
            assertInOrder("scan after a purge after " + after, Walk.scan(store), all.subList(0, i));
        }
    }

    private static List<Token> add(TokenStore store, List<TokenId> ids) throws Exception {
        List<Token> tokens = new ArrayList<>();
        for (TokenId id : ids) {
            tokens.add(pending(ALICE, id.value(), "old"));
        }
        InParallel.forEach(tokens, new RetryingStore(store)::add);
        return tokens;
    }
}
