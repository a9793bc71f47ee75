package io.tokenstore.contract;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Stores that take one act, one walk or one call for another. */
final class BrokenActs {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(TellsActsByTheHashCode::new, Rule.R7),
            Map.entry(TellsActsByTheFirstHalf::new, Rule.R7),
            Map.entry(PurgeForgetsActs::new, Rule.R8),
            Map.entry(CountsOnlyWhatItRevoked::new, Rule.R12),
            Map.entry(AnActIsOfOneOwner::new, Rule.R36),
            Map.entry(PurgesByTheActsFirstInstant::new, Rule.R36),
            Map.entry(ActivateRevokesThePredecessor::new, Rule.R23),
            Map.entry(PurgesSuccessorsOfTheEnded::new, Rule.R16),
            Map.entry(PurgeGoesOnWhereAnotherStopped::new, Rule.R17),
            Map.entry(PurgesThroughAnArray::new, Rule.R17),
            Map.entry(FindsAllWhenItIsRead::new, Rule.R27),
            Map.entry(ScansIntoOneBuffer::new, Rule.R27),
            Map.entry(FindsIntoOneRow::new, Rule.R27),
            Map.entry(ListsTenThousand::new, Rule.R32));

    private BrokenActs() {}

    private abstract static class TellsActs extends TreeMapStore {
        abstract boolean isSame(UUID kept, UUID given);

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            return super.revoke(owner, id, revocation)
                    || find(id).filter(token -> token.owner().equals(owner))
                            .filter(token -> isSame(token.revocation().id(), revocation.id()))
                            .isPresent();
        }
    }

    static final class TellsActsByTheHashCode extends TellsActs {
        @Override
        boolean isSame(UUID kept, UUID given) {
            return kept.hashCode() == given.hashCode();
        }
    }

    static final class TellsActsByTheFirstHalf extends TellsActs {
        @Override
        boolean isSame(UUID kept, UUID given) {
            return kept.getMostSignificantBits() == given.getMostSignificantBits();
        }
    }

    static final class PurgeForgetsActs extends TreeMapStore {
        private final Set<UUID> acts = new HashSet<>();

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean isNew = find(id).map(Token::revocation).isEmpty();
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked && isNew) {
                acts.add(revocation.id());
            }
            return revoked && acts.contains(revocation.id());
        }

        @Override
        public synchronized void add(Token token) {
            super.add(token);
            if (token.revocation() != null) {
                acts.add(token.revocation().id());
            }
        }

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            acts.clear();
            return super.purge(endedBefore, after, maxExamined);
        }
    }

    static final class CountsOnlyWhatItRevoked extends TreeMapStore {
        private final Set<TokenId> added = new HashSet<>();

        @Override
        public synchronized void add(Token token) {
            super.add(token);
            if (token.revocation() != null) {
                added.add(token.id());
            }
        }

        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            int carrying = super.revokeAll(owner, revocation);
            return carrying
                    - (int) added.stream()
                            .filter(tokens::containsKey)
                            .filter(id -> revoke(owner, id, revocation))
                            .count();
        }
    }

    static final class AnActIsOfOneOwner extends TreeMapStore {
        private final Map<UUID, Owner> owners = new HashMap<>();

        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            Owner first = owners.putIfAbsent(revocation.id(), owner);
            return first == null || first.equals(owner) ? super.revokeAll(owner, revocation) : 0;
        }
    }

    static final class PurgesByTheActsFirstInstant extends TreeMapStore {
        private final Map<UUID, Revocation> acts = new HashMap<>();

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            List<Token> before = List.copyOf(tokens.values());
            before.stream().filter(token -> token.revocation() != null).forEach(token -> {
                Revocation first = acts.get(token.revocation().id());
                tokens.put(token.id(), first == null ? token : token.withRevocation(first));
            });
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            before.forEach(token -> tokens.replace(token.id(), token));
            return page;
        }

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean revoked = super.revoke(owner, id, revocation);
            if (revoked) {
                acts.putIfAbsent(revocation.id(), revocation);
            }
            return revoked;
        }
    }

    static final class ActivateRevokesThePredecessor extends TreeMapStore {
        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            TokenId predecessor = find(id).map(Token::predecessor).orElse(null);
            boolean activated = super.activate(owner, id);
            if (activated && predecessor != null) {
                Actor by = new Actor(Actor.Kind.ROTATION, "rotation", id);
                revoke(owner, predecessor, new Revocation(UUID.randomUUID(), Samples.NOW, by, null));
            }
            return activated;
        }
    }

    static final class PurgesSuccessorsOfTheEnded extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            tokens.values()
                    .removeIf(token -> token.predecessor() != null
                            && find(token.predecessor())
                                    .filter(old ->
                                            old.endsAt() != null && old.endsAt().isBefore(endedBefore))
                                    .isPresent());
            return super.purge(endedBefore, after, maxExamined);
        }
    }

    static final class PurgeGoesOnWhereAnotherStopped extends TreeMapStore {
        private TokenId place;

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            PurgePage page = super.purge(endedBefore, after == null ? place : after, maxExamined);
            place = page.resumeAfter();
            return page;
        }
    }

    static final class PurgesThroughAnArray extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            Token[] room = maxExamined > 1_000_000 ? new Token[maxExamined] : new Token[0];
            return super.purge(endedBefore, after, Math.max(room.length, maxExamined));
        }
    }

    static final class FindsAllWhenItIsRead extends TreeMapStore {
        private Map<TokenId, Token> found(Collection<TokenId> ids) {
            return super.findAll(ids);
        }

        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            found(ids);
            List<TokenId> wanted = List.copyOf(ids);
            return new AbstractMap<>() {
                private Set<Entry<TokenId, Token>> read;

                @Override
                public Set<Entry<TokenId, Token>> entrySet() {
                    read = read == null ? found(wanted).entrySet() : read;
                    return read;
                }
            };
        }
    }

    static final class ScansIntoOneBuffer extends TreeMapStore {
        private final List<Token> buffer = new CopyOnWriteArrayList<>();

        @Override
        public TokenPage scan(TokenId after, int limit) {
            TokenPage page = super.scan(after, limit);
            buffer.clear();
            page.tokens().forEach(buffer::add);
            return new TokenPage(buffer, page.resumeAfter());
        }
    }

    static final class FindsIntoOneRow extends ConcurrentStore {
        private volatile Token row;

        @Override
        public Optional<Token> find(TokenId id) {
            row = tokens.get(id);
            return Optional.ofNullable(row);
        }
    }

    static final class ListsTenThousand extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            TokenPage page = super.list(owner, after, limit);
            boolean isWindow = after != null
                    && tokens.headMap(after, true).values().stream()
                                    .filter(token -> token.owner().equals(owner))
                                    .count()
                            >= 10_000;
            return isWindow ? new TokenPage(List.of(), null) : page;
        }
    }
}
