package io.tokenstore.examples.cassandra;

import static io.tokenstore.TokenStoreException.Applied.NO;
import static io.tokenstore.TokenStoreException.Applied.UNKNOWN;
import static io.tokenstore.examples.cassandra.TokenColumns.id;
import static io.tokenstore.examples.cassandra.TokenColumns.isApplied;
import static io.tokenstore.examples.cassandra.TokenColumns.isDone;
import static io.tokenstore.examples.cassandra.TokenColumns.isKept;
import static io.tokenstore.examples.cassandra.TokenColumns.uuid;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException.Applied;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A token store on Apache Cassandra: each decision is one lightweight transaction on the row of one token.
 *
 * <p>Every write has its own id (of the addition, the act, the activation or the removal), which the row keeps. So a write
 * whose answer was lost is repeated, and the row shows whether this write was the first.
 */
public final class CassandraTokenStore implements TokenStore {

    private final Requests requests;

    /**
     * Creates a store on a session, which the caller must close.
     *
     * @param session may repeat requests that are marked as idempotent
     * @param keyspace has the tables of {@code schema.cql}
     * @param patience how long a failed request is repeated, less than half a minute
     */
    public CassandraTokenStore(CqlSession session, String keyspace, Duration patience) {
        requests = new Requests(session, keyspace, patience);
    }

    @Override
    public void add(Token token) {
        addAll(List.of(token));
    }

    @Override
    public void addAll(Collection<Token> tokens) {
        requireInRange(0, tokens.size());
        List<Token> all = List.copyOf(tokens);
        if (all.stream().map(Token::id).distinct().count() < all.size()) {
            throw new DuplicateTokenException();
        }
        UUID addition = UUID.randomUUID();
        requests.ask(NO, all, token -> entry(Cql.ENTER, token, addition));
        List<Row> answers = requests.ask(UNKNOWN, all, token -> {
            List<@Nullable Object> columns = TokenColumns.of(token, addition);
            return requests.bindPresent(Cql.ADD, columns, token.id().value(), null, null);
        });
        boolean isDuplicate = false;
        for (int i = 0; i < all.size(); i++) {
            isDuplicate |= !isAdded(all.get(i), addition, answers.get(i));
        }
        if (isDuplicate) {
            throw new DuplicateTokenException();
        }
    }

    /** Returns whether the token was added. Overwrites the row in the way if a purge has claimed that row. */
    private boolean isAdded(Token token, UUID addition, Row first) {
        Row answer = first;
        while (!isDone(answer, "addition", addition)) {
            UUID other = uuid(answer, "addition");
            UUID removal = uuid(answer, "removal");
            if (other != null && removal == null) {
                requests.ask(UNKNOWN, entry(Cql.LEAVE, token, addition));
                return false;
            }
            List<@Nullable Object> values = TokenColumns.of(token, addition);
            Collections.addAll(values, token.id().value(), other, removal);
            answer = requests.ask(UNKNOWN, requests.bind(Cql.ADD, values.toArray()))
                    .get(0);
        }
        return true;
    }

    private BoundStatement entry(Cql cql, Token token, UUID addition) {
        return requests.bind(cql, token.owner().value(), token.id().value(), addition);
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return look(List.of(id)).stream().findFirst();
    }

    @Override
    public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
        requireInRange(0, ids.size());
        return look(ids).stream().collect(Collectors.toUnmodifiableMap(Token::id, token -> token));
    }

    private List<Token> look(Collection<TokenId> ids) {
        Set<TokenId> once = new LinkedHashSet<>(ids);
        return TokenColumns.tokens(requests.ask(NO, once, id -> requests.bind(Cql.FIND, id.value())));
    }

    // tag::revoke[]
    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        Row answer = requests.ask(UNKNOWN, revoking(owner, id, revocation)).get(0);
        return isCarrying(answer, owner, revocation);
    }

    private BoundStatement revoking(Owner owner, TokenId id, Revocation revocation) {
        return requests.bindPresent(Cql.REVOKE, TokenColumns.of(revocation), id.value(), owner.value());
    }

    private static boolean isCarrying(Row answer, Owner owner, Revocation revocation) {
        return isApplied(answer)
                || revocation.id().equals(uuid(answer, "act"))
                        && owner.value().equals(answer.getString("owner"))
                        && isKept(answer);
    }
    // end::revoke[]

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        Objects.requireNonNull(revocation, "revocation");
        Set<TokenId> revoked = new HashSet<>(); // By any act, which never changes.
        int carrying = 0;
        int knownBefore;
        do {
            knownBefore = revoked.size();
            TokenId after = null;
            do {
                List<Row> entries = entries(UNKNOWN, owner, after, MAX_PAGE);
                List<TokenId> ids = TokenColumns.ids(entries).stream()
                        .filter(id -> !revoked.contains(id))
                        .distinct()
                        .toList();
                List<Row> answers = requests.ask(UNKNOWN, ids, id -> revoking(owner, id, revocation));
                for (int i = 0; i < ids.size(); i++) {
                    carrying += isCarrying(answers.get(i), owner, revocation) ? 1 : 0;
                    if (isApplied(answers.get(i)) || uuid(answers.get(i), "act") != null) {
                        revoked.add(ids.get(i));
                    }
                }
                after = resumeAfter(entries, MAX_PAGE);
            } while (after != null);
        } while (revoked.size() > knownBefore);
        return carrying;
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        UUID activation = UUID.randomUUID();
        BoundStatement request = requests.bind(Cql.ACTIVATE, activation, id.value(), owner.value(), activation);
        return isDone(requests.ask(UNKNOWN, request).get(0), "activation", activation);
    }

    @Override
    public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        requireInRange(1, limit);
        List<Row> entries = entries(NO, owner, after, limit);
        List<Token> owned = new ArrayList<>(look(TokenColumns.ids(entries)));
        owned.removeIf(token -> !token.owner().equals(owner));
        return new TokenPage(owned, resumeAfter(entries, limit));
    }

    private List<Row> entries(Applied onFailure, Owner owner, @Nullable TokenId after, int limit) {
        return requests.ask(
                onFailure, requests.bind(Cql.LIST, owner.value(), after == null ? "" : after.value(), limit));
    }

    @Override
    public TokenPage scan(@Nullable TokenId after, int limit) {
        requireInRange(1, limit);
        List<Row> rows = rows(after, limit);
        return new TokenPage(TokenColumns.tokens(rows), resumeAfter(rows, limit));
    }

    /** Returns rows in the order of their ids' hashes, or of their ids if the hashes are equal. */
    private List<Row> rows(@Nullable TokenId after, int limit) {
        if (after == null) {
            return requests.ask(NO, requests.bind(Cql.FIRST, limit));
        }
        List<Row> rows = requests.ask(NO, requests.bind(Cql.SAME, after.value()));
        rows.removeIf(row -> id(row).compareTo(after) <= 0);
        rows.addAll(requests.ask(NO, requests.bind(Cql.NEXT, after.value(), limit)));
        return rows.subList(0, Math.min(limit, rows.size()));
    }

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined) {
        Objects.requireNonNull(endedBefore, "endedBefore");
        int limit = Math.min(maxExamined, MAX_PAGE);
        requireInRange(1, limit);
        UUID removal = Uuids.timeBased();
        List<Row> rows = rows(after, limit);
        List<Row> ended = new ArrayList<>(rows);
        ended.removeIf(row -> !TokenColumns.isEnded(row, endedBefore));
        List<Row> claims = requests.ask(
                UNKNOWN,
                ended,
                row -> requests.bind(
                        Cql.CLAIM, removal, row.getString("id"), row.getUuid("addition"), row.getUuid("act")));
        claims.removeIf(answer -> !isDone(answer, "removal", removal));
        List<Row> over = rows.stream().filter(TokenColumns::isOver).toList();
        requests.ask(UNKNOWN, over, row -> entry(Cql.LEAVE, TokenColumns.token(row), row.getUuid("addition")));
        requests.ask(UNKNOWN, over, row -> requests.bind(Cql.FORGET, row.getString("id"), row.getUuid("addition")));
        requests.ask(UNKNOWN, over, row -> requests.bind(Cql.REMOVE, row.getString("id"), row.getUuid("removal")));
        return new PurgePage(claims.size(), resumeAfter(rows, limit));
    }

    private static @Nullable TokenId resumeAfter(List<Row> rows, int limit) {
        return rows.size() < limit ? null : id(rows.get(limit - 1));
    }

    static void requireInRange(int least, int count) {
        if (count < least || count > MAX_PAGE) {
            throw new IllegalArgumentException("must be " + least + " to " + MAX_PAGE);
        }
    }
}
