package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Stores that take one act for another, or that leave tokens out of it. */
final class BrokenRetries {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(TellsRetriesByEquality::new, Rule.R8),
            Map.entry(TellsRetriesByTheActor::new, Rule.R8),
            Map.entry(TellsRetriesByTheReason::new, Rule.R8),
            Map.entry(TellsRetriesOfTheLastAct::new, Rule.R8),
            Map.entry(TellsRetriesOfAnyAct::new, Rule.R8),
            Map.entry(RevokeAllForgetsEarlierActs::new, Rule.R8),
            Map.entry(RetryMovesTheInstant::new, Rule.R7),
            Map.entry(RevokeAllMovesTheInstant::new, Rule.R7),
            Map.entry(RevokeAllTellsRetriesByEquality::new, Rule.R12),
            Map.entry(RevokeAllTellsRetriesOfTheLastAct::new, Rule.R12),
            Map.entry(KeepsWhatTheFirstWasTold::new, Rule.R36),
            Map.entry(KeepsWhatTheLastWasTold::new, Rule.R36),
            Map.entry(AllowsAnActOnce::new, Rule.R36),
            Map.entry(RevokeAllSkipsTheExpired::new, Rule.R11),
            Map.entry(RevokeAllSkipsThePending::new, Rule.R12),
            Map.entry(RevokeAllSkipsWhatHasNoHash::new, Rule.R12),
            Map.entry(RevokeAllSkipsWhatMayNothing::new, Rule.R12),
            Map.entry(RevokeAllSkipsTheFarFuture::new, Rule.R12),
            Map.entry(RevokeAllSkipsTheUnreadable::new, Rule.R12));

    private BrokenRetries() {}

    /** Says false to a retry that fails a condition of its own. */
    private static class TellsRetries extends TreeMapStore {
        boolean isRetry(Revocation kept, Revocation given) {
            return kept.id().equals(given.id());
        }

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return super.revoke(owner, id, revocation) && isRetry(tokens.get(id).revocation(), revocation);
        }
    }

    static final class TellsRetriesByEquality extends TellsRetries {
        @Override
        boolean isRetry(Revocation kept, Revocation given) {
            return kept.equals(given);
        }
    }

    static final class TellsRetriesByTheActor extends TellsRetries {
        @Override
        boolean isRetry(Revocation kept, Revocation given) {
            return kept.by().equals(given.by());
        }
    }

    static final class TellsRetriesByTheReason extends TellsRetries {
        @Override
        boolean isRetry(Revocation kept, Revocation given) {
            return String.valueOf(kept.reason()).equals(String.valueOf(given.reason()));
        }
    }

    static final class TellsRetriesOfTheLastAct extends TreeMapStore {
        private UUID last;

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean wasLive = find(id).map(Token::revocation).isEmpty();
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked && wasLive) {
                last = revocation.id();
            }
            return revoked && revocation.id().equals(last);
        }
    }

    static final class TellsRetriesOfAnyAct extends TreeMapStore {
        private final Set<UUID> acts = new HashSet<>();

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean revoked = super.revoke(owner, id, revocation);
            boolean own = find(id).filter(token -> token.owner().equals(owner)).isPresent();
            return revoked ? acts.add(revocation.id()) || true : own && acts.contains(revocation.id());
        }
    }

    /** Keeps what it answered until all tokens are revoked. */
    static final class RevokeAllForgetsEarlierActs extends TreeMapStore {
        private final Map<TokenId, UUID> answered = new HashMap<>();

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean wasRevoked = find(id).map(Token::revocation).isPresent();
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked && !wasRevoked) {
                answered.put(id, revocation.id());
            }
            return revoked && (!wasRevoked || revocation.id().equals(answered.get(id)));
        }

        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            answered.clear();
            return super.revokeAll(owner, revocation);
        }
    }

    static final class RetryMovesTheInstant extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked) {
                tokens.computeIfPresent(id, (key, token) -> token.withRevocation(movedTo(revocation, token)));
            }
            return revoked;
        }
    }

    private static Revocation movedTo(Revocation retry, Token token) {
        Revocation kept = token.revocation();
        return new Revocation(kept.id(), retry.at(), kept.by(), kept.reason());
    }

    static final class RevokeAllMovesTheInstant extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            int revoked = super.revokeAll(owner, revocation);
            tokens.replaceAll((id, token) -> token.owner().equals(owner)
                            && token.revocation() != null
                            && token.revocation().id().equals(revocation.id())
                    ? token.withRevocation(revocation)
                    : token);
            return revoked;
        }
    }

    private static int carrying(TreeMapStore store, Owner owner, Predicate<Revocation> act) {
        return (int) store.tokens.values().stream()
                .filter(token ->
                        token.owner().equals(owner) && token.revocation() != null && act.test(token.revocation()))
                .count();
    }

    static final class RevokeAllTellsRetriesByEquality extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            super.revokeAll(owner, revocation);
            return carrying(this, owner, revocation::equals);
        }
    }

    static final class RevokeAllTellsRetriesOfTheLastAct extends TreeMapStore {
        private UUID last;

        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            boolean live = tokens.values().stream()
                    .anyMatch(token -> token.owner().equals(owner) && token.revocation() == null);
            int revoked = super.revokeAll(owner, revocation);
            last = live || last == null ? revocation.id() : last;
            return revocation.id().equals(last) ? revoked : 0;
        }
    }

    /** Keeps acts in a table of their own, by their ids. */
    static final class KeepsWhatTheFirstWasTold extends TreeMapStore {
        private final Map<UUID, Revocation> acts = new HashMap<>();

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            acts.putIfAbsent(revocation.id(), revocation);
            return super.revoke(owner, id, acts.get(revocation.id()));
        }
    }

    static final class KeepsWhatTheLastWasTold extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean wasLive = find(id).map(Token::revocation).isEmpty();
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked && wasLive) {
                tokens.replaceAll((key, token) ->
                        token.revocation() != null && token.revocation().id().equals(revocation.id())
                                ? token.withRevocation(revocation)
                                : token);
            }
            return revoked;
        }
    }

    /** As if the id of the act were unique. */
    static final class AllowsAnActOnce extends TreeMapStore {
        private final Map<UUID, TokenId> acts = new HashMap<>();

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean mayBe = acts.getOrDefault(revocation.id(), id).equals(id);
            boolean revoked = mayBe && super.revoke(owner, id, revocation);
            if (revoked) {
                acts.put(revocation.id(), id);
            }
            return revoked;
        }

        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            return (int) List.copyOf(tokens.values()).stream()
                    .filter(token -> super.revoke(owner, token.id(), revocation))
                    .count();
        }
    }

    private static class RevokeAllSkips extends TreeMapStore {
        private final Predicate<Token> skips;

        RevokeAllSkips(Predicate<Token> skips) {
            this.skips = skips;
        }

        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            List<Token> own = tokens.values().stream()
                    .filter(token -> token.owner().equals(owner))
                    .filter(token -> token.revocation() != null || !skips.test(token))
                    .toList();
            own.forEach(token -> revoke(owner, token.id(), revocation));
            return carrying(this, owner, kept -> kept.id().equals(revocation.id()));
        }
    }

    static final class RevokeAllSkipsTheExpired extends RevokeAllSkips {
        RevokeAllSkipsTheExpired() {
            super(token -> token.expiresAt() != null && token.expiresAt().isBefore(Samples.NOW));
        }
    }

    static final class RevokeAllSkipsThePending extends RevokeAllSkips {
        RevokeAllSkipsThePending() {
            super(token -> token.predecessor() != null);
        }
    }

    static final class RevokeAllSkipsWhatHasNoHash extends RevokeAllSkips {
        RevokeAllSkipsWhatHasNoHash() {
            super(token -> token.hash() == null);
        }
    }

    static final class RevokeAllSkipsWhatMayNothing extends RevokeAllSkips {
        RevokeAllSkipsWhatMayNothing() {
            super(token -> token.scopes().equals(Scopes.none()));
        }
    }

    static final class RevokeAllSkipsTheFarFuture extends RevokeAllSkips {
        RevokeAllSkipsTheFarFuture() {
            super(token -> token.createdAt().isAfter(Samples.NOW.plus(Duration.ofDays(1))));
        }
    }

    static final class RevokeAllSkipsTheUnreadable extends RevokeAllSkips {
        RevokeAllSkipsTheUnreadable() {
            super(token -> token.minReaderVersion() == Integer.MAX_VALUE);
        }
    }
}
