package io.tokenstore.service;

import java.util.Set;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/** Where a stranger's string comes in. */
enum EntryPoint {
    USERNAME(
            FuzzedHost::username,
            (host, random) -> FuzzedHost.someUsername(random),
            Set.of("accepted", "revoked", "refused", "taken for a secret")),
    TOKEN_ID(
            FuzzedHost::tokenId,
            FuzzedHost::someTokenId,
            Set.of("revoked", "looked up", "taken for a secret", "no id")),
    AUTHORIZATION(
            FuzzedHost::authorization,
            FuzzedHost::someAuthorization,
            Set.of("let in", "ended", "looked up", "no token")),
    BARE_TOKEN(FuzzedHost::bareToken, FuzzedHost::somePresented, Set.of("let in", "ended", "looked up", "no token")),
    SCOPES(
            FuzzedHost::scopes,
            (host, random) -> FuzzedHost.someScopes(random),
            Set.of(
                    "everything",
                    "issued and read",
                    "issued and read as nothing",
                    "refused and read",
                    "refused and read as nothing")),
    PRESENTED_TOKEN(
            FuzzedHost::presented,
            FuzzedHost::somePresented,
            Set.of("revoked", "revoked before", "looked up", "no token")),
    TEXT(FuzzedHost::text, (host, random) -> FuzzedHost.someText(random), Set.of("accepted", "refused"));

    private final BiFunction<FuzzedHost, String, String> sending;
    private final BiFunction<FuzzedHost, RandomGenerator, String> seeds;
    private final Set<String> outcomes;

    EntryPoint(
            BiFunction<FuzzedHost, String, String> sending,
            BiFunction<FuzzedHost, RandomGenerator, String> seeds,
            Set<String> outcomes) {
        this.sending = sending;
        this.seeds = seeds;
        this.outcomes = outcomes;
    }

    /** Sends a string, checks the answer, and returns what came of it. */
    String send(FuzzedHost host, String text) {
        try {
            return sending.apply(host, text);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("sent to " + this + ": " + escaped(text) + ": " + e.getMessage(), e);
        }
    }

    /** Returns a string of the kind that belongs here. */
    String seed(FuzzedHost host, RandomGenerator random) {
        return seeds.apply(host, random);
    }

    /** All that can come of a string. */
    Set<String> outcomes() {
        return outcomes;
    }

    private static String escaped(String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder escaped = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
                escaped.append((char) c);
            } else {
                escaped.append("\\u%04X".formatted(c));
            }
        });
        return escaped.append('"').toString();
    }
}
