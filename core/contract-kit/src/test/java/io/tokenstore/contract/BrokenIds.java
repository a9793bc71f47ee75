package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Stores that take an id for something else than a value. */
final class BrokenIds {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(FindsBySql::new, Rule.R10),
            Map.entry(FindsByLike::new, Rule.R10),
            Map.entry(FindsAllByGlob::new, Rule.R10),
            Map.entry(RevokesBySql::new, Rule.R5),
            Map.entry(RevokesByLike::new, Rule.R5),
            Map.entry(RevokesByRegex::new, Rule.R5),
            Map.entry(RevokesByTheFirst64::new, Rule.R5),
            Map.entry(ActivatesBySql::new, Rule.R24),
            Map.entry(ActivatesByGlob::new, Rule.R24),
            Map.entry(ActivatesByAllButTheLast::new, Rule.R24));

    private BrokenIds() {}

    /** As a condition into which the id is written: a quote ends it, and what follows is SQL. */
    static boolean sql(TokenId kept, TokenId given) {
        return kept.equals(given) || given.value().contains("'OR'1'='1");
    }

    /** As LIKE without an escape. */
    static boolean like(String kept, String given) {
        String regex = Pattern.quote(given).replace("%", "\\E.*\\Q").replace("_", "\\E.\\Q");
        return Pattern.compile(regex, Pattern.DOTALL).matcher(kept).matches();
    }

    static boolean like(TokenId kept, TokenId given) {
        return like(kept.value(), given.value());
    }

    /** As the keys of a cache or a file system. */
    static boolean glob(TokenId kept, TokenId given) {
        return kept.equals(given)
                || Pattern.matches(
                        Pattern.quote(given.value()).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"), kept.value());
    }

    static boolean regex(TokenId kept, TokenId given) {
        try {
            return kept.equals(given) || kept.value().matches(given.value());
        } catch (RuntimeException e) {
            return false;
        }
    }

    static boolean first64(TokenId kept, TokenId given) {
        return cut(kept).equals(cut(given));
    }

    static TokenId cut(TokenId id) {
        return new TokenId(id.value().substring(0, Math.min(64, id.value().length())));
    }

    static boolean allButTheLast(TokenId kept, TokenId given) {
        String value = given.value();
        return kept.equals(given)
                || value.length() == 255
                        && kept.value().startsWith(value.substring(0, 254))
                        && kept.value().length() == 255;
    }

    private static class Finds extends TreeMapStore {
        private final BiPredicate<TokenId, TokenId> matches;

        Finds(BiPredicate<TokenId, TokenId> matches) {
            this.matches = matches;
        }

        @Override
        public synchronized Optional<Token> find(TokenId id) {
            super.find(id);
            return tokens.values().stream()
                    .filter(token -> matches.test(token.id(), id))
                    .findFirst();
        }
    }

    static final class FindsBySql extends Finds {
        FindsBySql() {
            super(BrokenIds::sql);
        }
    }

    static final class FindsByLike extends Finds {
        FindsByLike() {
            super(BrokenIds::like);
        }
    }

    static final class FindsAllByGlob extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            Map<TokenId, Token> found = new HashMap<>(super.findAll(ids));
            tokens.values().stream()
                    .filter(token -> ids.stream().anyMatch(id -> glob(token.id(), id)))
                    .forEach(token -> found.put(token.id(), token));
            return Map.copyOf(found);
        }
    }

    private static class Revokes extends TreeMapStore {
        private final BiPredicate<TokenId, TokenId> matches;

        Revokes(BiPredicate<TokenId, TokenId> matches) {
            this.matches = matches;
        }

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean revoked = super.revoke(owner, id, revocation);
            List<TokenId> matching = tokens.keySet().stream()
                    .filter(kept -> matches.test(kept, id))
                    .toList();
            for (TokenId other : matching) {
                revoked |= super.revoke(owner, other, revocation);
            }
            return revoked;
        }
    }

    static final class RevokesBySql extends Revokes {
        RevokesBySql() {
            super(BrokenIds::sql);
        }
    }

    static final class RevokesByLike extends Revokes {
        RevokesByLike() {
            super(BrokenIds::like);
        }
    }

    static final class RevokesByRegex extends Revokes {
        RevokesByRegex() {
            super(BrokenIds::regex);
        }
    }

    static final class RevokesByTheFirst64 extends Revokes {
        RevokesByTheFirst64() {
            super(BrokenIds::first64);
        }
    }

    private static class Activates extends TreeMapStore {
        private final BiPredicate<TokenId, TokenId> matches;

        Activates(BiPredicate<TokenId, TokenId> matches) {
            this.matches = matches;
        }

        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            boolean activated = super.activate(owner, id);
            List<TokenId> matching = tokens.keySet().stream()
                    .filter(kept -> matches.test(kept, id))
                    .toList();
            for (TokenId other : matching) {
                activated |= super.activate(owner, other);
            }
            return activated;
        }
    }

    static final class ActivatesBySql extends Activates {
        ActivatesBySql() {
            super(BrokenIds::sql);
        }
    }

    static final class ActivatesByGlob extends Activates {
        ActivatesByGlob() {
            super(BrokenIds::glob);
        }
    }

    static final class ActivatesByAllButTheLast extends Activates {
        ActivatesByAllButTheLast() {
            super(BrokenIds::allButTheLast);
        }
    }
}
