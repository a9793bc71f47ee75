package io.tokenstore.contract;

import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.TokenUses;
import io.tokenstore.contract.BrokenUses.UsesStore;
import io.tokenstore.contract.FailureContract.Fate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Nodes that keep something about uses to themselves, and stores that hide that a call about uses failed. */
final class BrokenSharedUses {

    static final Map<Function<UsesStore, TokenStore>, Rule> RULE_BROKEN_BY = Map.of(
            ShowsItsOwnUses::new, Rule.R39,
            SkipsWhatItRecordedLater::new, Rule.R41,
            LocksTheNodeAlone::new, Rule.R43);

    static final List<Function<Supplier<Fate>, TokenStore>> RULE_34_BROKEN_BY =
            List.of(RecordHidesFailures::new, LastUsesHidesFailures::new, RecordSaysThatNothingWasApplied::new);

    private BrokenSharedUses() {}

    /** A correct node. */
    static class UsesNode extends NodeStore implements TokenUses {

        private final UsesStore shared;

        UsesNode(UsesStore shared) {
            super(shared);
            this.shared = shared;
        }

        @Override
        public void record(Map<TokenId, Instant> given) {
            shared.record(given);
        }

        @Override
        public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
            return shared.lastUses(ids);
        }

        void put(Map<TokenId, Instant> given) {
            shared.uses.putAll(given);
        }
    }

    static final class ShowsItsOwnUses extends UsesNode {

        private final Map<TokenId, Instant> own = new ConcurrentHashMap<>();

        ShowsItsOwnUses(UsesStore shared) {
            super(shared);
        }

        @Override
        public void record(Map<TokenId, Instant> given) {
            super.record(given);
            given.forEach((id, at) -> own.merge(id, at, (one, other) -> one.isAfter(other) ? one : other));
        }

        @Override
        public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
            Map<TokenId, Instant> last = new HashMap<>(super.lastUses(ids));
            last.replaceAll((id, at) -> own.getOrDefault(id, at));
            return Map.copyOf(last);
        }
    }

    /** Saves writes; a purge on another node does not tell it that a token is gone. */
    static final class SkipsWhatItRecordedLater extends UsesNode {

        private final Map<TokenId, Instant> own = new ConcurrentHashMap<>();

        SkipsWhatItRecordedLater(UsesStore shared) {
            super(shared);
        }

        @Override
        public void record(Map<TokenId, Instant> given) {
            Map<TokenId, Instant> later = new HashMap<>(Map.copyOf(given));
            later.entrySet().removeIf(use -> !use.getValue().isAfter(own.getOrDefault(use.getKey(), Instant.MIN)));
            super.record(later);
            own.putAll(later);
        }
    }

    static final class LocksTheNodeAlone extends UsesNode {
        LocksTheNodeAlone(UsesStore shared) {
            super(shared);
        }

        @Override
        public synchronized void record(Map<TokenId, Instant> given) {
            Map<TokenId, Instant> later = new HashMap<>(Map.copyOf(given));
            Map<TokenId, Instant> last = lastUses(given.keySet());
            later.entrySet().removeIf(use -> !use.getValue().isAfter(last.getOrDefault(use.getKey(), Instant.MIN)));
            BrokenStores.letOthersIn();
            put(later);
        }
    }

    /** Correct about failures. */
    static class RemoteUses extends RemoteStore implements TokenUses {

        private final Map<TokenId, Instant> uses = new ConcurrentHashMap<>();

        RemoteUses(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        public void record(Map<TokenId, Instant> given) {
            answer("record", List.of(), () -> {
                given.forEach((id, at) -> uses.merge(id, at, (one, other) -> one.isAfter(other) ? one : other));
                return true;
            });
        }

        @Override
        public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
            return answer("lastUses", List.of(), () -> {
                Map<TokenId, Instant> last = new HashMap<>(uses);
                last.keySet().retainAll(ids);
                return Map.copyOf(last);
            });
        }
    }

    static final class RecordHidesFailures extends RemoteUses {
        RecordHidesFailures(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        <T> T failed(String method, ConnectionLost lost, List<Token> given) {
            return method.equals("record") ? null : super.failed(method, lost, given);
        }
    }

    static final class LastUsesHidesFailures extends RemoteUses {
        LastUsesHidesFailures(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        @SuppressWarnings("unchecked")
        <T> T failed(String method, ConnectionLost lost, List<Token> given) {
            return method.equals("lastUses") ? (T) Map.of() : super.failed(method, lost, given);
        }
    }

    static final class RecordSaysThatNothingWasApplied extends RemoteUses {
        RecordSaysThatNothingWasApplied(Supplier<Fate> fates) {
            super(fates);
        }

        @Override
        <T> T failed(String method, ConnectionLost lost, List<Token> given) {
            if (method.equals("record")) {
                throw new TokenStoreException("the database failed to record", Applied.NO, lost);
            }
            return super.failed(method, lost, given);
        }
    }
}
