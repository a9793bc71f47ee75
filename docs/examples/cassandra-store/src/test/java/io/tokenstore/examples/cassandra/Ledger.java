package io.tokenstore.examples.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What callers were told about their revocations, kept where no node can lose it. */
final class Ledger {

    private final Map<TokenId, Revocation> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger stale = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicLong lastAnswer = new AtomicLong(System.nanoTime());
    private final AtomicLong longestSilence = new AtomicLong();

    /** Revokes a token, and repeats the call until it is answered, as a host would. */
    void revoke(TokenStore store, Owner owner, TokenId id, Revocation revocation) {
        while (true) {
            try {
                boolean isRevoked = store.revoke(owner, id, revocation);
                long now = System.nanoTime();
                longestSilence.accumulateAndGet(now - lastAnswer.getAndSet(now), Math::max);
                if (!isRevoked) {
                    wrong.incrementAndGet();
                } else if (acknowledged.put(id, revocation) != null) {
                    wrong.incrementAndGet();
                }
                return;
            } catch (TokenStoreException e) {
                failures.incrementAndGet();
            }
        }
    }

    /** Looks after the answer, and so must see what was answered; a look that fails tells nothing, and is repeated. */
    void look(TokenStore store, TokenId id) {
        while (true) {
            try {
                if (!isAsAcknowledged(store.find(id), id)) {
                    stale.incrementAndGet();
                }
                return;
            } catch (TokenStoreException e) {
                failures.incrementAndGet();
            }
        }
    }

    /** Another act on a token whose revocation was acknowledged, which comes second. */
    void revokeOnceMore(TokenStore store, Owner owner, TokenId id, Revocation second) {
        while (true) {
            try {
                if (store.revoke(owner, id, second)) {
                    wrong.incrementAndGet();
                }
                return;
            } catch (TokenStoreException e) {
                failures.incrementAndGet();
            }
        }
    }

    int acknowledged() {
        return acknowledged.size();
    }

    /** Compares with what each node tells, prints the result, and fails if an answer was lost, wrong or stale. */
    void compareWith(Iterable<TokenStore> nodes) {
        int lost = 0;
        for (TokenStore node : nodes) {
            for (TokenId id : acknowledged.keySet()) {
                lost += isAsAcknowledged(node.find(id), id) ? 0 : 1;
            }
        }
        System.out.printf(
                "ledger of a node killed and brought back: acknowledged %d, lost %d, wrong %d, stale %d,"
                        + " calls that failed %d, longest silence %.1f s%n",
                acknowledged(),
                lost,
                wrong.get(),
                stale.get(),
                failures.get(),
                longestSilence.get() / (double) Duration.ofSeconds(1).toNanos());
        assertThat(lost).as("lost").isZero();
        assertThat(wrong).as("wrong").hasValue(0);
        assertThat(stale).as("stale").hasValue(0);
    }

    private boolean isAsAcknowledged(Optional<Token> kept, TokenId id) {
        return kept.map(Token::revocation).filter(acknowledged.get(id)::equals).isPresent();
    }
}
