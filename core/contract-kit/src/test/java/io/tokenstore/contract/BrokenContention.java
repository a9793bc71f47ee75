package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.contract.FailureContract.Fate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Stores that are right as long as no thread is interrupted, and no other one calls at the same time. */
final class BrokenContention {

    private static final Map<String, List<?>> WRONG_ANSWERS = Map.of(
            "add", List.of(true),
            "find", List.of(Optional.empty()),
            "list", List.of(new TokenPage(List.of(), null)),
            "scan", List.of(new TokenPage(List.of(), null)),
            "revoke", List.of(false, true),
            "revokeAll", List.of(0, 2),
            "activate", List.of(false, true),
            "purge", List.of(new PurgePage(0, null)));

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = new LinkedHashMap<>(Map.of(
            StopsAddingWhenInterrupted::new, Rule.R34,
            StopsFindingWhenInterrupted::new, Rule.R34,
            StopsRevokingWhenInterrupted::new, Rule.R34,
            ActivatesByOneTry::new, Rule.R23));

    static {
        WRONG_ANSWERS.forEach((method, answers) -> {
            for (Object answer : answers) {
                RULE_BROKEN_BY.put(() -> new AnswersWhenInterrupted(method, answer), Rule.R34);
            }
            RULE_BROKEN_BY.put(() -> new AnswersWhenBusy(method, answers.get(0)), Rule.R37);
        });
        for (String write : List.of("add", "revoke", "revokeAll", "activate", "purge")) {
            RULE_BROKEN_BY.put(() -> new SaysNoWhenInterrupted(write), Rule.R34);
            RULE_BROKEN_BY.put(() -> new SaysNoWhenBusy(write), Rule.R34);
        }
    }

    private BrokenContention() {}

    /** A store with one method that does something else if something is in its way. */
    abstract static class Hindered extends RemoteStore {
        private final String hindered;

        Hindered(String hindered) {
            super(() -> Fate.ANSWERED);
            this.hindered = hindered;
        }

        abstract boolean isInTheWay();

        /** Answers for the method. */
        abstract Object instead(Supplier<?> call);

        @Override
        @SuppressWarnings("unchecked")
        <T> T answer(String method, List<Token> given, Supplier<T> call) {
            return method.equals(hindered) && isInTheWay() ? (T) instead(call) : super.answer(method, given, call);
        }

        static Object saysNo(Supplier<?> call) {
            call.get();
            throw new TokenStoreException("gave up", Applied.NO, null);
        }

        @Override
        public String toString() {
            return getClass().getSimpleName() + " " + hindered;
        }
    }

    private static final class AnswersWhenInterrupted extends Hindered {
        private final Object answer;

        AnswersWhenInterrupted(String hindered, Object answer) {
            super(hindered);
            this.answer = answer;
        }

        @Override
        boolean isInTheWay() {
            return Thread.currentThread().isInterrupted();
        }

        @Override
        Object instead(Supplier<?> call) {
            return answer;
        }
    }

    /** As if it knew that the request was not sent, or is not carried out any more. */
    private static final class SaysNoWhenInterrupted extends Hindered {
        SaysNoWhenInterrupted(String hindered) {
            super(hindered);
        }

        @Override
        boolean isInTheWay() {
            return Thread.currentThread().isInterrupted();
        }

        @Override
        Object instead(Supplier<?> call) {
            return saysNo(call);
        }
    }

    /** Has one lock, and one method does not wait for it. */
    private abstract static class Locked extends Hindered {
        private final Semaphore lock = new Semaphore(1);

        Locked(String hindered) {
            super(hindered);
        }

        @Override
        boolean isInTheWay() {
            return lock.availablePermits() == 0;
        }

        @Override
        <T> T answer(String method, List<Token> given, Supplier<T> call) {
            return super.answer(method, given, () -> {
                lock.acquireUninterruptibly();
                try {
                    return call.get();
                } finally {
                    lock.release();
                }
            });
        }
    }

    private static final class AnswersWhenBusy extends Locked {
        private final Object answer;

        AnswersWhenBusy(String hindered, Object answer) {
            super(hindered);
            this.answer = answer;
        }

        @Override
        Object instead(Supplier<?> call) {
            return answer;
        }
    }

    private static final class SaysNoWhenBusy extends Locked {
        SaysNoWhenBusy(String hindered) {
            super(hindered);
        }

        @Override
        Object instead(Supplier<?> call) {
            return saysNo(call);
        }
    }

    static final class StopsAddingWhenInterrupted extends ConcurrentStore {
        @Override
        public void addAll(Collection<Token> many) {
            super.addAll(
                    Thread.currentThread().isInterrupted() && many.size() <= MAX_PAGE
                            ? many.stream().limit(1).toList()
                            : many);
        }
    }

    static final class StopsFindingWhenInterrupted extends ConcurrentStore {
        @Override
        public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            Map<TokenId, Token> found = new HashMap<>(super.findAll(ids));
            if (Thread.currentThread().isInterrupted()) {
                found.keySet().retainAll(ids.stream().limit(1).toList());
            }
            return Map.copyOf(found);
        }
    }

    static final class StopsRevokingWhenInterrupted extends ConcurrentStore {
        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            return Thread.currentThread().isInterrupted()
                    ? (int) tokens.values().stream()
                            .filter(isOf(owner))
                            .limit(1)
                            .filter(token -> revoke(owner, token.id(), revocation))
                            .count()
                    : super.revokeAll(owner, revocation);
        }
    }

    static final class ActivatesByOneTry extends ConcurrentStore {
        @Override
        public boolean activate(Owner owner, TokenId id) {
            Token kept = tokens.get(id);
            return kept != null
                    && isOf(owner).test(kept)
                    && kept.revocation() == null
                    && (kept.predecessor() == null || tokens.replace(id, kept, activated(kept)));
        }
    }
}
