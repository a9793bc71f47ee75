package io.tokenstore;

import io.tokenstore.contract.Rule;
import java.text.Collator;
import java.text.Normalizer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The mistakes that authors of stores make, one store each, with the rule that is to catch it. */
final class BrokenStores {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(ForgetsTheHash::new, Rule.R1),
            Map.entry(MillisecondClock::new, Rule.R2),
            Map.entry(RevokesAllInLocalTime::new, Rule.R2),
            Map.entry(OverwritesOnAdd::new, Rule.R3),
            Map.entry(OverwritesTheExpired::new, Rule.R3),
            Map.entry(RevivesOnSecondAdd::new, Rule.R4),
            Map.entry(IgnoresTheOwner::new, Rule.R5),
            Map.entry(ForgetsWhoRevoked::new, Rule.R6),
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
            Map.entry(ListsShortPages::new, Rule.R14),
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
            Map.entry(ListsFromAReplica::new, Rule.R20));

    private BrokenStores() {}

    /** Between look and write a store over a network lets others in for as long as this. */
    private static void letOthersIn() {
        LockSupport.parkNanos(200_000);
    }

    static final class ForgetsTheHash extends TreeMapStore {
        @Override
        public synchronized void add(Token token) {
            super.add(new Token(
                    token.id(),
                    token.owner(),
                    token.name(),
                    null,
                    token.createdAt(),
                    token.expiresAt(),
                    token.revocation()));
        }
    }

    static final class MillisecondClock extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Username owner, TokenId id, Revocation how) {
            Instant at = how.at().truncatedTo(ChronoUnit.MILLIS);
            return super.revoke(owner, id, new Revocation(how.id(), at, how.by(), how.reason()));
        }
    }

    static final class RevokesAllInLocalTime extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Username owner, Revocation how) {
            Instant at = LocalDateTime.ofInstant(how.at(), ZoneId.systemDefault())
                    .atZone(ZoneId.systemDefault())
                    .toInstant();
            return super.revokeAll(owner, new Revocation(how.id(), at, how.by(), how.reason()));
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
        public synchronized boolean revoke(Username owner, TokenId id, Revocation how) {
            return super.revoke(find(id).map(Token::owner).orElse(owner), id, how);
        }
    }

    static final class ForgetsWhoRevoked extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Username owner, TokenId id, Revocation how) {
            return super.revoke(owner, id, new Revocation(how.id(), how.at(), "somebody", null));
        }
    }

    static final class ReplayRewrites extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Username owner, TokenId id, Revocation how) {
            boolean revoked = super.revoke(owner, id, how);
            if (revoked) {
                tokens.compute(id, (key, token) -> token.withRevocation(how));
            }
            return revoked;
        }
    }

    static final class FalseOnReplay extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Username owner, TokenId id, Revocation how) {
            boolean wasLive = find(id).map(Token::revocation).isEmpty();
            return super.revoke(owner, id, how) && wasLive;
        }
    }

    static final class FindThenWrite extends TreeMapStore {
        @Override
        public boolean revoke(Username owner, TokenId id, Revocation how) {
            Token token = find(id).filter(found -> found.owner().equals(owner)).orElse(null);
            letOthersIn();
            if (token == null || token.revocation() != null) {
                return super.revoke(owner, id, how);
            }
            synchronized (this) {
                tokens.put(id, token.withRevocation(how));
            }
            return true;
        }
    }

    static final class CaseInsensitiveOwner extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Username owner, TokenId id, Revocation how) {
            Username kept = find(id).map(Token::owner).orElse(owner);
            return super.revoke(kept.value().equalsIgnoreCase(owner.value()) ? kept : owner, id, how);
        }
    }

    static final class RevokeAllFoldsAccents extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Username owner, Revocation how) {
            return tokens.values().stream()
                    .map(Token::owner)
                    .distinct()
                    .filter(kept -> withoutAccents(kept).equals(withoutAccents(owner)))
                    .toList()
                    .stream()
                    .mapToInt(kept -> super.revokeAll(kept, how))
                    .sum();
        }

        private static String withoutAccents(Username name) {
            return Normalizer.normalize(name.value(), Normalizer.Form.NFD).replaceAll("\\p{M}", "");
        }
    }

    static final class HidesTheExpired extends TreeMapStore {
        @Override
        public synchronized boolean revoke(Username owner, TokenId id, Revocation how) {
            boolean expired = find(id).map(Token::expiresAt)
                    .filter(end -> !end.isAfter(how.at()))
                    .isPresent();
            return super.revoke(owner, id, how) && !expired;
        }
    }

    static final class RevokeAllStopsHalfWay extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Username owner, Revocation how) {
            return (int) list(owner, null, MAX_LIST).stream()
                    .filter(token -> revoke(owner, token.id(), how))
                    .count();
        }
    }

    static final class RevokeAllCountsChanges extends TreeMapStore {
        @Override
        public synchronized int revokeAll(Username owner, Revocation how) {
            int live = (int) tokens.values().stream()
                    .filter(token -> token.owner().equals(owner) && token.revocation() == null)
                    .count();
            super.revokeAll(owner, how);
            return live;
        }
    }

    static final class RevokeAllCountsThePurged extends TreeMapStore {
        private final Map<UUID, Integer> counts = new HashMap<>();

        @Override
        public synchronized int revokeAll(Username owner, Revocation how) {
            return counts.merge(how.id(), super.revokeAll(owner, how), Math::max);
        }
    }

    static final class RevokeAllOverwritesRacers extends TreeMapStore {
        @Override
        public int revokeAll(Username owner, Revocation how) {
            List<Token> live = list(owner, null, MAX_LIST).stream()
                    .filter(token -> token.revocation() == null)
                    .toList();
            letOthersIn();
            synchronized (this) {
                live.forEach(token -> tokens.put(token.id(), token.withRevocation(how)));
                return super.revokeAll(owner, how);
            }
        }
    }

    static final class ListsInLocaleOrder extends TreeMapStore {
        @Override
        public synchronized List<Token> list(Username owner, TokenId after, int limit) {
            Comparator<Object> order = Collator.getInstance(Locale.US);
            return super.list(owner, null, MAX_LIST).stream()
                    .filter(token -> after == null || order.compare(token.id().value(), after.value()) > 0)
                    .sorted(Comparator.comparing(token -> token.id().value(), order))
                    .limit(limit)
                    .toList();
        }
    }

    static final class ListsUnordered extends TreeMapStore {
        @Override
        public synchronized List<Token> list(Username owner, TokenId after, int limit) {
            List<Token> page = new ArrayList<>(super.list(owner, after, limit));
            Collections.reverse(page);
            return page;
        }
    }

    static final class ListsShortPages extends TreeMapStore {
        @Override
        public synchronized List<Token> list(Username owner, TokenId after, int limit) {
            return super.list(owner, after, limit).stream().limit(50).toList();
        }
    }

    static final class ListsInTwoLooks extends TreeMapStore {
        @Override
        public List<Token> list(Username owner, TokenId after, int limit) {
            List<Token> revoked = super.list(owner, after, limit).stream()
                    .filter(token -> token.revocation() != null)
                    .toList();
            letOthersIn();
            return Stream.concat(
                            revoked.stream(),
                            super.list(owner, after, limit).stream().filter(token -> token.revocation() == null))
                    .sorted(Comparator.comparing(Token::id))
                    .limit(limit)
                    .toList();
        }
    }

    static final class PagesByOffset extends TreeMapStore {
        private final Map<TokenId, Integer> offsets = new HashMap<>();

        @Override
        public synchronized List<Token> list(Username owner, TokenId after, int limit) {
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
            return page;
        }
    }

    static final class PurgesTheLive extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int examine) {
            tokens.values()
                    .removeIf(token ->
                            token.revocation() == null && token.createdAt().isBefore(endedBefore));
            return super.purge(endedBefore, after, examine);
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
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int examine) {
            Map<TokenId, Token> revokedHere = new HashMap<>();
            tokens.forEach((id, token) -> {
                if (ends.get(id) == null && token.revocation() != null) {
                    revokedHere.put(id, token);
                }
            });
            PurgePage page = super.purge(endedBefore, after, examine);
            tokens.putAll(revokedHere);
            return page;
        }
    }

    static final class PurgeExaminesAll extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int examine) {
            super.purge(endedBefore, after, examine);
            return super.purge(endedBefore, null, tokens.size() + 1);
        }
    }

    static final class PurgeSkipsAfterResuming extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int examine) {
            PurgePage page = super.purge(endedBefore, after, examine);
            TokenId next = page.last() == null ? null : tokens.higherKey(page.last());
            return new PurgePage(page.removed(), next);
        }
    }

    static final class PurgeForgetsRacingRevocations extends TreeMapStore {
        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int examine) {
            List<Token> ended;
            synchronized (this) {
                if (examine < MAX_LIST) {
                    return super.purge(endedBefore, after, examine);
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
        public boolean revoke(Username owner, TokenId id, Revocation how) {
            cache.get().clear();
            return super.revoke(owner, id, how);
        }

        @Override
        public int revokeAll(Username owner, Revocation how) {
            cache.get().clear();
            return super.revokeAll(owner, how);
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
        public boolean revoke(Username owner, TokenId id, Revocation how) {
            boolean revoked = super.revoke(owner, id, how);
            cache.remove(id);
            return revoked;
        }

        @Override
        public int revokeAll(Username owner, Revocation how) {
            int revoked = super.revokeAll(owner, how);
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
        public synchronized List<Token> list(Username owner, TokenId after, int limit) {
            List<Token> page = replica.list(owner, after, limit);
            replica.tokens.putAll(tokens);
            return page;
        }
    }
}
