package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A correct store that is a millisecond away, and counts for how many answers a test waited one after another. */
final class SlowStore implements TokenStore {

    private static final long ROUND_TRIP_NANOS = 1_000_000;
    private static final int WAITS_OF_HALF_A_SECOND = 500;

    private final TokenStore store = new TreeMapStore();
    private final String test = Thread.currentThread().getName();
    private int waits;
    private int waitsInRaces;
    private long answerOfTheLast = System.nanoTime();

    /** Returns the name of the test that asked for this store. */
    String test() {
        return test;
    }

    /** A race lasts half a second on any store, so what it waits within that is no time of its own. */
    synchronized int waits() {
        return waits + Math.max(0, waitsInRaces - WAITS_OF_HALF_A_SECOND);
    }

    /** A call that begins while another one is under way costs no time of its own. */
    private synchronized void count() {
        long now = System.nanoTime();
        if (now - answerOfTheLast >= 0) {
            if (Thread.currentThread().getName().startsWith(Race.CONTENDER)) {
                waitsInRaces++;
            } else {
                waits++;
            }
            answerOfTheLast = now + ROUND_TRIP_NANOS;
        }
    }

    private TokenStore overTheNetwork() {
        count();
        LockSupport.parkNanos(ROUND_TRIP_NANOS);
        return store;
    }

    @Override
    public void add(Token token) {
        overTheNetwork().add(token);
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return overTheNetwork().find(id);
    }

    @Override
    public TokenPage list(Owner owner, TokenId after, int limit) {
        return overTheNetwork().list(owner, after, limit);
    }

    @Override
    public TokenPage scan(TokenId after, int limit) {
        return overTheNetwork().scan(after, limit);
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        return overTheNetwork().revoke(owner, id, revocation);
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        return overTheNetwork().revokeAll(owner, revocation);
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        return overTheNetwork().activate(owner, id);
    }

    @Override
    public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
        return overTheNetwork().purge(endedBefore, after, maxExamined);
    }
}
