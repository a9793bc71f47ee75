package io.tokenstore.contract;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.fixtures.TreeMapStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Stores with constraints and references between tokens, that compare by reference, or that remember a walk. */
final class BrokenRelations {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(HashesAreUnique::new, Rule.R1),
            Map.entry(RefusesItsOwnPredecessor::new, Rule.R1),
            Map.entry(RevokesSuccessors::new, Rule.R6),
            Map.entry(PurgeForgetsTheActorsToken::new, Rule.R16),
            Map.entry(PurgeRemovesTwins::new, Rule.R16),
            Map.entry(PurgeRemembersTheFirstInstant::new, Rule.R16),
            Map.entry(ActivatesForTheSameObject::new, Rule.R10),
            Map.entry(ListsForTheSameText::new, Rule.R10),
            Map.entry(ListsOwnersWithoutIgnorableMarks::new, Rule.R10),
            Map.entry(RetriesAreTheSameObject::new, Rule.R8),
            Map.entry(AddAllReportsItsLastChunk::new, Rule.R25),
            Map.entry(AddAllTakesFewBytes::new, Rule.R25),
            Map.entry(RefusesNullsWithTheLockHeld::new, Rule.R19),
            Map.entry(RefusesLimitsWithTheLockHeld::new, Rule.R19),
            Map.entry(FindAllFoldsTheCaseOfKeys::new, Rule.R26),
            Map.entry(ListsWhatWasAtTheFirstPage::new, Rule.R20),
            Map.entry(ScansWhatWasAtTheFirstPage::new, Rule.R20));

    private BrokenRelations() {}

    static final class HashesAreUnique extends TreeMapStore {
        @Override
        public synchronized void add(Token token) {
            if (token.hash() != null
                    && tokens.values().stream().anyMatch(kept -> token.hash().equals(kept.hash()))) {
                throw new DuplicateTokenException();
            }
            super.add(token);
        }
    }

    /** As by a CHECK constraint. */
    static final class RefusesItsOwnPredecessor extends TreeMapStore {
        @Override
        public synchronized void add(Token token) {
            if (token.id().equals(token.predecessor())) {
                throw new TokenStoreException("constraint violated", Applied.NO, null);
            }
            super.add(token);
        }
    }

    static final class RevokesSuccessors extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked) {
                tokens.replaceAll((key, token) -> id.equals(token.predecessor()) && token.revocation() == null
                        ? token.withRevocation(revocation)
                        : token);
            }
            return revoked;
        }
    }

    private abstract static class ReactsToPurges extends TreeMapStore {
        abstract void removed(Token token);

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            Map<TokenId, Token> before = new HashMap<>(tokens);
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            before.keySet().removeAll(tokens.keySet());
            before.values().forEach(this::removed);
            return page;
        }
    }

    /** As a foreign key ON DELETE SET NULL. */
    static final class PurgeForgetsTheActorsToken extends ReactsToPurges {
        @Override
        void removed(Token token) {
            tokens.replaceAll((id, kept) -> kept.revocation() != null
                            && token.id().equals(kept.revocation().by().token())
                    ? kept.withRevocation(withoutToken(kept.revocation()))
                    : kept);
        }

        private static Revocation withoutToken(Revocation act) {
            return new Revocation(
                    act.id(), act.at(), new Actor(act.by().kind(), act.by().name(), null), act.reason());
        }
    }

    static final class PurgeRemovesTwins extends ReactsToPurges {
        @Override
        void removed(Token token) {
            tokens.values().removeIf(kept -> kept.hash() != null && kept.hash().equals(token.hash()));
        }
    }

    /** As a cursor that is opened by the first step. */
    static final class PurgeRemembersTheFirstInstant extends TreeMapStore {
        private final Map<TokenId, Instant> cursors = new HashMap<>();

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            Instant first = after == null ? endedBefore : cursors.getOrDefault(after, endedBefore);
            PurgePage page = super.purge(first, after, maxExamined);
            if (page.resumeAfter() != null) {
                cursors.put(page.resumeAfter(), first);
            }
            return page;
        }
    }

    static final class ActivatesForTheSameObject extends TreeMapStore {
        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            boolean isSame = find(id).map(token -> token.owner() == owner).orElse(false);
            return super.activate(isSame || owner == null ? owner : new Owner("nobody"), id);
        }
    }

    static final class ListsForTheSameText extends TreeMapStore {
        @Override
        @SuppressWarnings("StringEquality")
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            super.list(owner, after, limit);
            return BrokenOwners.page(
                    tokens.values().stream().filter(token -> token.owner().value() == owner.value()), after, limit);
        }
    }

    /** As a collation that gives no weight to them. */
    static final class ListsOwnersWithoutIgnorableMarks extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            super.list(owner, after, limit);
            Stream<Token> alike = tokens.values().stream()
                    .filter(token -> weighed(token.owner()).equals(weighed(owner)));
            return BrokenOwners.page(alike, after, limit);
        }

        private static String weighed(Owner owner) {
            return owner.value().replaceAll("[\uFE00-\uFE0F\u034F]", "");
        }
    }

    static final class RetriesAreTheSameObject extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return super.revoke(owner, id, revocation)
                    && Objects.requireNonNull(tokens.get(id).revocation()).id() == revocation.id();
        }
    }

    static final class AddAllReportsItsLastChunk extends TreeMapStore {
        @Override
        public synchronized void addAll(Collection<Token> many) {
            super.addAll(many.size() > MAX_PAGE ? many : List.of());
            List<Token> given = List.copyOf(many);
            DuplicateTokenException ofTheChunk = null;
            for (int i = 0; i < given.size(); i++) {
                ofTheChunk = i % 100 == 0 ? null : ofTheChunk;
                try {
                    super.add(given.get(i));
                } catch (DuplicateTokenException e) {
                    ofTheChunk = e;
                }
            }
            if (ofTheChunk != null) {
                throw ofTheChunk;
            }
        }
    }

    /** As a server with a limit for one request. */
    static final class AddAllTakesFewBytes extends TreeMapStore {
        @Override
        public synchronized void addAll(Collection<Token> many) {
            int bytes = many.stream()
                    .mapToInt(
                            token -> token.id().value().length() + token.name().getBytes(StandardCharsets.UTF_8).length)
                    .sum();
            if (bytes > 1_000_000) {
                throw new TokenStoreException("the request is too long", Applied.NO, null);
            }
            super.addAll(many);
        }
    }

    /** Does not give the lock back when it throws. */
    private static class Locks extends TreeMapStore {
        private final ReentrantLock lock = new ReentrantLock();

        <T> T locked(Supplier<T> call) {
            lock.lock();
            T answer = call.get();
            lock.unlock();
            return answer;
        }
    }

    static final class RefusesNullsWithTheLockHeld extends Locks {
        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return locked(() -> super.revoke(owner, id, revocation));
        }
    }

    static final class RefusesLimitsWithTheLockHeld extends Locks {
        @Override
        public TokenPage list(Owner owner, TokenId after, int limit) {
            return locked(() -> super.list(owner, after, limit));
        }
    }

    static final class FindAllFoldsTheCaseOfKeys extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            TreeMap<TokenId, Token> found =
                    new TreeMap<>((one, other) -> one.value().compareToIgnoreCase(other.value()));
            found.putAll(super.findAll(ids));
            return Collections.unmodifiableMap(found);
        }
    }

    /** Reads all tokens of a walk with its first page. */
    private static class RemembersWalks extends TreeMapStore {
        private final Map<TokenId, List<Token>> walks = new HashMap<>();

        TokenPage page(Stream<Token> tokensNow, TokenId after, int limit) {
            List<Token> rest = after == null ? null : walks.remove(after);
            if (rest == null) {
                rest = tokensNow
                        .filter(token -> after == null || token.id().compareTo(after) > 0)
                        .toList();
            }
            if (rest.size() <= limit) {
                return new TokenPage(rest, null);
            }
            TokenId last = rest.get(limit - 1).id();
            walks.put(last, rest.subList(limit, rest.size()));
            return new TokenPage(rest.subList(0, limit), last);
        }
    }

    static final class ListsWhatWasAtTheFirstPage extends RemembersWalks {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            super.list(owner, after, limit);
            return page(tokens.values().stream().filter(token -> token.owner().equals(owner)), after, limit);
        }
    }

    static final class ScansWhatWasAtTheFirstPage extends RemembersWalks {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            super.scan(after, limit);
            return page(tokens.values().stream(), after, limit);
        }
    }
}
