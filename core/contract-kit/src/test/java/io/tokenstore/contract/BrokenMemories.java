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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Stores that forget something beyond some number, or after some time, and some that say of every call whose it is. */
final class BrokenMemories {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(KeepsTenThousandTokens::new, Rule.R32),
            Map.entry(KeepsAThousandTokens::new, Rule.R32),
            Map.entry(KeepsFourThousandOwners::new, Rule.R32),
            Map.entry(KeepsFiveThousandOfAnOwner::new, Rule.R32),
            Map.entry(KeepsFourThousandActs::new, Rule.R32),
            Map.entry(KeepsTenThousandRevocations::new, Rule.R32),
            Map.entry(KeepsTenThousandEnds::new, Rule.R32),
            Map.entry(ForgetsTheExpired::new, Rule.R32),
            Map.entry(ForgetsTheRevokedSoon::new, Rule.R32),
            Map.entry(ForgetsAfterASecond::new, Rule.R32),
            Map.entry(AlwaysInATransaction::new, Rule.R35),
            Map.entry(InATransactionSinceItsFirstWrite::new, Rule.R35),
            Map.entry(InATransactionAfterARefusal::new, Rule.R35),
            Map.entry(InTheTransactionOfAnotherThread::new, Rule.R35),
            Map.entry(KnowsNoTransactions::new, Rule.R35));

    private BrokenMemories() {}

    /** Drops what was used least recently. */
    private static class Bounded<K> extends LinkedHashMap<K, Boolean> {
        private static final long serialVersionUID = 1;

        private final int most;

        Bounded(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Boolean> eldest) {
            return size() > most && isDropped(eldest.getKey());
        }

        boolean isDropped(K eldest) {
            return true;
        }
    }

    /** A cache that nothing backs. */
    private abstract static class KeepsSome extends TreeMapStore {
        private final Map<TokenId, Boolean> recent;

        KeepsSome(int most) {
            recent = new Bounded<>(most) {
                private static final long serialVersionUID = 1;

                @Override
                boolean isDropped(TokenId eldest) {
                    tokens.remove(eldest);
                    return true;
                }
            };
        }

        @Override
        public synchronized void add(Token token) {
            super.add(token);
            recent.put(token.id(), true);
        }

        @Override
        public synchronized Optional<Token> find(TokenId id) {
            recent.get(id);
            return super.find(id);
        }
    }

    static final class KeepsTenThousandTokens extends KeepsSome {
        KeepsTenThousandTokens() {
            super(10_000);
        }
    }

    static final class KeepsAThousandTokens extends KeepsSome {
        KeepsAThousandTokens() {
            super(1_024);
        }
    }

    /** Lists, and revokes all, by an index of owners. */
    static final class KeepsFourThousandOwners extends TreeMapStore {
        private final Map<Owner, Boolean> owners = new Bounded<>(4_096);

        @Override
        public synchronized void add(Token token) {
            super.add(token);
            owners.put(token.owner(), true);
        }

        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            TokenPage page = super.list(owner, after, limit);
            return owners.containsKey(owner) ? page : new TokenPage(List.of(), null);
        }
    }

    static final class KeepsFiveThousandOfAnOwner extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            return (int)
                    tokens.values().stream().filter(token -> token.owner().equals(owner)).limit(5_000).toList().stream()
                            .filter(token -> revoke(owner, token.id(), revocation))
                            .count();
        }
    }

    /** Tells a repeated act by a table of acts. */
    static final class KeepsFourThousandActs extends TreeMapStore {
        private final Map<UUID, Boolean> acts = new Bounded<>(4_096);

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean isNew = find(id).map(Token::revocation).isEmpty();
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked && isNew) {
                acts.put(revocation.id(), true);
            }
            return revoked && acts.containsKey(revocation.id());
        }
    }

    /** Keeps revocations apart from the tokens. */
    static final class KeepsTenThousandRevocations extends TreeMapStore {
        private final Map<TokenId, Boolean> revoked = new Bounded<>(10_000) {
            private static final long serialVersionUID = 1;

            @Override
            boolean isDropped(TokenId eldest) {
                tokens.computeIfPresent(
                        eldest,
                        (id, token) -> token.toBuilder().revocation(null).build());
                return true;
            }
        };

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean isRevoked = super.revoke(owner, id, revocation);
            if (isRevoked) {
                revoked.put(id, true);
            }
            return isRevoked;
        }
    }

    /** Removes what an index of ends names. */
    static final class KeepsTenThousandEnds extends TreeMapStore {
        private final Map<TokenId, Boolean> ends = new Bounded<>(10_000);

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            ends.put(id, true);
            return super.revoke(owner, id, revocation);
        }

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            Map<TokenId, Token> unknown = tokens.entrySet().stream()
                    .filter(entry -> !ends.containsKey(entry.getKey()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            int before = tokens.size();
            tokens.putAll(unknown);
            return new PurgePage(page.removed() - (tokens.size() - before), page.resumeAfter());
        }
    }

    /** As a database with a time to live: what ended is gone a little later. */
    private abstract static class Forgets extends TreeMapStore {
        abstract Instant end(Token token);

        private void forget() {
            tokens.values().removeIf(token -> {
                Instant end = end(token);
                return end != null && end.isBefore(Instant.now());
            });
        }

        @Override
        public synchronized Optional<Token> find(TokenId id) {
            forget();
            return super.find(id);
        }

        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            forget();
            return super.list(owner, after, limit);
        }
    }

    static final class ForgetsTheExpired extends Forgets {
        @Override
        Instant end(Token token) {
            return token.expiresAt();
        }
    }

    /** A second later, as the shortest time to live may have it. */
    static final class ForgetsTheRevokedSoon extends Forgets {
        private final Map<TokenId, Instant> seen = new HashMap<>();

        @Override
        Instant end(Token token) {
            return token.revocation() == null
                    ? null
                    : seen.computeIfAbsent(token.id(), id -> Instant.now()).plusSeconds(1);
        }

        @Override
        public synchronized void add(Token token) {
            super.add(token);
            end(token);
        }
    }

    static final class ForgetsAfterASecond extends Forgets {
        private final Map<TokenId, Instant> added = new HashMap<>();

        @Override
        Instant end(Token token) {
            return added.get(token.id());
        }

        @Override
        public synchronized void add(Token token) {
            super.add(token);
            added.put(token.id(), Instant.now().plusSeconds(1));
        }
    }

    static final class AlwaysInATransaction extends TreeMapStore {
        @Override
        public boolean inHostTransaction() {
            return true;
        }
    }

    private abstract static class Remembers extends TreeMapStore {
        final ThreadLocal<Boolean> begun = ThreadLocal.withInitial(() -> false);

        @Override
        public boolean inHostTransaction() {
            return begun.get();
        }
    }

    static final class InATransactionSinceItsFirstWrite extends Remembers {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            begun.set(true);
            return super.revoke(owner, id, revocation);
        }
    }

    static final class InATransactionAfterARefusal extends Remembers {
        @Override
        public synchronized void add(Token token) {
            begun.set(true);
            super.add(token);
            begun.set(false);
        }
    }

    /** The flag is everybody's. */
    static final class InTheTransactionOfAnotherThread extends TreeMapStore {
        private volatile boolean begun;

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            begun = true;
            try {
                return super.revoke(owner, id, revocation);
            } finally {
                begun = false;
            }
        }

        @Override
        public boolean inHostTransaction() {
            return begun;
        }
    }

    static final class KnowsNoTransactions extends TreeMapStore {
        @Override
        public boolean inHostTransaction() {
            throw new UnsupportedOperationException();
        }
    }
}
