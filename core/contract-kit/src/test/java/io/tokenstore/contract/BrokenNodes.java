package io.tokenstore.contract;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Stores that are right as long as there is only one node: each keeps to itself what the others would have to know. */
final class BrokenNodes {

    static final List<Function<TreeMapStore, TokenStore>> RULE_33_BROKEN_BY = List.of(
            RevokesUnderItsOwnLock::new,
            RevokesAllUnderItsOwnLock::new,
            AddsUnderItsOwnLock::new,
            ActivatesUnderItsOwnLock::new,
            PurgesUnderItsOwnLock::new,
            CountsPurgesUnderItsOwnLock::new,
            CachesWhatItFound::new,
            CachesWhatItAdded::new,
            CachesThatThereIsNone::new,
            CachesLists::new,
            IndexesOwners::new,
            RemembersIds::new,
            RemembersActs::new,
            CountsItsOwnRevocations::new,
            ScansInItsOwnOrder::new,
            KnowsItsOwnPlaces::new);

    private BrokenNodes() {}

    static final class RevokesUnderItsOwnLock extends NodeStore {
        RevokesUnderItsOwnLock(TreeMapStore database) {
            super(database);
        }

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            Token token = find(id).filter(kept -> kept.owner().equals(owner)).orElse(null);
            if (token == null || token.revocation() != null) {
                return super.revoke(owner, id, revocation);
            }
            write(token.withRevocation(revocation), database);
            return true;
        }
    }

    /** Another request over the network than the look before it. */
    private static void write(Token token, TreeMapStore database) {
        BrokenStores.letOthersIn();
        synchronized (database) {
            database.tokens.put(token.id(), token);
        }
    }

    static final class RevokesAllUnderItsOwnLock extends NodeStore {
        RevokesAllUnderItsOwnLock(TreeMapStore database) {
            super(database);
        }

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return super.revoke(owner, id, revocation);
        }

        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            List<Token> live = Walk.list(database, owner).stream()
                    .filter(token -> token.revocation() == null)
                    .toList();
            live.forEach(token -> write(token.withRevocation(revocation), database));
            return super.revokeAll(owner, revocation);
        }
    }

    static final class AddsUnderItsOwnLock extends NodeStore {
        AddsUnderItsOwnLock(TreeMapStore database) {
            super(database);
        }

        @Override
        public synchronized void add(Token token) {
            if (find(token.id()).isPresent()) {
                throw new DuplicateTokenException();
            }
            write(token, database);
        }
    }

    static final class ActivatesUnderItsOwnLock extends NodeStore {
        ActivatesUnderItsOwnLock(TreeMapStore database) {
            super(database);
        }

        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            Token token = find(id).filter(kept -> kept.owner().equals(owner) && kept.revocation() == null)
                    .orElse(null);
            if (token != null) {
                write(token.toBuilder().predecessor(null).build(), database);
            }
            return token != null;
        }

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return super.revoke(owner, id, revocation);
        }
    }

    /** Removes what had ended when it looked. */
    static final class PurgesUnderItsOwnLock extends NodeStore {
        PurgesUnderItsOwnLock(TreeMapStore database) {
            super(database);
        }

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return super.revoke(owner, id, revocation);
        }

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            TokenPage page = database.scan(after, Math.min(maxExamined, MAX_PAGE));
            int removed = 0;
            for (Token token : page.tokens()) {
                if (token.endsAt() != null && token.endsAt().isBefore(endedBefore)) {
                    synchronized (database) {
                        removed += database.tokens.remove(token.id()) == null ? 0 : 1;
                    }
                }
            }
            return new PurgePage(removed, page.resumeAfter());
        }
    }

    /** Removes what has ended, and counts what had ended when it looked. */
    static final class CountsPurgesUnderItsOwnLock extends NodeStore {
        CountsPurgesUnderItsOwnLock(TreeMapStore database) {
            super(database);
        }

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            int most = Math.min(maxExamined, MAX_PAGE);
            long ended = database.scan(after, most).tokens().stream()
                    .filter(token -> token.endsAt() != null && token.endsAt().isBefore(endedBefore))
                    .count();
            return new PurgePage(
                    (int) ended, super.purge(endedBefore, after, most).resumeAfter());
        }
    }

    /** Every write of its own drops what it knows. */
    private abstract static class Caching extends NodeStore {
        final Map<TokenId, Token> cache = new ConcurrentHashMap<>();

        Caching(TreeMapStore database) {
            super(database);
        }

        @Override
        public Optional<Token> find(TokenId id) {
            Token cached = cache.get(id);
            return cached == null ? super.find(id) : Optional.of(cached);
        }

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            cache.remove(id);
            return super.revoke(owner, id, revocation);
        }

        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            cache.clear();
            return super.revokeAll(owner, revocation);
        }

        @Override
        public boolean activate(Owner owner, TokenId id) {
            cache.remove(id);
            return super.activate(owner, id);
        }

        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            cache.clear();
            return super.purge(endedBefore, after, maxExamined);
        }
    }

    static final class CachesWhatItFound extends Caching {
        CachesWhatItFound(TreeMapStore database) {
            super(database);
        }

        @Override
        public synchronized Optional<Token> find(TokenId id) {
            Optional<Token> found = super.find(id);
            found.ifPresent(token -> cache.put(id, token));
            return found;
        }
    }

    static final class CachesWhatItAdded extends Caching {
        CachesWhatItAdded(TreeMapStore database) {
            super(database);
        }

        @Override
        public synchronized void add(Token token) {
            super.add(token);
            cache.put(token.id(), token);
        }
    }

    static final class CachesThatThereIsNone extends NodeStore {
        private final Set<TokenId> unknown = ConcurrentHashMap.newKeySet();

        CachesThatThereIsNone(TreeMapStore database) {
            super(database);
        }

        @Override
        public void add(Token token) {
            super.add(token);
            unknown.remove(token.id());
        }

        @Override
        public Optional<Token> find(TokenId id) {
            Optional<Token> found = unknown.contains(id) ? Optional.empty() : super.find(id);
            if (found.isEmpty()) {
                unknown.add(id);
            }
            return found;
        }
    }

    /** Until it changes something itself. */
    static final class CachesLists extends Caching {
        private final Map<List<Object>, TokenPage> pages = new ConcurrentHashMap<>();

        CachesLists(TreeMapStore database) {
            super(database);
        }

        @Override
        public TokenPage list(Owner owner, TokenId after, int limit) {
            if (after != null || limit < MAX_PAGE) {
                return super.list(owner, after, limit);
            }
            return pages.computeIfAbsent(List.of(owner), key -> super.list(owner, null, limit));
        }

        @Override
        public void add(Token token) {
            super.add(token);
            pages.clear();
        }

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            pages.clear();
            return super.revoke(owner, id, revocation);
        }
    }

    /** Revokes all of what was added here. */
    static final class IndexesOwners extends NodeStore {
        private final Map<Owner, Set<TokenId>> owned = new ConcurrentHashMap<>();

        IndexesOwners(TreeMapStore database) {
            super(database);
        }

        @Override
        public void add(Token token) {
            super.add(token);
            owned.computeIfAbsent(token.owner(), owner -> ConcurrentHashMap.newKeySet())
                    .add(token.id());
        }

        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            return (int) owned.getOrDefault(owner, Set.of()).stream()
                    .filter(id -> revoke(owner, id, revocation))
                    .count();
        }
    }

    /** Refuses what was added here. */
    static final class RemembersIds extends NodeStore {
        private final Set<TokenId> added = ConcurrentHashMap.newKeySet();

        RemembersIds(TreeMapStore database) {
            super(database);
        }

        @Override
        public void add(Token token) {
            if (!added.add(token.id())) {
                throw new DuplicateTokenException();
            }
            write(token, database);
        }

        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            added.removeIf(id -> find(id).isEmpty());
            return page;
        }
    }

    /** Tells a repeated act by what was done here. */
    static final class RemembersActs extends NodeStore {
        private final Set<UUID> acts = ConcurrentHashMap.newKeySet();

        RemembersActs(TreeMapStore database) {
            super(database);
        }

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean isNew = find(id).map(Token::revocation).isEmpty();
            boolean isDoneHere = acts.contains(revocation.id());
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked) {
                acts.add(revocation.id());
            }
            return revoked && (isNew || isDoneHere);
        }
    }

    /** Tells how many it revoked itself when it is asked again. */
    static final class CountsItsOwnRevocations extends NodeStore {
        private final Map<UUID, Integer> counts = new ConcurrentHashMap<>();

        CountsItsOwnRevocations(TreeMapStore database) {
            super(database);
        }

        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            int live = (int) Walk.list(database, owner).stream()
                    .filter(token -> token.revocation() == null)
                    .count();
            super.revokeAll(owner, revocation);
            return counts.merge(revocation.id(), live, Integer::sum);
        }
    }

    /** What was added here comes first. */
    static final class ScansInItsOwnOrder extends NodeStore {
        private final List<TokenId> added = new CopyOnWriteArrayList<>();

        ScansInItsOwnOrder(TreeMapStore database) {
            super(database);
        }

        @Override
        public void add(Token token) {
            super.add(token);
            added.add(token.id());
        }

        @Override
        public TokenPage scan(TokenId after, int limit) {
            Set<TokenId> here = new HashSet<>(added);
            List<Token> order = new ArrayList<>();
            added.forEach(id -> find(id).ifPresent(order::add));
            Walk.scan(database).stream()
                    .filter(token -> !here.contains(token.id()))
                    .forEach(order::add);
            int from =
                    after == null ? 0 : order.stream().map(Token::id).toList().indexOf(after) + 1;
            List<Token> page = order.subList(from, Math.min(order.size(), from + limit));
            return new TokenPage(
                    page, page.size() < limit ? null : page.get(limit - 1).id());
        }
    }

    /** Goes on only where it stood itself, and begins anew elsewhere. */
    static final class KnowsItsOwnPlaces extends NodeStore {
        private final Set<TokenId> places = ConcurrentHashMap.newKeySet();

        KnowsItsOwnPlaces(TreeMapStore database) {
            super(database);
        }

        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            TokenId known = after != null && places.contains(after) ? after : null;
            PurgePage page = super.purge(endedBefore, known, maxExamined);
            if (page.resumeAfter() != null) {
                places.add(page.resumeAfter());
            }
            return page;
        }

        @Override
        public void addAll(Collection<Token> tokens) {
            database.addAll(tokens);
        }
    }
}
