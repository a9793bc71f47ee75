package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenUses;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A correct store of uses, and stores that each make one mistake with them. */
final class BrokenUses {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(KeepsMilliseconds::new, Rule.R39),
            Map.entry(KeepsLocalTime::new, Rule.R39),
            Map.entry(KeepsTheFirstUse::new, Rule.R39),
            Map.entry(KeepsTheUseThatCameLast::new, Rule.R39),
            Map.entry(FoldsTheCaseOfIds::new, Rule.R39),
            Map.entry(KeepsTheFirstOfABatch::new, Rule.R39),
            Map.entry(KeepsNoUseOfRevokedTokens::new, Rule.R39),
            Map.entry(RevokeForgetsTheUse::new, Rule.R39),
            Map.entry(SkipsABatchThatIsNotTheLatest::new, Rule.R39),
            Map.entry(EndsAtAUseThatIsNotLater::new, Rule.R39),
            Map.entry(EndsAtAnUnknownToken::new, Rule.R39),
            Map.entry(KeepsNoFirstInstant::new, Rule.R39),
            Map.entry(DropsUsesIfInterrupted::new, Rule.R34),
            Map.entry(ActivatesWhatIsUsed::new, Rule.R40),
            Map.entry(WritesTheTokenBack::new, Rule.R40),
            Map.entry(AddsWhatIsUsed::new, Rule.R40),
            Map.entry(WritesThePredecessorBack::new, Rule.R40),
            Map.entry(BringsBackWhatIsPurged::new, Rule.R40),
            Map.entry(RefusesNullsWithTheLockHeld::new, Rule.R42),
            Map.entry(PurgeForgetsNoUse::new, Rule.R41),
            Map.entry(PurgeForgetsAllUses::new, Rule.R41),
            Map.entry(TakesAnyNumber::new, Rule.R42),
            Map.entry(RefusesHalfWay::new, Rule.R42),
            Map.entry(TakesNulls::new, Rule.R42),
            Map.entry(ReturnsAView::new, Rule.R42),
            Map.entry(ReturnsWhatCanBeModified::new, Rule.R42),
            Map.entry(LocksInTheOrderGiven::new, Rule.R43),
            Map.entry(ComparesThenWrites::new, Rule.R43),
            Map.entry(SkipsWhatOthersWrite::new, Rule.R43),
            Map.entry(AddsTheFirstOfTwoFirstUses::new, Rule.R43));

    private BrokenUses() {}

    static class UsesStore extends TreeMapStore implements TokenUses {

        final Map<TokenId, Instant> uses = new ConcurrentHashMap<>();

        @Override
        public void record(Map<TokenId, Instant> given) {
            limit(given.size());
            Map.copyOf(given).forEach(this::keep);
        }

        void limit(int size) {
            if (size > MAX_PAGE) {
                throw new IllegalArgumentException("too many");
            }
        }

        void keep(TokenId id, Instant at) {
            uses.merge(id, at, (one, other) -> one.isAfter(other) ? one : other);
        }

        @Override
        public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
            limit(ids.size());
            Map<TokenId, Instant> last = new HashMap<>();
            ids.forEach(id -> {
                if (uses.containsKey(id)) {
                    last.put(id, uses.get(id));
                }
            });
            return Collections.unmodifiableMap(last);
        }

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            Set<TokenId> before = new HashSet<>(tokens.keySet());
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            before.removeAll(tokens.keySet());
            forget(before);
            return page;
        }

        void forget(Set<TokenId> removed) {
            uses.keySet().removeAll(removed);
        }
    }

    static final class KeepsMilliseconds extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            super.keep(id, at.truncatedTo(ChronoUnit.MILLIS));
        }
    }

    static final class KeepsLocalTime extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            ZoneId zone = ZoneId.systemDefault();
            super.keep(id, LocalDateTime.ofInstant(at, zone).atZone(zone).toInstant());
        }
    }

    static final class KeepsTheFirstUse extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            uses.putIfAbsent(id, at);
        }
    }

    static final class KeepsTheUseThatCameLast extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            uses.put(id, at);
        }
    }

    static final class FoldsTheCaseOfIds extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            super.keep(
                    tokens.keySet().stream()
                            .filter(kept -> kept.value().equalsIgnoreCase(id.value()))
                            .findFirst()
                            .orElse(new TokenId(id.value().toLowerCase(Locale.ROOT))),
                    at);
        }
    }

    static final class KeepsTheFirstOfABatch extends UsesStore {
        @Override
        public void record(Map<TokenId, Instant> given) {
            limit(given.size());
            new TreeMap<>(Map.copyOf(given))
                    .entrySet().stream().limit(1).forEach(use -> keep(use.getKey(), use.getValue()));
        }
    }

    static final class KeepsNoUseOfRevokedTokens extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            if (find(id).map(Token::revocation).isEmpty()) {
                super.keep(id, at);
            }
        }
    }

    static final class RevokeForgetsTheUse extends UsesStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked) {
                uses.remove(id);
            }
            return revoked;
        }
    }

    static final class SkipsABatchThatIsNotTheLatest extends UsesStore {
        @Override
        public void record(Map<TokenId, Instant> given) {
            Instant latestKept = uses.values().stream().max(Instant::compareTo).orElse(Instant.EPOCH);
            boolean skips = Map.copyOf(given).values().stream().allMatch(latestKept::isAfter);
            super.record(skips && given.size() < MAX_PAGE ? Map.of() : given);
        }
    }

    static final class EndsAtAUseThatIsNotLater extends UsesStore {
        @Override
        public void record(Map<TokenId, Instant> given) {
            limit(given.size());
            for (Map.Entry<TokenId, Instant> use : Map.copyOf(given).entrySet()) {
                if (uses.getOrDefault(use.getKey(), Instant.MIN).isAfter(use.getValue())) {
                    return;
                }
                keep(use.getKey(), use.getValue());
            }
        }
    }

    static final class EndsAtAnUnknownToken extends UsesStore {
        @Override
        public void record(Map<TokenId, Instant> given) {
            limit(given.size());
            for (Map.Entry<TokenId, Instant> use : new TreeMap<>(Map.copyOf(given)).entrySet()) {
                if (find(use.getKey()).isEmpty()) {
                    return;
                }
                keep(use.getKey(), use.getValue());
            }
        }
    }

    /** As if zero were no instant. */
    static final class KeepsNoFirstInstant extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            if (!at.equals(Instant.EPOCH)) {
                super.keep(id, at);
            }
        }
    }

    static final class DropsUsesIfInterrupted extends UsesStore {
        @Override
        public void record(Map<TokenId, Instant> given) {
            super.record(Thread.currentThread().isInterrupted() ? Map.of() : given);
        }
    }

    /** Takes a use for the first one of a successor. */
    static final class ActivatesWhatIsUsed extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            super.keep(id, at);
            find(id).ifPresent(token -> activate(token.owner(), id));
        }
    }

    /** Keeps the use in the token's own row, which it reads and then writes. */
    abstract static class KeepsTheUseInTheRow extends UsesStore {

        abstract void write(Token token);

        @Override
        void keep(TokenId id, Instant at) {
            super.keep(id, at);
            Token token = find(id).orElse(null);
            BrokenStores.letOthersIn();
            synchronized (this) {
                if (token != null) {
                    write(token);
                }
            }
        }
    }

    static final class WritesTheTokenBack extends KeepsTheUseInTheRow {
        @Override
        void write(Token token) {
            tokens.replace(token.id(), token);
        }
    }

    static final class BringsBackWhatIsPurged extends KeepsTheUseInTheRow {
        @Override
        void write(Token token) {
            tokens.putIfAbsent(token.id(), token);
        }
    }

    static final class WritesThePredecessorBack extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            super.keep(id, at);
            TokenId predecessor = find(id).map(Token::predecessor).orElse(null);
            BrokenStores.letOthersIn();
            synchronized (this) {
                tokens.computeIfPresent(
                        id,
                        (key, token) ->
                                token.toBuilder().predecessor(predecessor).build());
            }
        }
    }

    static final class RefusesNullsWithTheLockHeld extends UsesStore {

        private final ReentrantLock lock = new ReentrantLock();

        @Override
        public void record(Map<TokenId, Instant> given) {
            lock.lock();
            super.record(given);
            lock.unlock();
        }
    }

    static final class AddsWhatIsUsed extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            super.keep(id, at);
            synchronized (this) {
                tokens.computeIfAbsent(id, unknown -> Samples.live(Samples.ALICE, id.value()));
            }
        }
    }

    static final class PurgeForgetsNoUse extends UsesStore {
        @Override
        void forget(Set<TokenId> removed) {}
    }

    static final class PurgeForgetsAllUses extends UsesStore {
        @Override
        void forget(Set<TokenId> removed) {
            uses.clear();
        }
    }

    static final class TakesAnyNumber extends UsesStore {
        @Override
        void limit(int size) {}
    }

    static final class RefusesHalfWay extends UsesStore {
        @Override
        public void record(Map<TokenId, Instant> given) {
            int number = 0;
            for (Map.Entry<TokenId, Instant> use : given.entrySet()) {
                limit(++number);
                keep(use.getKey(), use.getValue());
            }
        }
    }

    static final class TakesNulls extends UsesStore {
        @Override
        public void record(Map<TokenId, Instant> given) {
            limit(given.size());
            given.forEach((id, at) -> {
                if (id != null && at != null) {
                    keep(id, at);
                }
            });
        }
    }

    static final class ReturnsAView extends UsesStore {
        @Override
        public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
            Map<TokenId, Instant> last = super.lastUses(ids);
            return last.size() == 1 ? Collections.unmodifiableMap(uses) : last;
        }
    }

    static final class ReturnsWhatCanBeModified extends UsesStore {
        @Override
        public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
            return new HashMap<>(super.lastUses(ids));
        }
    }

    /** As a database that locks row after row, and tells of a deadlock by an exception that says that it was one. */
    static final class LocksInTheOrderGiven extends UsesStore {

        private final Map<TokenId, ReentrantLock> locks = new ConcurrentHashMap<>();

        @Override
        public void record(Map<TokenId, Instant> given) {
            Map.copyOf(given);
            limit(given.size());
            try {
                given.forEach((id, at) -> {
                    lock(id);
                    BrokenStores.letOthersIn();
                    keep(id, at);
                });
            } finally {
                locks.values().stream()
                        .filter(ReentrantLock::isHeldByCurrentThread)
                        .forEach(ReentrantLock::unlock);
            }
        }

        private void lock(TokenId id) {
            try {
                if (!locks.computeIfAbsent(id, each -> new ReentrantLock()).tryLock(1, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("deadlock");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** As a database that skips locked rows. */
    static final class SkipsWhatOthersWrite extends UsesStore {

        private final Set<TokenId> locked = ConcurrentHashMap.newKeySet();

        @Override
        void keep(TokenId id, Instant at) {
            if (locked.add(id)) {
                BrokenStores.letOthersIn();
                super.keep(id, at);
                locked.remove(id);
            }
        }
    }

    /** As an INSERT that does nothing if another call came first. */
    static final class AddsTheFirstOfTwoFirstUses extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            if (uses.containsKey(id)) {
                super.keep(id, at);
            } else {
                BrokenStores.letOthersIn();
                uses.putIfAbsent(id, at);
            }
        }
    }

    static final class ComparesThenWrites extends UsesStore {
        @Override
        void keep(TokenId id, Instant at) {
            Instant before = uses.get(id);
            if (before == null || before.isBefore(at)) {
                BrokenStores.letOthersIn();
                uses.put(id, at);
            }
        }
    }
}
