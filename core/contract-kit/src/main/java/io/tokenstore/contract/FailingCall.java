package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.contract.FailureContract.Fate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call some of whose requests are lost.
 *
 * @param before those of its tokens that are kept before the call
 * @param call makes the call, and throws an {@link AssertionError} if the answer is wrong
 * @param after what is kept when the call is done
 * @param repeat completes the call
 */
record FailingCall(List<Token> before, Runnable call, List<Token> after, Runnable repeat) {

    private static final int MOST_REQUESTS = 8;
    /** A part of the time limit: on a busy machine a new connection takes seconds. */
    private static final int SHARE_TO_MEND = 6;

    private static final long NANOS_BEFORE_THE_NEXT_TRY = TimeUnit.MILLISECONDS.toNanos(20);

    FailingCall(List<Token> before, Runnable call, List<Token> after) {
        this(before, call, after, call);
    }

    FailingCall repeatedBy(Runnable other) {
        return new FailingCall(before, call, after, other);
    }

    /** Returns a token with its own owner, texts and hash. */
    static Token newToken() {
        return newToken(new Owner("owner-" + UUID.randomUUID()));
    }

    /** Returns another token of the same owner, which ends when the first token does. */
    static Token sibling(Token token) {
        return newToken(token.owner()).toBuilder().expiresAt(token.expiresAt()).build();
    }

    private static Token newToken(Owner owner) {
        byte[] hash = new byte[32];
        new Random().nextBytes(hash);
        return Token.builder(new TokenId("id-" + UUID.randomUUID()), owner, "name-" + UUID.randomUUID(), NOW)
                .hash(new SecretHash(hash))
                .build();
    }

    static Revocation newRevocation() {
        Actor by = Actor.user("actor-" + UUID.randomUUID());
        return new Revocation(UUID.randomUUID(), NOW.plusSeconds(1), by, "reason-" + UUID.randomUUID());
    }

    /** Loses each of a call's requests in turn, or its reply; only that one, or also all later requests. */
    static void check(FailureContract contract, Function<TokenStore, FailingCall> newCall) throws Exception {
        Faults faults = new Faults();
        TokenStore store = contract.emptyStore(faults);
        long nanosToMend = contract.timeLimit().toNanos() / SHARE_TO_MEND;
        for (Fate fate : List.of(Fate.REQUEST_LOST, Fate.REPLY_LOST)) {
            for (boolean once : new boolean[] {true, false}) {
                boolean failed = true;
                for (int request = 1; failed && request <= MOST_REQUESTS; request++) {
                    FailingCall call = mended(nanosToMend, () -> newCall.apply(store), "Before the call: ");
                    faults.begin(fate, request, once);
                    Throwable thrown = call.run();
                    failed = faults.end();
                    // A call may give up before it sends a request, for example without a connection.
                    assertThat(thrown != null || faults.wereAskedFor())
                            .as("The store asked for the fate of a request")
                            .isTrue();
                    String how = "With %s of request %s%s: "
                            .formatted(fate, request, once ? "" : ", and all later requests lost");
                    call.verify(store, nanosToMend, thrown, how);
                }
            }
        }
    }

    private @Nullable Throwable run() {
        try {
            call.run();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    private void verify(TokenStore store, long nanosToMend, @Nullable Throwable thrown, String how) {
        if (thrown == null) {
            assertThat(mended(nanosToMend, () -> kept(store), how))
                    .as(how + "It returned, so this is kept")
                    .isEqualTo(byId(after));
        } else {
            verifyFailure(store, nanosToMend, thrown, how);
        }
        mended(
                nanosToMend,
                () -> {
                    repeat.run();
                    return true;
                },
                how);
        assertThat(mended(nanosToMend, () -> kept(store), how))
                .as(how + "Repeated, it is done")
                .isEqualTo(byId(after));
        Owner owner = tokens().findFirst().orElseThrow().owner();
        assertThat(mended(nanosToMend, () -> Walk.list(store, owner), how))
                .as(how + "And is listed")
                .containsExactlyInAnyOrderElementsOf(after);
        assertThat(mended(nanosToMend, () -> Walk.scan(store), how))
                .as(how + "And is scanned")
                .filteredOn(token -> token.owner().equals(owner))
                .containsExactlyInAnyOrderElementsOf(after);
    }

    private void verifyFailure(TokenStore store, long nanosToMend, Throwable thrown, String how) {
        if (thrown instanceof AssertionError wrong) {
            throw new AssertionError(how + "The answer is wrong: " + wrong.getMessage(), wrong);
        }
        assertThat(thrown)
                .as(how + "What it throws")
                .isInstanceOf(Exception.class)
                .isNotInstanceOf(DuplicateTokenException.class);
        Leaks.verifyNone(thrown, tokens().toList());
        Map<TokenId, Token> kept = mended(nanosToMend, () -> kept(store), how);
        if (thrown instanceof TokenStoreException told && told.applied() == Applied.NO) {
            assertThat(kept).as(how + "It said that nothing was applied").isEqualTo(byId(before));
        }
    }

    private Stream<Token> tokens() {
        return Stream.concat(before.stream(), after.stream());
    }

    private static Map<TokenId, Token> byId(List<Token> tokens) {
        return tokens.stream().collect(Collectors.toMap(Token::id, Function.identity()));
    }

    private Map<TokenId, Token> kept(TokenStore store) {
        Map<TokenId, Token> kept = new HashMap<>();
        tokens().map(Token::id).distinct().forEach(id -> store.find(id).ifPresent(token -> kept.put(id, token)));
        return kept;
    }

    /** A pool or a circuit breaker may take a while to notice that the medium is back. */
    private static <T> T mended(long nanosToMend, Supplier<T> call, String how) {
        long start = System.nanoTime();
        while (true) {
            try {
                return call.get();
            } catch (RuntimeException e) {
                if (System.nanoTime() - start > nanosToMend) {
                    throw new AssertionError(how + "Seconds after the last lost request the store still fails", e);
                }
            }
            LockSupport.parkNanos(NANOS_BEFORE_THE_NEXT_TRY);
        }
    }

    /** Loses one request after the beginning, or its reply, and perhaps all later requests until the end. */
    private static final class Faults implements Supplier<Fate> {

        private Fate fate = Fate.ANSWERED;
        private int first;
        private boolean once;
        private int requests;

        synchronized void begin(Fate lost, int firstLost, boolean onlyThat) {
            fate = lost;
            first = firstLost;
            once = onlyThat;
            requests = 0;
        }

        /** Returns whether any request was lost. */
        synchronized boolean end() {
            fate = Fate.ANSWERED;
            return requests >= first;
        }

        synchronized boolean wereAskedFor() {
            return requests > 0;
        }

        @Override
        public synchronized Fate get() {
            requests++;
            if (requests == first) {
                return fate;
            }
            return requests < first || once || fate == Fate.ANSWERED ? Fate.ANSWERED : Fate.REQUEST_LOST;
        }
    }
}
