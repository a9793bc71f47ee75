package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static io.tokenstore.contract.TokenComparison.assertInAnyOrder;
import static io.tokenstore.contract.TokenComparison.assertKept;
import static io.tokenstore.contract.TokenComparison.assertPurgeLeaves;
import static io.tokenstore.contract.TokenComparison.assertRevokesAll;
import static io.tokenstore.contract.TokenComparison.shown;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No call confuses two owners. */
public interface OwnerContract extends StoreUnderTest {

    /** Returns owners of which some wrong comparison treats two as equal. */
    static Stream<List<String>> alike() {
        String supplementary = Character.toString(0x20000);
        return Stream.of(
                List.of("alice", "ALICE", "Alice", "\u00E1lice", "\uFF41lice", "alic", "alicf", "alice\u0301"),
                List.of("alice", "alice\uFE0F", "alice\u034F", "\u034Falice"), // marks that most collations ignore
                List.of("alice", "alice_", "alic_", "a%", "%", "_____", "al*", "al?ce", "[a]lice", "a.*", "^alice$"),
                List.of("john_doe", "johnXdoe", "john%", "john\\_doe", "john.doe", "john-doe", "john+doe", "johndoe"),
                List.of("x'OR'1'='1", "x'OR'1'='1'--", "'", "\"", "\\", "x\\", ";--", "x", "%'OR'%'='"),
                List.of("42", "042", "42.0", "+42", "4.2e1", "0x2A", "-42", "NULL", "null", "true"),
                List.of("stra\u00DFe", "strasse", "i", "I", "\u0131", "\u0130", "K", "\u212A", "\uFB01", "fi"),
                List.of("\u00E9", "e\u0301", "e", supplementary, Character.toString(0x20001), "\uD83D\uDD11", "?"),
                List.of("Aa", "BB", "aa", "bb", "AaAa", "BBBB", "AaBB"), // Most of these have the same hash code.
                List.of("a%41", "aA", "a%2541", "a+b", "a/", "a", "a//", "/a", "./a", "&#97;", "YQ=="),
                List.of("alice@example.com", "alice@example.co_", "alice", "alice@", "alice@Example.com"),
                List.of(
                        supplementary.repeat(254),
                        supplementary.repeat(255),
                        supplementary.repeat(254) + Character.toString(0x20001),
                        "\u6F22".repeat(255),
                        "a".repeat(254) + "b",
                        "a".repeat(255)));
    }

    @ParameterizedTest
    @MethodSource("alike")
    default void r10_owners_who_look_alike_are_different_owners(List<String> alike) throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<Owner> owners = new ArrayList<>(alike.stream().map(Owner::new).toList());
        List<Token> tokens = new ArrayList<>();
        for (Owner owner : owners) {
            tokens.add(pending(owner, "t" + tokens.size(), "old"));
        }
        InParallel.forEach(tokens, store::add);
        InParallel.forEach(List.copyOf(tokens), token -> {
            for (Owner other : owners) {
                if (!other.equals(token.owner())) {
                    assertThat(store.revoke(other, token.id(), revocation("x")))
                            .as("revoke by %s of %s's", shown(other), shown(token.owner()))
                            .isFalse();
                    assertThat(store.activate(other, token.id()))
                            .as("activate by %s of %s's", shown(other), shown(token.owner()))
                            .isFalse();
                }
            }
        });
        InParallel.forEach(tokens, token -> {
            String list = "list(" + shown(token.owner()) + ")";
            assertInAnyOrder(list, Walk.list(store, token.owner()), List.of(token));
        });
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            assertThat(store.activate(token.owner(), token.id()))
                    .as("activate by %s", shown(token.owner()))
                    .isTrue();
            tokens.set(i, token.toBuilder().predecessor(null).build());
        }
        assertKept("activations", store, tokens);
        // Forward and backward, so that each owner also comes before each other owner, whose tokens are then still
        // unrevoked.
        assertEachRevokesItsOwn(store, tokens);
        Collections.reverse(owners);
        List<Token> again = new ArrayList<>();
        for (Owner owner : owners) {
            again.add(pending(owner, "again" + again.size(), "old"));
        }
        InParallel.forEach(again, store::add);
        again.addAll(tokens);
        assertEachRevokesItsOwn(store, again);
    }

    private static void assertEachRevokesItsOwn(TokenStore store, List<Token> tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.revocation() == null) {
                Revocation revocation = revocation("x");
                tokens.set(i, token.withRevocation(revocation));
                assertThat(store.revokeAll(token.owner(), revocation))
                        .as("revokeAll by %s", shown(token.owner()))
                        .isEqualTo(1);
                assertKept("revokeAll by " + shown(token.owner()), store, tokens);
                assertThat(store.revoke(token.owner(), token.id(), revocation))
                        .as("revoke by %s", shown(token.owner()))
                        .isTrue();
            }
        }
    }

    /** A host gives other objects than those that were added. */
    @Test
    default void r10_an_equal_owner_or_id_is_the_same_one() throws Exception {
        TokenStore store = emptyStore();
        Token token = pending(owner(), id("t1").value(), "old");
        Revocation revocation = revocation("x");
        Token activated = token.toBuilder().predecessor(null).build();
        store.add(token);
        assertInAnyOrder("list", Walk.list(store, owner()), List.of(token));
        assertThat(store.activate(owner(), copyOf(token.id()))).as("activate").isTrue();
        assertThat(store.find(copyOf(token.id()))).contains(activated);
        assertThat(store.findAll(List.of(copyOf(token.id()))).values()).containsExactly(activated);
        assertThat(store.revoke(owner(), copyOf(token.id()), revocation))
                .as("revoke")
                .isTrue();
        assertRevokesAll(store, owner(), revocation, activated.withRevocation(revocation));
        Token other = live(owner(), "t2");
        store.add(other);
        assertRevokesAll(
                store, owner(), revocation, activated.withRevocation(revocation), other.withRevocation(revocation));
    }

    /** Each time another object. */
    private static Owner owner() {
        return new Owner(new StringBuilder("alice").toString());
    }

    private static TokenId copyOf(TokenId id) {
        return new TokenId(new StringBuilder(id.value()).toString());
    }

    /**
     * No separator is safe between an owner and an id, since both could hold it. Every two such pairs become the same text if
     * some separator joins them, or if they are split at its place.
     */
    @Test
    default void r10_an_owner_and_an_id_are_never_joined_to_one_text() throws Exception {
        TokenStore store = emptyStore();
        List<String> separators = separators();
        Owner shorter = new Owner("a");
        List<Token> ofShorter = new ArrayList<>();
        List<Token> ofLonger = new ArrayList<>();
        for (int i = 0; i < separators.size(); i++) {
            String separator = separators.get(i);
            ofShorter.add(pending(shorter, "b" + separator + "c" + i, "old"));
            ofLonger.add(pending(new Owner("a" + separator + "b"), "c" + i, "old"));
            store.add(ofShorter.get(i));
            store.add(ofLonger.get(i));
        }
        ofLonger.add(pending(new Owner("b"), "a", "old"));
        store.add(ofLonger.get(separators.size()));
        assertInAnyOrder("list(a)", Walk.list(store, shorter), ofShorter);
        for (int i = 0; i < ofLonger.size(); i++) {
            Token token = ofLonger.get(i);
            String call = "by " + shown(token.owner()) + " of " + shown(token.id());
            assertInAnyOrder("list(" + shown(token.owner()) + ")", Walk.list(store, token.owner()), List.of(token));
            Revocation revocation = revokedAt(NOW.minusSeconds(1));
            Token activated = token.toBuilder().predecessor(null).build();
            assertThat(store.activate(token.owner(), token.id()))
                    .as("activate %s", call)
                    .isTrue();
            if (i % 2 == 0) {
                assertThat(store.revoke(token.owner(), token.id(), revocation))
                        .as("revoke %s", call)
                        .isTrue();
            } else {
                assertRevokesAll(store, token.owner(), revocation, activated.withRevocation(revocation));
            }
            ofLonger.set(i, activated.withRevocation(revocation));
        }
        List<Token> all = Stream.concat(ofShorter.stream(), ofLonger.stream()).toList();
        assertKept("what the other owners did", store, all);
        assertPurgeLeaves(ofShorter, store, NOW, all.size());
        Revocation revocation = revocation("x");
        ofShorter.replaceAll(token -> token.withRevocation(revocation));
        assertRevokesAll(store, shorter, revocation, ofShorter.toArray(Token[]::new));
        assertThat(store.find(id("a"))).isEmpty();
    }

    @Test
    default void r10_an_owner_is_not_found_in_a_joined_key_of_another_one() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<Token> kept = new ArrayList<>();
        for (String separator : separators()) {
            kept.add(pending(new Owner("z"), "b" + separator + "c" + kept.size(), "old"));
            kept.add(pending(new Owner("a" + separator + "b"), "c" + (kept.size() - 1), "old"));
        }
        InParallel.forEach(kept, store::add);
        for (int i = 0; i < kept.size(); i += 2) {
            TokenId id = kept.get(i).id();
            assertThat(store.revoke(new Owner("a"), id, revocation("x")))
                    .as("revoke by a of z's %s", shown(id))
                    .isFalse();
            assertThat(store.activate(new Owner("a"), id))
                    .as("activate by a of z's %s", shown(id))
                    .isFalse();
        }
        assertRevokesAll(store, new Owner("a"), revocation("x"));
        assertKept("what a tried", store, kept);
    }

    /** Returns separators that an owner and an id may both hold. */
    private static List<String> separators() {
        List<String> separators = new ArrayList<>(List.of("::", "--", "||", "//", "__", "->", "|:|", ""));
        "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~0".chars().forEach(c -> separators.add(Character.toString(c)));
        return separators;
    }
}
