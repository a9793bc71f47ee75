package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Locks that are taken in opposite orders, and connections that are not given back. */
final class BrokenWaits {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(LocksInOppositeOrders::new, Rule.R13),
            Map.entry(LocksEachOwnerOfABatch::new, Rule.R25),
            Map.entry(LocksEachIdOfABatch::new, Rule.R25),
            Map.entry(ListsWhatPurgeLocks::new, Rule.R31),
            Map.entry(RevokeAllNeedsASecondConnection::new, Rule.R37),
            Map.entry(FindAllNeedsASecondConnection::new, Rule.R37),
            Map.entry(LeaksAConnectionOnFind::new, Rule.R1),
            Map.entry(LeaksAConnectionOnADuplicate::new, Rule.R3),
            Map.entry(LeaksAConnectionOnAnEmptyFind::new, Rule.R30),
            Map.entry(LeaksAConnectionOnFalse::new, Rule.R9),
            Map.entry(LeaksAConnectionOnAnEmptyList::new, Rule.R30));

    private BrokenWaits() {}

    /** revoke locks the token and then the owner, revokeAll the owner and then each token. */
    static final class LocksInOppositeOrders extends ConcurrentStore {
        private final Map<Object, Object> locks = new ConcurrentHashMap<>();

        private Object lockOf(Object key) {
            return locks.computeIfAbsent(key, any -> new Object());
        }

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            synchronized (lockOf(id)) {
                synchronized (lockOf(owner)) {
                    return super.revoke(owner, id, revocation);
                }
            }
        }

        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            synchronized (lockOf(owner)) {
                return super.revokeAll(owner, revocation);
            }
        }
    }

    private abstract static class LocksABatchInItsOrder extends ConcurrentStore {
        private final Map<Object, Lock> locks = new ConcurrentHashMap<>();

        abstract Object key(Token token);

        @Override
        public void addAll(Collection<Token> many) {
            List<Lock> held = many.stream()
                    .map(token -> locks.computeIfAbsent(key(token), any -> new ReentrantLock()))
                    .toList();
            held.forEach(Lock::lock);
            try {
                super.addAll(many);
            } finally {
                held.forEach(Lock::unlock);
            }
        }
    }

    static final class LocksEachOwnerOfABatch extends LocksABatchInItsOrder {
        @Override
        Object key(Token token) {
            return token.owner();
        }
    }

    static final class LocksEachIdOfABatch extends LocksABatchInItsOrder {
        @Override
        Object key(Token token) {
            return token.id();
        }
    }

    static final class ListsWhatPurgeLocks extends ConcurrentStore {
        private final Object index = new Object();
        private final Object rows = new Object();

        @Override
        public TokenPage list(Owner owner, TokenId after, int limit) {
            synchronized (index) {
                synchronized (rows) {
                    return super.list(owner, after, limit);
                }
            }
        }

        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            synchronized (rows) {
                synchronized (index) {
                    return super.purge(endedBefore, after, maxExamined);
                }
            }
        }
    }

    /** Has as many connections as most pools. */
    private abstract static class Pooled extends ConcurrentStore {
        private final Semaphore connections = new Semaphore(10);

        <T> T connected(Supplier<T> call) {
            connections.acquireUninterruptibly();
            T answer = call.get();
            if (!isLeftOpen(answer)) {
                connections.release();
            }
            return answer;
        }

        boolean isLeftOpen(Object answer) {
            return false;
        }
    }

    static final class RevokeAllNeedsASecondConnection extends Pooled {
        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            return connected(() -> {
                LockSupport.parkNanos(1_000_000); // One request.
                return connected(() -> super.revokeAll(owner, revocation));
            });
        }
    }

    static final class FindAllNeedsASecondConnection extends Pooled {
        @Override
        public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            return connected(() -> {
                LockSupport.parkNanos(1_000_000);
                return connected(() -> super.findAll(ids));
            });
        }
    }

    static final class LeaksAConnectionOnFind extends Pooled {
        @Override
        public Optional<Token> find(TokenId id) {
            return connected(() -> super.find(id));
        }

        @Override
        boolean isLeftOpen(Object answer) {
            return true;
        }
    }

    static final class LeaksAConnectionOnADuplicate extends Pooled {
        @Override
        public void add(Token token) {
            connected(() -> {
                super.add(token);
                return true;
            });
        }
    }

    static final class LeaksAConnectionOnAnEmptyFind extends Pooled {
        @Override
        public Optional<Token> find(TokenId id) {
            return connected(() -> super.find(id));
        }

        @Override
        boolean isLeftOpen(Object answer) {
            return answer.equals(Optional.empty());
        }
    }

    static final class LeaksAConnectionOnFalse extends Pooled {
        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return connected(() -> super.revoke(owner, id, revocation));
        }

        @Override
        boolean isLeftOpen(Object answer) {
            return answer.equals(false);
        }
    }

    static final class LeaksAConnectionOnAnEmptyList extends Pooled {
        @Override
        public TokenPage list(Owner owner, TokenId after, int limit) {
            return connected(() -> super.list(owner, after, limit));
        }

        @Override
        boolean isLeftOpen(Object answer) {
            return ((TokenPage) answer).tokens().isEmpty();
        }
    }
}
