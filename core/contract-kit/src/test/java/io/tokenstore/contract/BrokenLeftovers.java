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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Stores in which something stays of a token that was refused or purged. */
final class BrokenLeftovers {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(IndexesBeforeItRefuses::new, Rule.R3),
            Map.entry(AddAllIndexesBeforeItRefuses::new, Rule.R25),
            Map.entry(RefusedOnesEnd::new, Rule.R3),
            Map.entry(PurgeLeavesTheIndex::new, Rule.R16),
            Map.entry(PurgeLeavesTheEnd::new, Rule.R16),
            Map.entry(PurgeLeavesTheAct::new, Rule.R16));

    private BrokenLeftovers() {}

    /** Finds an owner's tokens by an index that nobody compares with the tokens again. */
    private static class Indexes extends TreeMapStore {
        final TreeMap<TokenId, Collection<Owner>> owners = new TreeMap<>();

        void index(Token token) {
            owners.merge(
                    token.id(),
                    List.of(token.owner()),
                    (old, added) -> Stream.concat(old.stream(), added.stream())
                            .distinct()
                            .toList());
        }

        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            super.list(owner, after, limit);
            return BrokenOwners.page(tokens.values().stream().filter(token -> isOf(owner, token)), after, limit);
        }

        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            return (int) List.copyOf(tokens.values()).stream()
                    .filter(token -> isOf(owner, token))
                    .filter(token -> revoke(token.owner(), token.id(), revocation))
                    .count();
        }

        private boolean isOf(Owner owner, Token token) {
            return owners.getOrDefault(token.id(), List.of()).contains(owner);
        }
    }

    static final class IndexesBeforeItRefuses extends Indexes {
        @Override
        public synchronized void add(Token token) {
            index(token);
            super.add(token);
        }
    }

    static final class AddAllIndexesBeforeItRefuses extends Indexes {
        @Override
        public synchronized void add(Token token) {
            super.add(token);
            index(token);
        }

        @Override
        public synchronized void addAll(Collection<Token> many) {
            if (many.size() <= MAX_PAGE) {
                many.forEach(this::index);
            }
            super.addAll(many);
        }
    }

    static final class PurgeLeavesTheIndex extends Indexes {
        @Override
        public synchronized void add(Token token) {
            super.add(token);
            index(token);
        }
    }

    /** Purges by an index of ends, which an add changes before it is refused. */
    private static class IndexesEnds extends TreeMapStore {
        final TreeMap<TokenId, Instant> ends = new TreeMap<>();

        void end(Token token) {
            if (token.endsAt() != null) {
                ends.put(token.id(), token.endsAt());
            }
        }

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            int before = tokens.size();
            ends.forEach((id, end) -> {
                if (end.isBefore(endedBefore)) {
                    tokens.remove(id);
                }
            });
            int removed = before - tokens.size();
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            return new PurgePage(page.removed() + removed, page.resumeAfter());
        }
    }

    static final class RefusedOnesEnd extends IndexesEnds {
        @Override
        public synchronized void add(Token token) {
            end(token);
            super.add(token);
        }
    }

    static final class PurgeLeavesTheEnd extends IndexesEnds {
        @Override
        public synchronized void add(Token token) {
            super.add(token);
            end(token);
        }
    }

    static final class PurgeLeavesTheAct extends TreeMapStore {
        private final Map<TokenId, Revocation> acts = new TreeMap<>();

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked) {
                acts.putIfAbsent(id, revocation);
            }
            return revoked || acts.containsKey(id) && acts.get(id).id().equals(revocation.id());
        }
    }
}
