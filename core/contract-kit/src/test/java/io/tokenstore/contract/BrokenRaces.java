package io.tokenstore.contract;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Calls that get, look and put, without a lock and without a pause. */
final class BrokenRaces {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(AddLooksThenPuts::new, Rule.R3),
            Map.entry(AddAllLooksThenPuts::new, Rule.R25),
            Map.entry(RevokeGetsThenPuts::new, Rule.R9),
            Map.entry(RevokeGetsThenPuts::new, Rule.R31),
            Map.entry(RevokeAllGetsThenPuts::new, Rule.R13),
            Map.entry(RevokeAllGetsThenPuts::new, Rule.R31),
            Map.entry(RevokeAllPassesOnce::new, Rule.R28),
            Map.entry(ActivateGetsThenPuts::new, Rule.R24),
            Map.entry(ActivateGetsThenPuts::new, Rule.R31),
            Map.entry(ReplayIsToldBeforeTheWrite::new, Rule.R8),
            Map.entry(PurgeChecksThenRemoves::new, Rule.R18),
            Map.entry(PurgeChecksThenRemoves::new, Rule.R31),
            Map.entry(PurgeCountsWhatItSaw::new, Rule.R31),
            Map.entry(PurgeCopiesWhatStays::new, Rule.R31),
            Map.entry(PurgeWritesBackWhatStays::new, Rule.R31),
            Map.entry(PurgeClearsAndPutsBack::new, Rule.R31));

    private BrokenRaces() {}

    /** Changes by get and put instead of compare-and-set. */
    private abstract static class GetsThenPuts extends ConcurrentStore {
        Token getThenPut(Owner owner, TokenId id, UnaryOperator<Token> change) {
            Token token = tokens.get(id);
            if (token == null || !isOf(owner).test(token)) {
                return null;
            }
            Token changed = change.apply(token);
            if (changed != token) {
                tokens.put(id, changed);
            }
            return changed;
        }
    }

    static final class AddLooksThenPuts extends ConcurrentStore {
        @Override
        public void add(Token token) {
            if (tokens.containsKey(token.id())) {
                throw new DuplicateTokenException();
            }
            tokens.put(token.id(), token);
        }
    }

    static final class AddAllLooksThenPuts extends ConcurrentStore {
        @Override
        public void addAll(Collection<Token> many) {
            if (many.size() > MAX_PAGE) {
                throw new IllegalArgumentException();
            }
            for (Token token : many) {
                if (tokens.get(token.id()) != null) {
                    throw new DuplicateTokenException();
                }
                tokens.put(token.id(), token);
            }
        }
    }

    static final class RevokeGetsThenPuts extends GetsThenPuts {
        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            Objects.requireNonNull(revocation);
            return isRevokedBy(
                    revocation,
                    getThenPut(owner, id, kept -> kept.revocation() == null ? kept.withRevocation(revocation) : kept));
        }
    }

    static final class RevokeAllGetsThenPuts extends ConcurrentStore {
        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            Objects.requireNonNull(revocation);
            for (Token token : tokens.values()) {
                if (isOf(owner).test(token) && token.revocation() == null) {
                    tokens.put(token.id(), token.withRevocation(revocation));
                }
            }
            return super.revokeAll(owner, revocation);
        }
    }

    static final class RevokeAllPassesOnce extends ConcurrentStore {
        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            return (int) tokens.values().stream().filter(isOf(owner)).toList().stream()
                    .filter(token -> revoke(owner, token.id(), revocation))
                    .count();
        }
    }

    static final class ActivateGetsThenPuts extends GetsThenPuts {
        @Override
        public boolean activate(Owner owner, TokenId id) {
            Token now = getThenPut(owner, id, kept -> kept.revocation() == null ? activated(kept) : kept);
            return now != null && now.revocation() == null;
        }
    }

    /** Of two threads that repeat one act, the one that comes second between the look and the write gets false. */
    static final class ReplayIsToldBeforeTheWrite extends ConcurrentStore {
        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            if (isRevokedBy(revocation, tokens.get(id))) {
                return isOf(owner).test(tokens.get(id));
            }
            AtomicBoolean isFirst = new AtomicBoolean();
            change(owner, id, kept -> {
                isFirst.set(kept.revocation() == null);
                return isFirst.get() ? kept.withRevocation(Objects.requireNonNull(revocation)) : kept;
            });
            return isFirst.get();
        }
    }

    static final class PurgeChecksThenRemoves extends ConcurrentStore {
        @Override
        int remove(List<Token> examined, Instant endedBefore) {
            int removed = 0;
            for (Token token : examined) {
                Token kept = tokens.get(token.id());
                if (kept != null && hasEnded(kept, endedBefore) && tokens.remove(kept.id()) != null) {
                    removed++;
                }
            }
            return removed;
        }
    }

    static final class PurgeCountsWhatItSaw extends ConcurrentStore {
        @Override
        int remove(List<Token> examined, Instant endedBefore) {
            List<Token> ended = examined.stream()
                    .filter(token -> hasEnded(token, endedBefore))
                    .toList();
            ended.forEach(token -> tokens.remove(token.id(), token));
            return ended.size();
        }
    }

    /** Forgets what was written to the map while it was copied. */
    static final class PurgeCopiesWhatStays extends ConcurrentStore {
        @Override
        int remove(List<Token> examined, Instant endedBefore) {
            ConcurrentSkipListMap<TokenId, Token> stay = new ConcurrentSkipListMap<>(tokens);
            int removed = 0;
            for (Token token : examined) {
                removed += hasEnded(token, endedBefore) && stay.remove(token.id(), token) ? 1 : 0;
            }
            tokens = stay;
            return removed;
        }
    }

    static final class PurgeWritesBackWhatStays extends ConcurrentStore {
        @Override
        int remove(List<Token> examined, Instant endedBefore) {
            int removed = super.remove(examined, endedBefore);
            examined.stream()
                    .filter(token -> !hasEnded(token, endedBefore))
                    .forEach(token -> tokens.put(token.id(), token));
            return removed;
        }
    }

    /** Shows nothing for a moment. */
    static final class PurgeClearsAndPutsBack extends ConcurrentStore {
        @Override
        public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            Map<TokenId, Token> stay = Map.copyOf(tokens);
            tokens.clear();
            tokens.putAll(stay);
            return page;
        }
    }
}
