package io.tokenstore.contract.correct;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A correct store that changes nothing: it appends events, and replays those of a token whenever somebody looks. */
public final class EventLogStore extends WalkedStore {

    private interface Event {}

    private record Added(Token token) implements Event {}

    private record Revoked(Revocation revocation) implements Event {}

    private record Activated() implements Event {}

    private record Purged() implements Event {}

    private final List<Event> log = new ArrayList<>();
    /** Where in the log the events of a token are. */
    private final NavigableMap<TokenId, List<Integer>> index = new TreeMap<>();

    @Override
    public synchronized void add(Token token) {
        if (replay(token.id()) != null) {
            throw new DuplicateTokenException();
        }
        append(token.id(), new Added(token));
    }

    @Override
    public synchronized Optional<Token> find(TokenId id) {
        return Optional.ofNullable(replay(id));
    }

    @Override
    public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        Objects.requireNonNull(owner);
        Objects.requireNonNull(revocation);
        Token token = replay(id);
        if (token == null || !token.owner().equals(owner)) {
            return false;
        }
        if (token.revocation() == null) {
            append(id, new Revoked(revocation));
            return true;
        }
        return token.revocation().id().equals(revocation.id());
    }

    @Override
    public synchronized boolean activate(Owner owner, TokenId id) {
        Objects.requireNonNull(owner);
        Token token = replay(id);
        if (token == null || !token.owner().equals(owner) || token.revocation() != null) {
            return false;
        }
        append(id, new Activated());
        return true;
    }

    @Override
    synchronized boolean removeIfEnded(TokenId id, Instant endedBefore) {
        Token token = replay(id);
        if (token == null || !ended(token, endedBefore)) {
            return false;
        }
        append(id, new Purged());
        return true;
    }

    @Override
    synchronized Stream<Token> snapshotAfter(TokenId after) {
        List<Token> tokens = new ArrayList<>();
        for (TokenId id : (after == null ? index : index.tailMap(after, false)).keySet()) {
            Token token = replay(id);
            if (token != null) {
                tokens.add(token);
            }
        }
        return tokens.stream();
    }

    private void append(TokenId id, Event event) {
        index.computeIfAbsent(id, key -> new ArrayList<>()).add(log.size());
        log.add(event);
    }

    private Token replay(TokenId id) {
        Token token = null;
        for (int position : index.getOrDefault(id, List.of())) {
            Event event = log.get(position);
            if (event instanceof Added added) {
                token = added.token();
            } else if (event instanceof Revoked revoked) {
                token = token.withRevocation(revoked.revocation());
            } else if (event instanceof Activated) {
                token = token.toBuilder().predecessor(null).build();
            } else {
                token = null;
            }
        }
        return token;
    }
}
