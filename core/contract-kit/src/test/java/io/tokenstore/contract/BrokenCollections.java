package io.tokenstore.contract;

import io.tokenstore.PurgePage;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Stores that compare instants as something else, or hand out and keep collections that are not their own. */
final class BrokenCollections {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(PurgeComparesText::new, Rule.R16),
            Map.entry(PurgeComparesMillis::new, Rule.R16),
            Map.entry(PurgeComparesNanos::new, Rule.R16),
            Map.entry(PurgeNeverEndsTheFirst::new, Rule.R16),
            Map.entry(PurgesInLocalTime::new, Rule.R2),
            Map.entry(PurgeAddsOneToTheMost::new, Rule.R17),
            Map.entry(FindAllReusesItsMap::new, Rule.R27),
            Map.entry(FindAllKeepsTheCallersIds::new, Rule.R27),
            Map.entry(FindAllAllowsToClear::new, Rule.R27),
            Map.entry(AddAllKeepsTheCallersList::new, Rule.R27),
            Map.entry(AddAllAllowsATokenAndItself::new, Rule.R25),
            Map.entry(AddAllAllowsADuplicateInAnotherChunk::new, Rule.R25),
            Map.entry(AddAllTakesAListForGranted::new, Rule.R25),
            Map.entry(FindAllTakesAListForGranted::new, Rule.R26),
            Map.entry(FindAllForgetsAChunk::new, Rule.R26),
            Map.entry(FindAllCaches::new, Rule.R26));

    private BrokenCollections() {}

    /** Removes what ended by a comparison of its own, after the page that a correct purge examines. */
    private abstract static class Purges extends TreeMapStore {
        abstract boolean isBefore(Instant end, Instant endedBefore);

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            TokenId to = super.purge(Instant.EPOCH, after, maxExamined).resumeAfter();
            var page = (after == null ? tokens : tokens.tailMap(after, false)).values();
            int before = tokens.size();
            page.removeIf(token -> (to == null || token.id().compareTo(to) <= 0)
                    && token.endsAt() != null
                    && isBefore(token.endsAt(), endedBefore));
            return new PurgePage(before - tokens.size(), to);
        }
    }

    static final class PurgeComparesText extends Purges {
        @Override
        boolean isBefore(Instant end, Instant endedBefore) {
            return end.toString().compareTo(endedBefore.toString()) < 0;
        }
    }

    static final class PurgeComparesMillis extends Purges {
        @Override
        boolean isBefore(Instant end, Instant endedBefore) {
            return end.toEpochMilli() < endedBefore.toEpochMilli();
        }
    }

    static final class PurgeComparesNanos extends Purges {
        @Override
        boolean isBefore(Instant end, Instant endedBefore) {
            return nanos(end) < nanos(endedBefore);
        }

        private static long nanos(Instant instant) {
            return instant.getEpochSecond() * 1_000_000_000 + instant.getNano();
        }
    }

    /** As if zero were no instant. */
    static final class PurgeNeverEndsTheFirst extends Purges {
        @Override
        boolean isBefore(Instant end, Instant endedBefore) {
            return !end.equals(Instant.EPOCH) && end.isBefore(endedBefore);
        }
    }

    static final class PurgesInLocalTime extends Purges {
        @Override
        boolean isBefore(Instant end, Instant endedBefore) {
            ZoneId zone = ZoneId.systemDefault();
            return LocalDateTime.ofInstant(end, zone).isBefore(LocalDateTime.ofInstant(endedBefore, zone));
        }
    }

    static final class PurgeAddsOneToTheMost extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            return maxExamined == Integer.MAX_VALUE
                    ? new PurgePage(0, null)
                    : super.purge(endedBefore, after, maxExamined);
        }
    }

    static final class FindAllReusesItsMap extends TreeMapStore {
        private final Map<TokenId, Token> found = new HashMap<>();

        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            Map<TokenId, Token> all = super.findAll(ids);
            found.clear();
            found.putAll(all);
            return Collections.unmodifiableMap(found);
        }
    }

    static final class FindAllKeepsTheCallersIds extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            Map<TokenId, Token> all = super.findAll(ids);
            return new AbstractMap<>() {
                @Override
                public Set<Entry<TokenId, Token>> entrySet() {
                    return ids.stream()
                            .filter(all::containsKey)
                            .map(id -> Map.entry(id, all.get(id)))
                            .collect(Collectors.toUnmodifiableSet());
                }
            };
        }
    }

    static final class FindAllAllowsToClear extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            return new HashMap<>(super.findAll(ids)) {
                private static final long serialVersionUID = 1;

                @Override
                public Token put(TokenId id, Token token) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public Token remove(Object id) {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }

    /** Writes a batch when it is next asked. */
    static final class AddAllKeepsTheCallersList extends TreeMapStore {
        private Collection<Token> unwritten = List.of();

        @Override
        public synchronized void addAll(Collection<Token> many) {
            write();
            unwritten = many;
        }

        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            write();
            return super.scan(after, limit);
        }

        private void write() {
            Collection<Token> many = unwritten;
            unwritten = List.of();
            super.addAll(many);
        }
    }

    static final class AddAllAllowsATokenAndItself extends TreeMapStore {
        @Override
        public synchronized void addAll(Collection<Token> many) {
            super.addAll(new LinkedHashSet<>(many));
        }
    }

    static final class AddAllAllowsADuplicateInAnotherChunk extends TreeMapStore {
        @Override
        public synchronized void addAll(Collection<Token> many) {
            List<Token> all = new ArrayList<>(many);
            if (all.size() > 500 && all.size() <= MAX_PAGE) {
                super.addAll(all.subList(0, 500));
                all.subList(0, 500).clear();
                all.removeIf(token -> tokens.containsKey(token.id()));
            }
            super.addAll(all);
        }
    }

    static final class AddAllTakesAListForGranted extends TreeMapStore {
        @Override
        public synchronized void addAll(Collection<Token> many) {
            super.addAll((List<Token>) many);
        }
    }

    static final class FindAllTakesAListForGranted extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            return super.findAll((List<TokenId>) ids);
        }
    }

    static final class FindAllForgetsAChunk extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            Map<TokenId, Token> all = super.findAll(ids);
            List<TokenId> inOrder = new ArrayList<>(ids);
            Map<TokenId, Token> found = new HashMap<>(all);
            if (inOrder.size() > 999) {
                inOrder.subList(999, inOrder.size()).forEach(found::remove);
            }
            return Map.copyOf(found);
        }
    }

    static final class FindAllCaches extends TreeMapStore {
        private final Map<Collection<TokenId>, Map<TokenId, Token>> cache = new HashMap<>();

        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            return cache.computeIfAbsent(List.copyOf(ids), key -> super.findAll(ids));
        }
    }
}
