package io.tokenstore.examples.cassandra;

import static com.datastax.oss.driver.api.core.ConsistencyLevel.QUORUM;
import static com.datastax.oss.driver.api.core.ConsistencyLevel.SERIAL;
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
import java.util.Iterator;
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
 * <p>Every write has an id of its own (of the addition, the act, the activation, the removal), which its row keeps. So a
 * write whose answer was lost is repeated, and the row tells whether it was the first.
 */
public final class CassandraTokenStore implements TokenStore {

    private static final String ENTER =
            "INSERT INTO %s.tokens_by_owner (owner, id, addition) VALUES (?, ?, ?) USING TIMESTAMP 1";
    private static final String LEAVE =
            "DELETE FROM %s.tokens_by_owner USING TIMESTAMP 2 WHERE owner = ? AND id = ? AND addition = ?";
    private static final String ADD = "UPDATE %s.tokens SET " + TokenColumns.NAMES.replace(",", " = ?,")
            + " = ? WHERE id = ? IF addition = ? AND removal = ?";
    private static final String TOKENS = "SELECT id, " + TokenColumns.NAMES + " FROM %s.tokens ";
    private static final String FIND = TOKENS + "WHERE id = ?";
    private static final String LIST = "SELECT id FROM %s.tokens_by_owner WHERE owner = ? AND id > ? LIMIT ?";
    private static final String FIRST = TOKENS + "LIMIT ?";
    private static final String SAME = TOKENS + "WHERE token(id) = token(?)";
    private static final String NEXT = TOKENS + "WHERE token(id) > token(?) LIMIT ?";
    private static final String ACTIVATE = "UPDATE %s.tokens SET predecessor = null, activation = ? WHERE id = ?"
            + " IF owner = ? AND act = null AND removal = null AND activation != ?";
    private static final String CLAIM =
            "UPDATE %s.tokens SET removal = ? WHERE id = ? IF addition = ? AND act = ? AND removal = null";
    private static final String FORGET_USE =
            "DELETE FROM %s.token_uses USING TIMESTAMP 253402300800000000 WHERE id = ? AND addition = ?";
    private static final String REMOVE = "DELETE FROM %s.tokens WHERE id = ? IF removal = ?";
    private static final Duration LONGEST_CALL = Duration.ofMinutes(1);

    private final Requests requests;

    /**
     * Creates a store on a session, which stays the caller's to close.
     *
     * @param session may repeat the requests that say that they are idempotent
     * @param keyspace has the tables of {@code schema.cql}
     * @param patience how long a request that failed is repeated, less than half a minute
     */
    public CassandraTokenStore(CqlSession session, String keyspace, Duration patience) {
        requests = new Requests(session, patience)
                .prepare(keyspace, SERIAL, FIND)
                .prepare(keyspace, QUORUM, ENTER, LEAVE, ADD, LIST, FIRST, SAME, NEXT, REVOKE, ACTIVATE)
                .prepare(keyspace, QUORUM, CLAIM, FORGET_USE, REMOVE);
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
        requests.ask(Applied.NO, all, token -> entry(ENTER, token, addition));
        List<Row> answers = requests.ask(Applied.UNKNOWN, all, token -> {
            List<@Nullable Object> columns = TokenColumns.of(token, addition);
            return requests.bindPresent(ADD, columns, token.id().value(), null, null);
        });
        boolean isDuplicate = false;
        for (int i = 0; i < all.size(); i++) {
            isDuplicate |= !isAdded(all.get(i), addition, answers.get(i));
        }
        if (isDuplicate) {
            throw new DuplicateTokenException();
        }
    }

    /** Writes over a row that a purge has claimed, if that is what was in the way. */
    private boolean isAdded(Token token, UUID addition, Row first) {
        Row answer = first;
        while (!isDone(answer, "addition", addition)) {
            UUID other = uuid(answer, "addition");
            UUID removal = uuid(answer, "removal");
            if (other != null && removal == null) {
                requests.ask(Applied.UNKNOWN, entry(LEAVE, token, addition));
                return false;
            }
            List<@Nullable Object> values = TokenColumns.of(token, addition);
            Collections.addAll(values, token.id().value(), other, removal);
            answer = requests.ask(Applied.UNKNOWN, requests.bind(ADD, values.toArray()))
                    .get(0);
        }
        return true;
    }

    private BoundStatement entry(String cql, Token token, UUID addition) {
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
        return tokens(requests.ask(Applied.NO, once, id -> requests.bind(FIND, id.value())));
    }

    // tag::revoke[]
    private static final String REVOKE = "UPDATE %s.tokens SET act = ?, revoked_at = ?, actor_kind = ?, actor_name = ?,"
            + " actor_token = ?, reason = ? WHERE id = ? IF owner = ? AND act = null AND removal = null";

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        Row answer =
                requests.ask(Applied.UNKNOWN, revoking(owner, id, revocation)).get(0);
        return isCarrying(answer, owner, revocation);
    }

    private BoundStatement revoking(Owner owner, TokenId id, Revocation revocation) {
        return requests.bindPresent(REVOKE, TokenColumns.of(revocation), id.value(), owner.value());
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
        Set<TokenId> revoked = new HashSet<>(); // By whatever act, which stays so.
        int carrying = 0;
        int knownBefore;
        do {
            knownBefore = revoked.size();
            TokenId after = null;
            do {
                List<Row> entries = entries(Applied.UNKNOWN, owner, after, MAX_PAGE);
                Set<TokenId> ids = new LinkedHashSet<>(TokenColumns.ids(entries));
                ids.removeAll(revoked);
                Iterator<Row> answers = requests.ask(Applied.UNKNOWN, ids, id -> revoking(owner, id, revocation))
                        .iterator();
                for (TokenId id : ids) {
                    Row answer = answers.next();
                    carrying += isCarrying(answer, owner, revocation) ? 1 : 0;
                    if (isApplied(answer) || uuid(answer, "act") != null) {
                        revoked.add(id);
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
        BoundStatement request = requests.bind(ACTIVATE, activation, id.value(), owner.value(), activation);
        return isDone(requests.ask(Applied.UNKNOWN, request).get(0), "activation", activation);
    }

    @Override
    public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        requireInRange(1, limit);
        List<Row> entries = entries(Applied.NO, owner, after, limit);
        List<Token> owned = new ArrayList<>(look(TokenColumns.ids(entries)));
        owned.removeIf(token -> !token.owner().equals(owner));
        return new TokenPage(owned, resumeAfter(entries, limit));
    }

    private List<Row> entries(Applied onFailure, Owner owner, @Nullable TokenId after, int limit) {
        return requests.ask(onFailure, requests.bind(LIST, owner.value(), after == null ? "" : after.value(), limit));
    }

    @Override
    public TokenPage scan(@Nullable TokenId after, int limit) {
        requireInRange(1, limit);
        List<Row> rows = rows(after, limit);
        return new TokenPage(tokens(rows), resumeAfter(rows, limit));
    }

    /** In the order of the hashes of the ids, and in that of the ids if two have the same hash. */
    private List<Row> rows(@Nullable TokenId after, int limit) {
        if (after == null) {
            return requests.ask(Applied.NO, requests.bind(FIRST, limit));
        }
        List<Row> rows = requests.ask(Applied.NO, requests.bind(SAME, after.value()));
        rows.removeIf(row -> id(row).compareTo(after) <= 0);
        rows.addAll(requests.ask(Applied.NO, requests.bind(NEXT, after.value(), limit)));
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
        ended.removeIf(row -> !isKept(row) || !TokenColumns.endsBefore(row, endedBefore));
        List<Row> claims = requests.ask(
                Applied.UNKNOWN,
                ended,
                row -> requests.bind(CLAIM, removal, row.getString("id"), row.getUuid("addition"), row.getUuid("act")));
        claims.removeIf(answer -> !isDone(answer, "removal", removal));
        List<Row> over = rows.stream().filter(CassandraTokenStore::isOver).toList();
        requests.ask(Applied.UNKNOWN, over, row -> entry(LEAVE, TokenColumns.token(row), row.getUuid("addition")));
        requests.ask(
                Applied.UNKNOWN, over, row -> requests.bind(FORGET_USE, row.getString("id"), row.getUuid("addition")));
        requests.ask(Applied.UNKNOWN, over, row -> requests.bind(REMOVE, row.getString("id"), row.getUuid("removal")));
        return new PurgePage(claims.size(), resumeAfter(rows, limit));
    }

    /** Until then the row tells a repeated addition that it was the first, so that nothing brings the token back. */
    private static boolean isOver(Row row) {
        UUID removal = row.getUuid("removal");
        return removal != null && Uuids.unixTimestamp(removal) < System.currentTimeMillis() - LONGEST_CALL.toMillis();
    }

    private static List<Token> tokens(List<Row> rows) {
        return rows.stream()
                .filter(TokenColumns::isKept)
                .map(TokenColumns::token)
                .toList();
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
