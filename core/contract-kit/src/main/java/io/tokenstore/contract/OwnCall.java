package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.act;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call for tokens that no other thread changes, so that its answer is known whatever other threads do.
 *
 * @param kind the method that is called
 * @param before what is kept before the call
 * @param call makes the call, and returns its answer
 * @param answer the answer that it must give; null for any answer
 * @param after what is kept when the call is done
 */
record OwnCall(
        Kind kind,
        List<Token> before,
        Function<TokenStore, Object> call,
        @Nullable Object answer,
        List<Token> after) {

    /** The methods, with each of their possible answers. */
    enum Kind {
        ADD,
        ADD_ALL,
        REVOKE,
        REVOKE_ALL,
        ACTIVATE,
        PURGE,
        FIND,
        FIND_ALL,
        LIST,
        SCAN,
        ADD_WHAT_IS_KEPT,
        REVOKE_AGAIN,
        REVOKE_WHAT_IS_REVOKED,
        REVOKE_ALL_AGAIN,
        ACTIVATE_WHAT_IS_REVOKED;

        static final List<Kind> ALL = List.of(values());
        static final List<Kind> WRITES = List.of(ADD, ADD_ALL, REVOKE, REVOKE_ALL, ACTIVATE, PURGE);
    }

    private static final Instant LATER = NOW.plusSeconds(60);
    private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(3_650));
    private static final long NANOS_TO_REPEAT = TimeUnit.SECONDS.toNanos(10);
    private static final long NANOS_BEFORE_THE_NEXT_TRY = TimeUnit.MILLISECONDS.toNanos(1);

    /** Returns a call for a numbered owner, who has two tokens and calls for one or both. */
    static OwnCall of(Kind kind, int number) {
        Owner owner = new Owner("owner-" + number);
        Token first = expiring(owner, number + "-1", LATER).toBuilder()
                .predecessor(id("old"))
                .build();
        Token second = expiring(owner, number + "-2", LATER);
        Instant end = LONG_AGO.plus(number, ChronoUnit.MICROS);
        Token ended = expiring(owner, number + "-3", end);
        Revocation act = act(number);
        List<Token> both = List.of(first, second);
        List<Token> oneRevoked = List.of(first.withRevocation(act), second);
        List<Token> bothRevoked = List.of(first.withRevocation(act), second.withRevocation(act));
        Token activated = first.toBuilder().predecessor(null).build();
        return switch (kind) {
            case ADD -> new OwnCall(kind, List.of(second), store -> isAdded(store, first), true, both);
            case ADD_WHAT_IS_KEPT -> new OwnCall(kind, both, store -> isAdded(store, activated), false, both);
            case ADD_ALL ->
                new OwnCall(
                        kind,
                        List.of(),
                        store -> {
                            store.addAll(both);
                            return true;
                        },
                        true,
                        both);
            case FIND -> new OwnCall(kind, both, store -> store.find(first.id()), Optional.of(first), both);
            case FIND_ALL -> {
                List<TokenId> ids = List.of(first.id(), second.id());
                yield new OwnCall(
                        kind, both, store -> Set.copyOf(store.findAll(ids).values()), Set.copyOf(both), both);
            }
            case LIST -> new OwnCall(kind, both, store -> Walk.list(store, owner), both, both);
            case SCAN -> new OwnCall(kind, both, store -> scanned(store, owner), Set.copyOf(both), both);
            case REVOKE -> new OwnCall(kind, both, store -> store.revoke(owner, first.id(), act), true, oneRevoked);
            case REVOKE_AGAIN ->
                new OwnCall(kind, oneRevoked, store -> store.revoke(owner, first.id(), act), true, oneRevoked);
            case REVOKE_WHAT_IS_REVOKED -> {
                Revocation other = act(number + 1);
                yield new OwnCall(kind, oneRevoked, store -> store.revoke(owner, first.id(), other), false, oneRevoked);
            }
            case REVOKE_ALL -> new OwnCall(kind, both, store -> store.revokeAll(owner, act), 2, bothRevoked);
            case REVOKE_ALL_AGAIN ->
                new OwnCall(kind, bothRevoked, store -> store.revokeAll(owner, act), 2, bothRevoked);
            case ACTIVATE ->
                new OwnCall(kind, both, store -> store.activate(owner, first.id()), true, List.of(activated, second));
            case ACTIVATE_WHAT_IS_REVOKED ->
                new OwnCall(kind, oneRevoked, store -> store.activate(owner, first.id()), false, oneRevoked);
            case PURGE ->
                new OwnCall(
                        kind,
                        List.of(first, ended),
                        store -> purge(store, end.plus(1, ChronoUnit.MICROS)),
                        1,
                        List.of(first));
        };
    }

    private static Set<Token> scanned(TokenStore store, Owner owner) {
        return Walk.scan(store).stream()
                .filter(token -> token.owner().equals(owner))
                .collect(Collectors.toSet());
    }

    /** Reports of a walk what is true of all its steps together. */
    private static int purge(TokenStore store, Instant endedBefore) {
        int removed = 0;
        TokenId after = null;
        do {
            try {
                PurgePage page = store.purge(endedBefore, after, TokenStore.MAX_PAGE);
                removed += page.removed();
                after = page.resumeAfter();
            } catch (TokenStoreException e) {
                throw removed == 0 ? e : new TokenStoreException("some are removed", Applied.UNKNOWN, e);
            }
        } while (after != null);
        return removed;
    }

    /** Returns the same call, but it may remove and count what others added, or they what it added. */
    OwnCall besideOthers() {
        return kind == Kind.PURGE ? new OwnCall(kind, before, call, null, after) : this;
    }

    static boolean isAdded(TokenStore store, Token token) {
        try {
            store.add(token);
            return true;
        } catch (DuplicateTokenException e) {
            return false;
        }
    }

    void prepare(TokenStore store) {
        before.forEach(store::add);
    }

    /** Makes the call on a thread that was interrupted before it. */
    void verifyInterrupted(TokenStore store) {
        verify(store, () -> {
            Thread.currentThread().interrupt();
            return call.apply(store);
        });
    }

    void verify(TokenStore store) {
        verify(store, () -> call.apply(store));
    }

    /** Whatever a call throws, what the exception says is true, and the call can be repeated. */
    private void verify(TokenStore store, Supplier<Object> once) {
        TokenStore patient = new RetryingStore(store);
        boolean answered = false;
        Object said = null;
        try {
            said = once.get();
            answered = true;
        } catch (DuplicateTokenException e) {
            throw new AssertionError(kind + " was refused as a duplicate", e);
        } catch (RuntimeException e) {
            Thread.interrupted();
            if (e instanceof TokenStoreException told && told.applied() == Applied.NO) {
                verifyKept(patient, before, " said that nothing was applied");
            }
            complete(patient);
        } finally {
            Thread.interrupted();
        }
        if (answered && answer != null && !answer.equals(said)) {
            assertThat(said).as("%s", kind).isEqualTo(answer);
        }
        verifyKept(patient, after, answered ? " returned" : " was repeated");
    }

    private void verifyKept(TokenStore store, List<Token> expected, String event) {
        Set<TokenId> ids =
                Stream.concat(before.stream(), after.stream()).map(Token::id).collect(Collectors.toSet());
        for (TokenId id : ids) {
            Optional<Token> token =
                    expected.stream().filter(kept -> kept.id().equals(id)).findFirst();
            if (!store.find(id).equals(token)) {
                assertThat(store.find(id))
                        .as("find(%s) after %s%s", id, kind, event)
                        .isEqualTo(token);
            }
        }
    }

    /** Repeats the call, as a host does, until it is answered. */
    private void complete(TokenStore store) {
        long start = System.nanoTime();
        while (true) {
            try {
                if (kind == Kind.ADD || kind == Kind.ADD_ALL) {
                    after.stream()
                            .filter(token -> store.find(token.id()).isEmpty())
                            .forEach(token -> isAdded(store, token));
                } else {
                    call.apply(store);
                }
                return;
            } catch (RuntimeException e) {
                if (System.nanoTime() - start > NANOS_TO_REPEAT) {
                    throw new AssertionError(kind + " still fails when it is repeated", e);
                }
            }
            LockSupport.parkNanos(NANOS_BEFORE_THE_NEXT_TRY);
        }
    }
}
