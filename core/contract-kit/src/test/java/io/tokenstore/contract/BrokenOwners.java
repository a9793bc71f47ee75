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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Stores that take one owner for another. */
final class BrokenOwners {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(RevokesForOwnersLike::new, Rule.R10),
            Map.entry(RevokesAllOfOwnersLike::new, Rule.R10),
            Map.entry(ListsOwnersLike::new, Rule.R10),
            Map.entry(ActivatesForOwnersLike::new, Rule.R10),
            Map.entry(RevokesForTheNumber::new, Rule.R10),
            Map.entry(ListsByPrefix::new, Rule.R10),
            Map.entry(RevokesAllByPrefix::new, Rule.R10),
            Map.entry(JoinsByColon::new, Rule.R10),
            Map.entry(JoinsByDash::new, Rule.R10),
            Map.entry(JoinsByNothing::new, Rule.R10),
            Map.entry(JoinsByTwoColons::new, Rule.R10),
            Map.entry(PurgeDropsTheJoinedKey::new, Rule.R10));

    private BrokenOwners() {}

    /** The owner who is kept, if the one who is given is like that one as a pattern. */
    private static Owner like(Owner kept, Owner given) {
        return BrokenIds.like(kept.value(), given.value()) ? kept : given;
    }

    static final class RevokesForOwnersLike extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return super.revoke(like(find(id).map(Token::owner).orElse(owner), owner), id, revocation);
        }
    }

    static final class ActivatesForOwnersLike extends TreeMapStore {
        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            return super.activate(like(find(id).map(Token::owner).orElse(owner), owner), id);
        }
    }

    static final class RevokesAllOfOwnersLike extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            return (int) List.copyOf(tokens.values()).stream()
                    .filter(token -> revoke(like(token.owner(), owner), token.id(), revocation))
                    .count();
        }
    }

    static final class ListsOwnersLike extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            return page(
                    tokens.values().stream()
                            .filter(token -> BrokenIds.like(token.owner().value(), owner.value())),
                    after,
                    limit);
        }
    }

    static TokenPage page(Stream<Token> own, TokenId after, int limit) {
        List<Token> page = own.filter(token -> after == null || token.id().compareTo(after) > 0)
                .limit(limit)
                .toList();
        return new TokenPage(
                page, page.size() < limit ? null : page.get(limit - 1).id());
    }

    /** As a database that compares a text with a number as numbers. */
    static final class RevokesForTheNumber extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            Owner kept = find(id).map(Token::owner).orElse(owner);
            return super.revoke(number(kept).equals(number(owner)) ? kept : owner, id, revocation);
        }

        private static String number(Owner owner) {
            return owner.value().replaceFirst("^[+0]+(?=\\d)", "").replaceFirst("\\.0$", "");
        }
    }

    static final class ListsByPrefix extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            return page(
                    tokens.values().stream()
                            .filter(token -> token.owner().value().startsWith(owner.value())),
                    after,
                    limit);
        }
    }

    static final class RevokesAllByPrefix extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            return (int) List.copyOf(tokens.values()).stream()
                    .filter(token -> token.owner().value().startsWith(owner.value()))
                    .filter(token -> revoke(token.owner(), token.id(), revocation))
                    .count();
        }
    }

    /** Keeps an index of owner and id, joined by something that both may hold. */
    private static class Joins extends TreeMapStore {
        final TreeMap<String, TokenId> index = new TreeMap<>();
        private final String separator;

        Joins(String separator) {
            this.separator = separator;
        }

        String key(Owner owner, TokenId id) {
            return owner + separator + id;
        }

        @Override
        public synchronized void add(Token token) {
            super.add(token);
            index.put(key(token.owner(), token.id()), token.id());
        }

        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            super.list(owner, after, limit);
            String prefix = owner + separator;
            return page(
                    index.tailMap(prefix).entrySet().stream()
                            .filter(entry -> entry.getKey().startsWith(prefix))
                            .map(entry -> tokens.get(entry.getValue()))
                            .filter(Objects::nonNull)
                            .sorted(Comparator.comparing(Token::id)),
                    after,
                    limit);
        }
    }

    static final class JoinsByColon extends Joins {
        JoinsByColon() {
            super(":");
        }
    }

    static final class JoinsByDash extends Joins {
        JoinsByDash() {
            super("-");
        }
    }

    static final class JoinsByTwoColons extends Joins {
        JoinsByTwoColons() {
            super("::");
        }
    }

    static final class JoinsByNothing extends Joins {
        JoinsByNothing() {
            super("");
        }
    }

    /** Lists what is right, but only while its joined key is there. */
    static final class PurgeDropsTheJoinedKey extends Joins {
        PurgeDropsTheJoinedKey() {
            super("/");
        }

        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            return page(
                    tokens.values().stream()
                            .filter(token -> token.owner().equals(owner) && index.containsKey(key(owner, token.id()))),
                    after,
                    limit);
        }

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            List<Token> before = List.copyOf(tokens.values());
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            before.stream()
                    .filter(token -> !tokens.containsKey(token.id()))
                    .forEach(token -> index.remove(key(token.owner(), token.id())));
            return page;
        }
    }
}
