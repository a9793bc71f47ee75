package io.tokenstore.contract;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Writes in two steps, and caches that remember too long, without a pause. */
final class BrokenLooks {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(AddsTheScopesLater::new, Rule.R29),
            Map.entry(AddsTheRevocationLater::new, Rule.R29),
            Map.entry(AddsManyWithoutTheHash::new, Rule.R29),
            Map.entry(RevokesFirstAndTellsWhyLater::new, Rule.R29),
            Map.entry(RevokesAllFirstAndTellsWhoLater::new, Rule.R29),
            Map.entry(ActivatesByRemovingAndAdding::new, Rule.R29),
            Map.entry(PurgesTheRevocationFirst::new, Rule.R29),
            Map.entry(FindsInTwoLooks::new, Rule.R29),
            Map.entry(RemembersFindsThatFailed::new, Rule.R30),
            Map.entry(RemembersFindsThatFailedOfEachThread::new, Rule.R30),
            Map.entry(FillsTheCacheOfAbsencesLate::new, Rule.R30),
            Map.entry(FindAllRemembersAbsences::new, Rule.R30),
            Map.entry(RevokeRemembersAbsences::new, Rule.R30),
            Map.entry(ListRemembersEmptyPages::new, Rule.R30),
            Map.entry(ScanRemembersItsFirstPage::new, Rule.R30),
            Map.entry(FindsThePurged::new, Rule.R30),
            Map.entry(RevokesThePurgedAgain::new, Rule.R30),
            Map.entry(RefusesThePurgedForever::new, Rule.R16),
            Map.entry(FillsTheCacheLate::new, Rule.R20),
            Map.entry(FillsTheCacheLate::new, Rule.R30),
            Map.entry(ListFillsItsCacheLate::new, Rule.R20));

    private BrokenLooks() {}

    static final class AddsTheScopesLater extends ConcurrentStore {
        @Override
        public void add(Token token) {
            super.add(token.toBuilder().scopes(Scopes.none()).build());
            tokens.put(token.id(), token);
        }
    }

    static final class AddsTheRevocationLater extends ConcurrentStore {
        @Override
        public void add(Token token) {
            super.add(token.withRevocation(null));
            if (token.revocation() != null) {
                revoke(token.owner(), token.id(), token.revocation());
            }
        }
    }

    static final class AddsManyWithoutTheHash extends ConcurrentStore {
        @Override
        public void addAll(Collection<Token> many) {
            super.addAll(many.stream()
                    .map(token -> token.toBuilder().hash(null).build())
                    .toList());
            many.forEach(token -> tokens.put(token.id(), token));
        }
    }

    private static Revocation withoutReason(Revocation given) {
        return new Revocation(given.id(), given.at(), given.by(), null);
    }

    static final class RevokesFirstAndTellsWhyLater extends ConcurrentStore {
        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            Token before = tokens.get(id);
            boolean revoked = super.revoke(owner, id, withoutReason(revocation));
            if (revoked && before.revocation() == null) {
                change(owner, id, kept -> kept.withRevocation(revocation));
            }
            return revoked;
        }
    }

    static final class RevokesAllFirstAndTellsWhoLater extends ConcurrentStore {
        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            List<Token> live = tokens.values().stream()
                    .filter(isOf(owner).and(token -> token.revocation() == null))
                    .toList();
            int revoked = super.revokeAll(owner, withoutReason(revocation));
            live.forEach(token -> change(
                    owner, token.id(), kept -> isRevokedBy(revocation, kept) ? kept.withRevocation(revocation) : kept));
            return revoked;
        }
    }

    static final class ActivatesByRemovingAndAdding extends ConcurrentStore {
        @Override
        public boolean activate(Owner owner, TokenId id) {
            Token token = tokens.get(id);
            if (token == null || !isOf(owner).test(token) || token.revocation() != null) {
                return false;
            }
            tokens.remove(id);
            tokens.put(id, activated(token));
            return true;
        }
    }

    /** As two deletions in two tables: for a moment the token is not revoked. */
    static final class PurgesTheRevocationFirst extends ConcurrentStore {
        @Override
        int remove(List<Token> examined, Instant endedBefore) {
            List<Token> ended = new ArrayList<>();
            for (Token token : examined) {
                Token live = token.withRevocation(null);
                if (hasEnded(token, endedBefore) && tokens.replace(token.id(), token, live)) {
                    ended.add(live);
                }
            }
            ended.forEach(token -> tokens.remove(token.id()));
            return ended.size();
        }
    }

    /** As two selects: the revocation is of another moment than the rest. */
    static final class FindsInTwoLooks extends ConcurrentStore {
        @Override
        public Optional<Token> find(TokenId id) {
            Token token = tokens.get(id);
            BrokenStores.letOthersIn();
            Token later = tokens.get(id);
            return Optional.ofNullable(token)
                    .map(found -> found.withRevocation(later == null ? null : later.revocation()));
        }
    }

    static final class RemembersFindsThatFailed extends ConcurrentStore {
        private final Set<TokenId> absent = ConcurrentHashMap.newKeySet();

        @Override
        public Optional<Token> find(TokenId id) {
            Optional<Token> found = absent.contains(id) ? Optional.empty() : super.find(id);
            if (found.isEmpty()) {
                absent.add(id);
            }
            return found;
        }
    }

    static final class RemembersFindsThatFailedOfEachThread extends ConcurrentStore {
        private final ThreadLocal<Set<TokenId>> absent = ThreadLocal.withInitial(ConcurrentHashMap::newKeySet);

        @Override
        public void add(Token token) {
            super.add(token);
            absent.get().remove(token.id());
        }

        @Override
        public Optional<Token> find(TokenId id) {
            Optional<Token> found = absent.get().contains(id) ? Optional.empty() : super.find(id);
            if (found.isEmpty()) {
                absent.get().add(id);
            }
            return found;
        }
    }

    /** An add drops the entry, but a reader who looked before puts it back. */
    static final class FillsTheCacheOfAbsencesLate extends ConcurrentStore {
        private final Set<TokenId> absent = ConcurrentHashMap.newKeySet();

        @Override
        public void add(Token token) {
            super.add(token);
            absent.remove(token.id());
        }

        @Override
        public Optional<Token> find(TokenId id) {
            if (absent.contains(id)) {
                return Optional.empty();
            }
            Optional<Token> found = super.find(id);
            if (found.isEmpty()) {
                absent.add(id);
            }
            return found;
        }
    }

    static final class FindAllRemembersAbsences extends ConcurrentStore {
        private final Set<TokenId> absent = ConcurrentHashMap.newKeySet();

        @Override
        public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            Map<TokenId, Token> found = super.findAll(
                    ids.stream().filter(id -> !absent.contains(id)).toList());
            ids.stream().filter(id -> !found.containsKey(id)).forEach(absent::add);
            return found;
        }
    }

    static final class RevokeRemembersAbsences extends ConcurrentStore {
        private final Set<TokenId> absent = ConcurrentHashMap.newKeySet();

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            if (!tokens.containsKey(id)) {
                absent.add(id);
            }
            return !absent.contains(id) && super.revoke(owner, id, revocation);
        }
    }

    static final class ListRemembersEmptyPages extends ConcurrentStore {
        private final Set<Owner> withoutTokens = ConcurrentHashMap.newKeySet();

        @Override
        public TokenPage list(Owner owner, TokenId after, int limit) {
            TokenPage page = super.list(owner, after, limit);
            if (after == null && page.tokens().isEmpty()) {
                withoutTokens.add(owner);
            }
            return withoutTokens.contains(owner) ? new TokenPage(List.of(), null) : page;
        }
    }

    /** Forgets the page when a token is revoked or activated, but not when one is added or purged. */
    static final class ScanRemembersItsFirstPage extends ConcurrentStore {
        private volatile TokenPage first;

        @Override
        public TokenPage scan(TokenId after, int limit) {
            TokenPage page = super.scan(after, limit);
            if (after != null || limit < MAX_PAGE) {
                return page;
            }
            first = first == null ? page : first;
            return Objects.requireNonNullElse(first, page);
        }

        @Override
        Token change(Owner owner, TokenId id, UnaryOperator<Token> change) {
            Token changed = super.change(owner, id, change);
            first = null;
            return changed;
        }
    }

    static final class FindsThePurged extends ConcurrentStore {
        private final Map<TokenId, Token> cache = new ConcurrentHashMap<>();

        @Override
        public Optional<Token> find(TokenId id) {
            Optional<Token> found = super.find(id);
            found.ifPresent(token -> cache.put(id, token));
            return found.or(() -> Optional.ofNullable(cache.get(id)));
        }
    }

    static final class RevokesThePurgedAgain extends ConcurrentStore {
        private final Map<TokenId, Token> revoked = new ConcurrentHashMap<>();

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean answer = super.revoke(owner, id, revocation);
            if (answer) {
                revoked.put(id, tokens.get(id));
            }
            Token remembered = revoked.get(id);
            return answer || remembered != null && isOf(owner).test(remembered) && isRevokedBy(revocation, remembered);
        }
    }

    static final class RefusesThePurgedForever extends ConcurrentStore {
        private final Set<TokenId> ids = ConcurrentHashMap.newKeySet();

        @Override
        public void add(Token token) {
            if (!ids.add(token.id())) {
                throw new DuplicateTokenException();
            }
            super.add(token);
        }
    }

    /** Whatever is written drops the entry, but a reader who looked before puts the old one back. */
    static final class FillsTheCacheLate extends ConcurrentStore {
        private final Map<TokenId, Token> cache = new ConcurrentHashMap<>();

        @Override
        public Optional<Token> find(TokenId id) {
            Token cached = cache.get(id);
            if (cached != null) {
                return Optional.of(cached);
            }
            Optional<Token> found = super.find(id);
            found.ifPresent(token -> cache.put(id, token));
            return found;
        }

        @Override
        Token change(Owner owner, TokenId id, UnaryOperator<Token> change) {
            Token changed = super.change(owner, id, change);
            cache.remove(id);
            return changed;
        }

        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            cache.clear();
            return page;
        }
    }

    static final class ListFillsItsCacheLate extends ConcurrentStore {
        private final Map<Owner, TokenPage> cache = new ConcurrentHashMap<>();

        @Override
        public TokenPage list(Owner owner, TokenId after, int limit) {
            if (after != null || limit < MAX_PAGE) {
                return super.list(owner, after, limit);
            }
            TokenPage cached = cache.get(owner);
            if (cached != null) {
                return cached;
            }
            TokenPage page = super.list(owner, after, limit);
            cache.put(owner, page);
            return page;
        }

        @Override
        public void add(Token token) {
            super.add(token);
            cache.remove(token.owner());
        }

        @Override
        Token change(Owner owner, TokenId id, UnaryOperator<Token> change) {
            Token changed = super.change(owner, id, change);
            cache.remove(owner);
            return changed;
        }

        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            cache.clear();
            return page;
        }
    }
}
