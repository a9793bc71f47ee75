package io.tokenstore.contract;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.text.Collator;
import java.text.Normalizer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The mistakes that authors of stores make, one store each, with the rule that is to catch it. */
final class BrokenStores {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(ForgetsTheHash::new, Rule.R1),
            Map.entry(WidensTheScopes::new, Rule.R1),
            Map.entry(TakesNoScopesForAll::new, Rule.R1),
            Map.entry(ForgetsThePredecessor::new, Rule.R1),
            Map.entry(ForgetsUntilWhenItIsRenewable::new, Rule.R1),
            Map.entry(SwapsTwoInstants::new, Rule.R1),
            Map.entry(ForgetsTheReaderVersion::new, Rule.R1),
            Map.entry(AddsEveryActorAsAUser::new, Rule.R1),
            Map.entry(MillisecondClock::new, Rule.R2),
            Map.entry(RevokesAllInLocalTime::new, Rule.R2),
            Map.entry(OverwritesOnAdd::new, Rule.R3),
            Map.entry(OverwritesTheExpired::new, Rule.R3),
            Map.entry(RevivesOnSecondAdd::new, Rule.R4),
            Map.entry(IgnoresTheOwner::new, Rule.R5),
            Map.entry(ForgetsWhoRevoked::new, Rule.R6),
            Map.entry(RevokesAsAUser::new, Rule.R6),
            Map.entry(ForgetsTheActorsToken::new, Rule.R6),
            Map.entry(RevokeActivates::new, Rule.R6),
            Map.entry(ReplayRewrites::new, Rule.R7),
            Map.entry(FalseOnReplay::new, Rule.R8),
            Map.entry(FindThenWrite::new, Rule.R9),
            Map.entry(CaseInsensitiveOwner::new, Rule.R10),
            Map.entry(RevokeAllFoldsAccents::new, Rule.R10),
            Map.entry(HidesTheExpired::new, Rule.R11),
            Map.entry(RevokeAllStopsHalfWay::new, Rule.R12),
            Map.entry(RevokeAllCountsChanges::new, Rule.R12),
            Map.entry(RevokeAllCountsThePurged::new, Rule.R12),
            Map.entry(RevokeAllOverwritesRacers::new, Rule.R13),
            Map.entry(ListsInLocaleOrder::new, Rule.R14),
            Map.entry(ListsUnordered::new, Rule.R14),
            Map.entry(TakesAShortPageForTheLast::new, Rule.R14),
            Map.entry(ListsEndlessly::new, Rule.R14),
            Map.entry(ListsInTwoLooks::new, Rule.R15),
            Map.entry(PagesByOffset::new, Rule.R15),
            Map.entry(PurgesTheLive::new, Rule.R16),
            Map.entry(PurgeMissesTheRevoked::new, Rule.R16),
            Map.entry(PurgeExaminesAll::new, Rule.R17),
            Map.entry(PurgeSkipsAfterResuming::new, Rule.R17),
            Map.entry(PurgeForgetsRacingRevocations::new, Rule.R18),
            Map.entry(AcceptsAnyArgument::new, Rule.R19),
            Map.entry(CachesFinds::new, Rule.R20),
            Map.entry(CachesFindsOfEachThread::new, Rule.R20),
            Map.entry(FillsTheCacheLate::new, Rule.R20),
            Map.entry(ListsFromAReplica::new, Rule.R20),
            Map.entry(ScansOneOwner::new, Rule.R21),
            Map.entry(ScanStopsAtAnEmptyPage::new, Rule.R21),
            Map.entry(ScanForgetsTheScopes::new, Rule.R21),
            Map.entry(ScansByOffset::new, Rule.R21),
            Map.entry(ScansOwnerByOwner::new, Rule.R22),
            Map.entry(ActivateIsFalseOnReplay::new, Rule.R23),
            Map.entry(ActivateWidensTheScopes::new, Rule.R23),
            Map.entry(ActivatesTheRevoked::new, Rule.R24),
            Map.entry(ActivatesForAnybody::new, Rule.R24),
            Map.entry(ActivateFindsThenWrites::new, Rule.R24),
            Map.entry(AddAllSkipsDuplicates::new, Rule.R25),
            Map.entry(AddAllReplaces::new, Rule.R25),
            Map.entry(AddAllTakesAnyNumber::new, Rule.R25),
            Map.entry(FindAllInOrderOfTheIds::new, Rule.R26),
            Map.entry(FindAllFindsTheLiveAlone::new, Rule.R26),
            Map.entry(FindAllReturnsAView::new, Rule.R27),
            Map.entry(FindAllCanBeModified::new, Rule.R27),
            Map.entry(RevokeAllPassesOnce::new, Rule.R28),
            Map.entry(RevokeAllLeavesThePending::new, Rule.R12));

    private BrokenStores() {}

    /** Between look and write a store over a network lets others in for as long as this. */
    static void letOthersIn() {
        LockSupport.parkNanos(200_000);
    }

    private static TokenPage page(Stream<Token> rest, int limit) {
        List<Token> page = rest.limit(limit).toList();
        return new TokenPage(
                page, page.size() < limit ? null : page.get(page.size() - 1).id());
    }

    /** Keeps something else than it was given. */
    private abstract static class Keeps extends TreeMapStore {
        abstract Token.Builder change(Token token);

        @Override
        public synchronized void add(Token token) {
            super.add(change(token).build());
        }
    }

    static final class ForgetsTheHash extends Keeps {
        @Override
        Token.Builder change(Token token) {
            return token.toBuilder().hash(null);
        }
    }

    static final class WidensTheScopes extends Keeps {
        @Override
        Token.Builder change(Token token) {
            return token.toBuilder().scopes(Scopes.all());
        }
    }

    /** As a database that keeps an empty set as null. */
    static final class TakesNoScopesForAll extends Keeps {
        @Override
        Token.Builder change(Token token) {
            return token.scopes().equals(Scopes.none()) ? token.toBuilder().scopes(Scopes.all()) : token.toBuilder();
        }
    }

    static final class ForgetsThePredecessor extends Keeps {
        @Override
        Token.Builder change(Token token) {
            return token.toBuilder().predecessor(null);
        }
    }

    static final class ForgetsUntilWhenItIsRenewable extends Keeps {
        @Override
        Token.Builder change(Token token) {
            return token.toBuilder().renewableUntil(null);
        }
    }

    static final class SwapsTwoInstants extends Keeps {
        @Override
        Token.Builder change(Token token) {
            return token.toBuilder().expiresAt(token.renewableUntil()).renewableUntil(token.expiresAt());
        }
    }

    static final class ForgetsTheReaderVersion extends Keeps {
        @Override
        Token.Builder change(Token token) {
            return token.toBuilder().minReaderVersion(0);
        }
    }

    /** Adds whatever it is given right, but only what it knows of a revocation. */
    static final class AddsEveryActorAsAUser extends Keeps {
        @Override
        Token.Builder change(Token token) {
            Revocation given = token.revocation();
            return given == null ? token.toBuilder() : token.toBuilder().revocation(byAUser(given));
        }
    }

    private static Revocation byAUser(Revocation given) {
        Actor user = new Actor(Actor.Kind.USER, given.by().name(), given.by().token());
        return new Revocation(given.id(), given.at(), user, given.reason());
    }

    static final class MillisecondClock extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            Instant at = revocation.at().truncatedTo(ChronoUnit.MILLIS);
            return super.revoke(owner, id, new Revocation(revocation.id(), at, revocation.by(), revocation.reason()));
        }
    }

    static final class RevokesAllInLocalTime extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            Instant at = LocalDateTime.ofInstant(revocation.at(), ZoneId.systemDefault())
                    .atZone(ZoneId.systemDefault())
                    .toInstant();
            return super.revokeAll(owner, new Revocation(revocation.id(), at, revocation.by(), revocation.reason()));
        }
    }

    static final class OverwritesTheExpired extends TreeMapStore {
        @Override
        public synchronized void add(Token token) {
            tokens.computeIfPresent(
                    token.id(),
                    (id, kept) ->
                            kept.expiresAt() != null && kept.expiresAt().isBefore(token.createdAt()) ? null : kept);
            super.add(token);
        }
    }

    static final class OverwritesOnAdd extends TreeMapStore {
        @Override
        public synchronized void add(Token token) {
            tokens.put(token.id(), token);
        }
    }

    static final class RevivesOnSecondAdd extends TreeMapStore {
        @Override
        public synchronized void add(Token token) {
            Token kept = tokens.get(token.id());
            if (kept != null && kept.revocation() != null) {
                tokens.remove(token.id());
            }
            super.add(token);
        }
    }

    static final class IgnoresTheOwner extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return super.revoke(find(id).map(Token::owner).orElse(owner), id, revocation);
        }
    }

    static final class ForgetsWhoRevoked extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return super.revoke(
                    owner, id, new Revocation(revocation.id(), revocation.at(), Actor.user("somebody"), null));
        }
    }

    static final class RevokesAsAUser extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return super.revoke(owner, id, byAUser(revocation));
        }
    }

    static final class ForgetsTheActorsToken extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            Actor given = revocation.by();
            Actor by = new Actor(given.kind(), given.name(), null);
            return super.revoke(owner, id, new Revocation(revocation.id(), revocation.at(), by, revocation.reason()));
        }
    }

    static final class RevokeActivates extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            activate(owner, id);
            return super.revoke(owner, id, revocation);
        }
    }

    static final class ReplayRewrites extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked) {
                tokens.compute(id, (key, token) -> token.withRevocation(revocation));
            }
            return revoked;
        }
    }

    static final class FalseOnReplay extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean wasLive = find(id).map(Token::revocation).isEmpty();
            return super.revoke(owner, id, revocation) && wasLive;
        }
    }

    static final class FindThenWrite extends TreeMapStore {
        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            Token token = find(id).filter(found -> found.owner().equals(owner)).orElse(null);
            letOthersIn();
            if (token == null || token.revocation() != null) {
                return super.revoke(owner, id, revocation);
            }
            synchronized (this) {
                tokens.put(id, token.withRevocation(revocation));
            }
            return true;
        }
    }

    static final class CaseInsensitiveOwner extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            Owner kept = find(id).map(Token::owner).orElse(owner);
            return super.revoke(kept.value().equalsIgnoreCase(owner.value()) ? kept : owner, id, revocation);
        }
    }

    static final class RevokeAllFoldsAccents extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            return tokens.values().stream()
                    .map(Token::owner)
                    .distinct()
                    .filter(kept -> withoutAccents(kept).equals(withoutAccents(owner)))
                    .toList()
                    .stream()
                    .mapToInt(kept -> super.revokeAll(kept, revocation))
                    .sum();
        }

        private static String withoutAccents(Owner name) {
            return Normalizer.normalize(name.value(), Normalizer.Form.NFD).replaceAll("\\p{M}", "");
        }
    }

    static final class HidesTheExpired extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean expired = find(id).map(Token::expiresAt)
                    .filter(end -> !end.isAfter(revocation.at()))
                    .isPresent();
            return super.revoke(owner, id, revocation) && !expired;
        }
    }

    static final class RevokeAllStopsHalfWay extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            return (int) list(owner, null, MAX_PAGE).tokens().stream()
                    .filter(token -> revoke(owner, token.id(), revocation))
                    .count();
        }
    }

    static final class RevokeAllCountsChanges extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            int live = (int) tokens.values().stream()
                    .filter(token -> token.owner().equals(owner) && token.revocation() == null)
                    .count();
            super.revokeAll(owner, revocation);
            return live;
        }
    }

    static final class RevokeAllCountsThePurged extends TreeMapStore {
        private final Map<UUID, Integer> counts = new HashMap<>();

        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            return counts.merge(revocation.id(), super.revokeAll(owner, revocation), Math::max);
        }
    }

    static final class RevokeAllOverwritesRacers extends TreeMapStore {
        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            List<Token> live = list(owner, null, MAX_PAGE).tokens().stream()
                    .filter(token -> token.revocation() == null)
                    .toList();
            letOthersIn();
            synchronized (this) {
                live.forEach(token -> tokens.put(token.id(), token.withRevocation(revocation)));
                return super.revokeAll(owner, revocation);
            }
        }
    }

    static final class ListsInLocaleOrder extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            Comparator<Object> order = Collator.getInstance(Locale.US);
            return page(
                    super.list(owner, null, MAX_PAGE).tokens().stream()
                            .filter(token ->
                                    after == null || order.compare(token.id().value(), after.value()) > 0)
                            .sorted(Comparator.comparing(token -> token.id().value(), order)),
                    limit);
        }
    }

    static final class ListsUnordered extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            TokenPage page = super.list(owner, after, limit);
            List<Token> reversed = new ArrayList<>(page.tokens());
            Collections.reverse(reversed);
            return new TokenPage(reversed, page.resumeAfter());
        }
    }

    static final class TakesAShortPageForTheLast extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            return new TokenPage(super.list(owner, after, Math.min(limit, 50)).tokens(), null);
        }
    }

    static final class ListsEndlessly extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            TokenPage page = super.list(owner, after, limit);
            return page.resumeAfter() == null ? new TokenPage(page.tokens(), after) : page;
        }
    }

    static final class ListsInTwoLooks extends TreeMapStore {
        @Override
        public TokenPage list(Owner owner, TokenId after, int limit) {
            List<Token> revoked = super.list(owner, after, limit).tokens().stream()
                    .filter(token -> token.revocation() != null)
                    .toList();
            letOthersIn();
            Stream<Token> live =
                    super.list(owner, after, limit).tokens().stream().filter(token -> token.revocation() == null);
            return page(Stream.concat(revoked.stream(), live).sorted(Comparator.comparing(Token::id)), limit);
        }
    }

    static final class PagesByOffset extends TreeMapStore {
        private final Map<TokenId, Integer> offsets = new HashMap<>();

        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            super.list(owner, after, limit);
            int offset = after == null
                    ? 0
                    : offsets.computeIfAbsent(after, id -> (int) tokens.values().stream()
                            .filter(token ->
                                    token.owner().equals(owner) && token.id().compareTo(id) <= 0)
                            .count());
            List<Token> page = tokens.values().stream()
                    .filter(token -> token.owner().equals(owner))
                    .skip(offset)
                    .limit(limit)
                    .toList();
            if (!page.isEmpty()) {
                offsets.put(page.get(page.size() - 1).id(), offset + page.size());
            }
            return page(page.stream(), limit);
        }
    }

    static final class PurgesTheLive extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            tokens.values()
                    .removeIf(token ->
                            token.revocation() == null && token.createdAt().isBefore(endedBefore));
            return super.purge(endedBefore, after, maxExamined);
        }
    }

    static final class PurgeMissesTheRevoked extends TreeMapStore {
        private final Map<TokenId, Instant> ends = new HashMap<>();

        @Override
        public synchronized void add(Token token) {
            super.add(token);
            ends.put(token.id(), token.endsAt());
        }

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            Map<TokenId, Token> revokedHere = new HashMap<>();
            tokens.forEach((id, token) -> {
                if (ends.get(id) == null && token.revocation() != null) {
                    revokedHere.put(id, token);
                }
            });
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            tokens.putAll(revokedHere);
            return page;
        }
    }

    static final class PurgeExaminesAll extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            super.purge(endedBefore, after, maxExamined);
            return super.purge(endedBefore, null, tokens.size() + 1);
        }
    }

    static final class PurgeSkipsAfterResuming extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            TokenId next = page.resumeAfter() == null ? null : tokens.higherKey(page.resumeAfter());
            return new PurgePage(page.removed(), next);
        }
    }

    static final class PurgeForgetsRacingRevocations extends TreeMapStore {
        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            List<Token> ended;
            synchronized (this) {
                if (maxExamined < MAX_PAGE) {
                    return super.purge(endedBefore, after, maxExamined);
                }
                ended = tokens.values().stream()
                        .filter(token ->
                                token.endsAt() != null && token.endsAt().isBefore(endedBefore))
                        .toList();
            }
            letOthersIn();
            synchronized (this) {
                ended.forEach(token -> tokens.remove(token.id()));
            }
            return new PurgePage(ended.size(), null);
        }
    }

    static final class AcceptsAnyArgument extends TreeMapStore {
        @Override
        public synchronized Optional<Token> find(TokenId id) {
            return id == null ? Optional.empty() : super.find(id);
        }
    }

    static final class CachesFinds extends TreeMapStore {
        private final Map<TokenId, Token> cache = new HashMap<>();

        @Override
        public synchronized Optional<Token> find(TokenId id) {
            super.find(id).ifPresent(token -> cache.putIfAbsent(id, token));
            return Optional.ofNullable(cache.get(id));
        }
    }

    /** As a session that remembers what it read: each thread sees its own revocations and nobody else's. */
    static final class CachesFindsOfEachThread extends TreeMapStore {
        private final ThreadLocal<Map<TokenId, Token>> cache = ThreadLocal.withInitial(HashMap::new);

        @Override
        public Optional<Token> find(TokenId id) {
            return Optional.ofNullable(
                    cache.get().computeIfAbsent(id, key -> super.find(key).orElse(null)));
        }

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            cache.get().clear();
            return super.revoke(owner, id, revocation);
        }

        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            cache.get().clear();
            return super.revokeAll(owner, revocation);
        }
    }

    /** A revocation drops the entry, but a reader who looked before puts the old one back. */
    static final class FillsTheCacheLate extends TreeMapStore {
        private final Map<TokenId, Token> cache = new ConcurrentHashMap<>();

        @Override
        public Optional<Token> find(TokenId id) {
            Token cached = cache.get(id);
            if (cached != null) {
                return Optional.of(cached);
            }
            Optional<Token> found = super.find(id);
            letOthersIn();
            found.ifPresent(token -> cache.put(id, token));
            return found;
        }

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean revoked = super.revoke(owner, id, revocation);
            cache.remove(id);
            return revoked;
        }

        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            int revoked = super.revokeAll(owner, revocation);
            cache.clear();
            return revoked;
        }
    }

    static final class ListsFromAReplica extends TreeMapStore {
        private final TreeMapStore replica = new TreeMapStore();

        @Override
        public synchronized void add(Token token) {
            super.add(token);
            replica.add(token);
        }

        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            TokenPage page = replica.list(owner, after, limit);
            replica.tokens.putAll(tokens);
            return page;
        }
    }

    static final class ScansOneOwner extends TreeMapStore {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            TokenPage page = super.scan(after, limit);
            return page.tokens().isEmpty() ? page : list(page.tokens().get(0).owner(), after, limit);
        }
    }

    static final class ScanStopsAtAnEmptyPage extends TreeMapStore {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            TokenPage page = super.scan(after, limit);
            return new TokenPage(page.tokens(), page.tokens().size() < limit ? null : after);
        }
    }

    static final class ScanForgetsTheScopes extends TreeMapStore {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            TokenPage page = super.scan(after, limit);
            return new TokenPage(
                    page.tokens().stream()
                            .map(token ->
                                    token.toBuilder().scopes(Scopes.none()).build())
                            .toList(),
                    page.resumeAfter());
        }
    }

    static final class ScansByOffset extends TreeMapStore {
        private final Map<TokenId, Integer> offsets = new HashMap<>();

        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            int offset = after == null
                    ? 0
                    : offsets.computeIfAbsent(
                            after, id -> tokens.headMap(id, true).size());
            TokenPage page = page(tokens.values().stream().skip(offset), limit);
            if (page.resumeAfter() != null) {
                offsets.put(page.resumeAfter(), offset + limit);
            }
            return page;
        }
    }

    static final class ScansOwnerByOwner extends TreeMapStore {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            super.scan(after, limit);
            Comparator<Token> order = Comparator.comparing(Token::owner).thenComparing(Token::id);
            Token last = after == null ? null : tokens.get(after);
            return page(
                    tokens.values().stream()
                            .filter(token -> last == null || order.compare(token, last) > 0)
                            .sorted(order),
                    limit);
        }
    }

    static final class ActivateIsFalseOnReplay extends TreeMapStore {
        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            boolean waits = find(id).map(Token::predecessor).isPresent();
            return super.activate(owner, id) && waits;
        }
    }

    static final class ActivateWidensTheScopes extends TreeMapStore {
        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            boolean activated = super.activate(owner, id);
            if (activated) {
                tokens.computeIfPresent(
                        id,
                        (key, token) -> token.toBuilder().scopes(Scopes.all()).build());
            }
            return activated;
        }
    }

    static final class ActivatesTheRevoked extends TreeMapStore {
        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            tokens.computeIfPresent(
                    id, (key, token) -> token.toBuilder().predecessor(null).build());
            return super.activate(owner, id);
        }
    }

    static final class ActivatesForAnybody extends TreeMapStore {
        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            return super.activate(find(id).map(Token::owner).orElse(owner), id);
        }
    }

    /** Writes the whole token back as it was found, and so revives one that was revoked meanwhile. */
    static final class ActivateFindsThenWrites extends TreeMapStore {
        @Override
        public boolean activate(Owner owner, TokenId id) {
            Token token = find(id).filter(found -> found.owner().equals(owner)).orElse(null);
            letOthersIn();
            if (token == null || token.revocation() != null) {
                return false;
            }
            synchronized (this) {
                tokens.put(id, token.toBuilder().predecessor(null).build());
            }
            return true;
        }
    }

    static final class AddAllSkipsDuplicates extends TreeMapStore {
        @Override
        public synchronized void addAll(Collection<Token> many) {
            super.addAll(many.stream()
                    .filter(token -> !tokens.containsKey(token.id()))
                    .toList());
        }
    }

    static final class AddAllReplaces extends TreeMapStore {
        @Override
        public synchronized void addAll(Collection<Token> many) {
            if (many.size() > MAX_PAGE) {
                throw new IllegalArgumentException();
            }
            many.forEach(token -> tokens.put(token.id(), token));
        }
    }

    static final class AddAllTakesAnyNumber extends TreeMapStore {
        @Override
        public synchronized void addAll(Collection<Token> many) {
            many.forEach(this::add);
        }
    }

    /** As if a database returned its rows in the order of the question. */
    static final class FindAllInOrderOfTheIds extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            Iterator<Token> found = super.findAll(ids).values().stream()
                    .sorted(Comparator.comparing(Token::id))
                    .iterator();
            Map<TokenId, Token> all = new HashMap<>();
            for (Iterator<TokenId> id = ids.iterator(); id.hasNext() && found.hasNext(); ) {
                all.putIfAbsent(id.next(), found.next());
            }
            return Map.copyOf(all);
        }
    }

    static final class FindAllFindsTheLiveAlone extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            Map<TokenId, Token> all = new HashMap<>(super.findAll(ids));
            all.values().removeIf(token -> token.revocation() != null);
            return Map.copyOf(all);
        }
    }

    static final class FindAllReturnsAView extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            super.findAll(ids);
            return new AbstractMap<>() {
                @Override
                public Set<Map.Entry<TokenId, Token>> entrySet() {
                    return ids.stream()
                            .filter(tokens::containsKey)
                            .map(id -> Map.entry(id, tokens.get(id)))
                            .collect(Collectors.toUnmodifiableSet());
                }
            };
        }
    }

    static final class FindAllCanBeModified extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            return new HashMap<>(super.findAll(ids));
        }
    }

    /** As one statement under READ COMMITTED: it misses what is added after its snapshot. */
    static final class RevokeAllPassesOnce extends TreeMapStore {
        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            List<Token> snapshot;
            synchronized (this) {
                snapshot = tokens.values().stream()
                        .filter(token -> token.owner().equals(owner))
                        .toList();
            }
            letOthersIn();
            return (int) snapshot.stream()
                    .filter(token -> revoke(owner, token.id(), revocation))
                    .count();
        }
    }

    /** Looks again and again, but not for what is not valid yet. */
    static final class RevokeAllLeavesThePending extends TreeMapStore {
        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            List<Token> valid;
            do {
                synchronized (this) {
                    valid = tokens.values().stream()
                            .filter(token -> token.owner().equals(owner)
                                    && token.revocation() == null
                                    && token.predecessor() == null)
                            .toList();
                }
                valid.forEach(token -> revoke(owner, token.id(), revocation));
            } while (!valid.isEmpty());
            synchronized (this) {
                return (int) tokens.values().stream()
                        .filter(token -> token.owner().equals(owner)
                                && token.revocation() != null
                                && token.revocation().id().equals(revocation.id()))
                        .count();
            }
        }
    }
}
