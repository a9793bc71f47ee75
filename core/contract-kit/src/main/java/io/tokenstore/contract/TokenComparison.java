package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Compares tokens, and briefly names each component that differs, without showing a hash. */
final class TokenComparison {

    private static final int MAX_LINES = 10;
    private static final int MAX_CHARACTERS = 60;
    private static final int CHARACTERS_BEFORE_THE_DIFFERENCE = 12;

    private record Component<T>(String name, Function<T, @Nullable Object> of) {}

    private static final List<Component<Token>> OF_A_TOKEN = List.of(
            new Component<>("owner", Token::owner),
            new Component<>("name", Token::name),
            new Component<>("scopes", Token::scopes),
            new Component<>("predecessor", Token::predecessor),
            new Component<>("renewableUntil", Token::renewableUntil),
            new Component<>("minReaderVersion", Token::minReaderVersion),
            new Component<>("createdAt", Token::createdAt),
            new Component<>("expiresAt", Token::expiresAt));

    private static final List<Component<Revocation>> OF_A_REVOCATION = List.of(
            new Component<>("revocation.id", Revocation::id),
            new Component<>("revocation.at", Revocation::at),
            new Component<>("revocation.by.kind", act -> act.by().kind()),
            new Component<>("revocation.by.name", act -> act.by().name()),
            new Component<>("revocation.by.token", act -> act.by().token()),
            new Component<>("revocation.reason", Revocation::reason));

    private TokenComparison() {}

    /** Fails unless the store finds each of these tokens unchanged. */
    static void assertFound(TokenStore store, Token... expected) {
        for (Token token : expected) {
            assertInAnyOrder(
                    "find(" + token.id() + ")", store.find(token.id()).stream().toList(), List.of(token));
        }
    }

    /** Fails unless one call finds exactly these tokens, each by its own id, and returns what it found. */
    static Map<TokenId, Token> assertFindsAll(TokenStore store, Collection<TokenId> ids, Collection<Token> expected) {
        Map<TokenId, Token> found = store.findAll(ids);
        assertInAnyOrder("findAll", found.values(), expected);
        found.forEach(
                (id, token) -> assertThat(token.id()).as("Under the key %s", id).isEqualTo(id));
        return found;
    }

    /** Fails unless the store keeps exactly these tokens. */
    static void assertKept(String after, TokenStore store, Collection<Token> expected) {
        assertInAnyOrder("scan after " + after, Walk.scan(store), expected);
    }

    /** Fails unless the call returns the number of these tokens, and the owner has exactly these tokens. */
    static void assertRevokesAll(TokenStore store, Owner owner, Revocation revocation, Token... expected) {
        int revoked = store.revokeAll(owner, revocation);
        List<Token> listed = Walk.list(store, owner);
        Collection<Token> carrying = Arrays.stream(expected)
                .filter(token ->
                        token.revocation() != null && token.revocation().id().equals(revocation.id()))
                .toList();
        String call = "revokeAll(" + shown(owner.value()) + ")";
        assertInAnyOrder("list after " + call, listed, List.of(expected));
        if (revoked != carrying.size()) {
            throw new AssertionFailedError(call + " returned " + revoked + ", but its revocation is carried by "
                    + carrying.size() + ": " + names(ids(carrying)));
        }
    }

    /** Fails unless a walk of purges removes everything except these tokens, and returns how many it removed. */
    static void assertPurgeLeaves(Collection<Token> expected, TokenStore store, Instant endedBefore, int wereKept) {
        int removed = Walk.purge(store, endedBefore);
        String call = "a purge of what ended before " + endedBefore;
        assertKept(call, store, expected);
        if (removed != wereKept - expected.size()) {
            throw new AssertionFailedError(
                    call + " returned " + removed + ", but removed " + (wereKept - expected.size()));
        }
    }

    static void assertInOrder(String call, List<Token> actual, List<Token> expected) {
        assertInAnyOrder(call, actual, expected);
        for (int i = 0; i < actual.size(); i++) {
            TokenId id = actual.get(i).id();
            if (!id.equals(expected.get(i).id())) {
                throw new AssertionFailedError(call + ": at place " + i + " is " + shown(id) + ", not "
                        + shown(expected.get(i).id()));
            }
        }
    }

    static void assertInAnyOrder(String call, Collection<Token> actual, Collection<Token> expected) {
        Map<TokenId, Token> missing = new LinkedHashMap<>();
        expected.forEach(token -> missing.put(token.id(), token));
        Collection<TokenId> ids = List.copyOf(missing.keySet());
        List<TokenId> unexpected = new ArrayList<>();
        List<TokenId> repeated = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        for (Token token : actual) {
            Token other = missing.remove(token.id());
            if (other != null) {
                differences.addAll(differences(other, token));
            } else {
                (ids.contains(token.id()) ? repeated : unexpected).add(token.id());
            }
        }
        List<String> lines = new ArrayList<>();
        if (!missing.isEmpty()) {
            lines.add("missing " + names(missing.keySet()));
        }
        if (!unexpected.isEmpty()) {
            lines.add("not expected " + names(unexpected));
        }
        if (!repeated.isEmpty()) {
            lines.add("there more than once " + names(repeated));
        }
        lines.addAll(differences);
        if (!lines.isEmpty()) {
            throw new AssertionFailedError(call + ":" + System.lineSeparator() + atMost(lines, System.lineSeparator()));
        }
    }

    /** Returns a line for each component that differs; a line on a hash does not show it. */
    private static List<String> differences(Token expected, Token actual) {
        List<String> lines = new ArrayList<>();
        SecretHash hash = expected.hash();
        if (!Objects.equals(hash, actual.hash())) {
            lines.add(hash == null ? "a hash, expected none" : actual.hash() == null ? "no hash" : "the hash differs");
        }
        compare(OF_A_TOKEN, expected, actual, lines);
        Revocation revocation = expected.revocation();
        if (revocation == null || actual.revocation() == null) {
            if (revocation != actual.revocation()) {
                lines.add(revocation == null ? "it is revoked" : "it is not revoked");
            }
        } else {
            compare(OF_A_REVOCATION, revocation, actual.revocation(), lines);
        }
        lines.replaceAll(line -> "token " + shown(actual.id()) + ": " + line);
        return lines;
    }

    private static <T> void compare(List<Component<T>> components, T expected, T actual, List<String> lines) {
        for (Component<T> component : components) {
            String wanted = String.valueOf(component.of.apply(expected));
            String found = String.valueOf(component.of.apply(actual));
            if (!Objects.equals(component.of.apply(expected), component.of.apply(actual))) {
                int from = Arrays.mismatch(wanted.toCharArray(), found.toCharArray());
                lines.add(component.name + " is " + shown(found, from) + ", not " + shown(wanted, from));
            }
        }
    }

    private static Collection<TokenId> ids(Collection<Token> tokens) {
        return tokens.stream().map(Token::id).toList();
    }

    private static String names(Collection<TokenId> ids) {
        return atMost(ids.stream().map(TokenComparison::shown).toList(), ", ");
    }

    private static String atMost(List<String> lines, String separator) {
        String first = lines.stream().limit(MAX_LINES).collect(Collectors.joining(separator));
        return lines.size() <= MAX_LINES ? first : first + separator + "and " + (lines.size() - MAX_LINES) + " more";
    }

    static String shown(Object value) {
        return shown(value.toString(), 0);
    }

    /** Returns the text around a place, with every character escaped that a reader could confuse with another. */
    private static String shown(String text, int place) {
        int from = text.length() <= MAX_CHARACTERS ? 0 : Math.max(0, place - CHARACTERS_BEFORE_THE_DIFFERENCE);
        int to = Math.min(text.length(), from + MAX_CHARACTERS);
        StringBuilder shown = new StringBuilder(from == 0 ? "<" : "<…");
        for (char c : text.substring(Math.min(from, to), to).toCharArray()) {
            shown.append(c >= ' ' && c < 0x7F ? c : String.format("\\u%04X", (int) c));
        }
        shown.append(to == text.length() ? ">" : "…>");
        return text.length() <= MAX_CHARACTERS
                ? shown.toString()
                : shown + " (" + text.length() + " characters, from " + from + ")";
    }
}
