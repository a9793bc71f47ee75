package io.tokenstore.examples.cassandra;

import static io.tokenstore.examples.cassandra.TokenColumns.id;
import static io.tokenstore.examples.cassandra.TokenColumns.isApplied;
import static io.tokenstore.examples.cassandra.TokenColumns.isDone;
import static io.tokenstore.examples.cassandra.TokenColumns.isKept;

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
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
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
    private static final String ADD =
            "INSERT INTO %s.tokens (" + TokenColumns.NAMES + ") VALUES (?" + ", ?".repeat(16) + ") IF NOT EXISTS";
    private static final String REPLACE = "UPDATE %s.tokens SET "
            + TokenColumns.NAMES.substring("id, ".length()).replace(",", " = ?,")
            + " = ?, activation = null, removal = null WHERE id = ? IF removal = ? AND addition != ?";
    private static final String TOKENS = "SELECT " + TokenColumns.NAMES + ", removal FROM %s.tokens ";
    private static final String FIND = TOKENS + "WHERE id = ?";
    private static final String LIST = "SELECT id FROM %s.tokens_by_owner WHERE owner = ? AND id > ? LIMIT ?";
    private static final String FIRST = TOKENS + "LIMIT ?";
    private static final String SAME = TOKENS + "WHERE token(id) = token(?)";
    private static final String NEXT = TOKENS + "WHERE token(id) > token(?) LIMIT ?";
    private static final String ACTIVATE = "UPDATE %s.tokens SET predecessor = null, activation = ? WHERE id = ?"
            + " IF owner = ? AND act = null AND removal = null AND activation != ?";
    private static final String CLAIM =
            "UPDATE %s.tokens SET removal = ? WHERE id = ? IF addition = ? AND act = ? AND removal = null";
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
        List<String> others =
                List.of(ENTER, LEAVE, ADD, REPLACE, LIST, FIRST, SAME, NEXT, REVOKE, ACTIVATE, CLAIM, REMOVE);
        requests = new Requests(session, keyspace, patience, FIND, others);
    }

    @Override
    public void add(Token token) {
        add(List.of(token), Applied.NO);
    }

    @Override
    public void addAll(Collection<Token> tokens) {
        requireAtMostOnePage(tokens);
        add(tokens, Applied.NO);
    }

    private void add(Collection<Token> tokens, Applied before) {
        Map<String, Token> byId = new HashMap<>();
        if (tokens.stream().anyMatch(token -> byId.put(token.id().value(), token) != null)) {
            throw new DuplicateTokenException();
        }
        UUID addition = UUID.randomUUID();
        requests.ask(before, each(byId.values(), token -> entry(ENTER, token, addition)));
        List<Row> others = new ArrayList<>(requests.ask(
                Applied.UNKNOWN,
                each(byId.values(), token -> requests.bindPresent(ADD, TokenColumns.of(token, addition)))));
        others.removeIf(answer -> isDone(answer, "addition", addition));
        boolean isDuplicate = false;
        for (Row other : others) {
            Token token = Objects.requireNonNull(byId.get(other.getString("id")));
            if (isKept(other)) {
                isDuplicate = true;
                requests.ask(Applied.UNKNOWN, entry(LEAVE, token, addition));
            } else if (replaces(other, token, addition)) {
                requests.ask(Applied.UNKNOWN, entry(LEAVE, TokenColumns.token(other), other.getUuid("addition")));
            } else {
                requests.ask(Applied.UNKNOWN, entry(LEAVE, token, addition));
                add(List.of(token), Applied.UNKNOWN);
            }
        }
        if (isDuplicate) {
            throw new DuplicateTokenException();
        }
    }

    private boolean replaces(Row claimed, Token token, UUID addition) {
        List<@Nullable Object> values = TokenColumns.of(token, addition);
        Collections.rotate(values, -1); // The id comes last.
        values.addAll(Arrays.asList(claimed.getUuid("removal"), addition));
        return isDone(
                requests.ask(Applied.UNKNOWN, requests.bind(REPLACE, values.toArray()))
                        .get(0),
                "addition",
                addition);
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
        requireAtMostOnePage(ids);
        return look(ids).stream().collect(Collectors.toUnmodifiableMap(Token::id, token -> token));
    }

    private List<Token> look(Collection<TokenId> ids) {
        Set<String> once = new LinkedHashSet<>(each(ids, TokenId::value));
        return tokens(requests.ask(Applied.NO, each(once, id -> requests.bind(FIND, id))));
    }

    // tag::revoke[]
    private static final String REVOKE = "UPDATE %s.tokens SET act = ?, revoked_at = ?, actor_kind = ?, actor_name = ?,"
            + " actor_token = ?, reason = ? WHERE id = ? IF owner = ? AND act = null AND removal = null";

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        Row answer = requests.ask(Applied.UNKNOWN, revoking(owner, id.value(), revocation))
                .get(0);
        return isCarrying(answer, owner, revocation);
    }

    private BoundStatement revoking(Owner owner, String id, Revocation revocation) {
        return requests.bindPresent(REVOKE, TokenColumns.of(revocation, id, owner.value()));
    }

    private static boolean isCarrying(Row answer, Owner owner, Revocation revocation) {
        return isApplied(answer)
                || isDone(answer, "act", revocation.id())
                        && owner.value().equals(answer.getString("owner"))
                        && isKept(answer);
    }
    // end::revoke[]

    /** Each pass asks for the revocation of every token, and so counts those that carry it already. */
    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        Objects.requireNonNull(revocation, "revocation");
        while (true) {
            int carrying = 0;
            boolean isLast = true;
            String after = "";
            while (after != null) {
                List<Row> page = requests.ask(Applied.UNKNOWN, requests.bind(LIST, owner.value(), after, MAX_PAGE));
                Set<String> ids = new LinkedHashSet<>(each(page, row -> row.getString("id")));
                for (Row answer : requests.ask(Applied.UNKNOWN, each(ids, id -> revoking(owner, id, revocation)))) {
                    carrying += isCarrying(answer, owner, revocation) ? 1 : 0;
                    isLast &= !isApplied(answer);
                }
                after = page.size() < MAX_PAGE ? null : page.get(MAX_PAGE - 1).getString("id");
            }
            if (isLast) {
                return carrying;
            }
        }
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        UUID activation = UUID.randomUUID();
        BoundStatement request = requests.bind(ACTIVATE, activation, id.value(), owner.value(), activation);
        return isDone(requests.ask(Applied.UNKNOWN, request).get(0), "activation", activation);
    }

    @Override
    public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        requireInRange(limit);
        String from = after == null ? "" : after.value();
        List<Row> rows = requests.ask(Applied.NO, requests.bind(LIST, owner.value(), from, limit));
        List<Token> owned = new ArrayList<>(look(each(rows, TokenColumns::id)));
        owned.removeIf(token -> !token.owner().equals(owner));
        return new TokenPage(owned, resumeAfter(rows, limit));
    }

    @Override
    public TokenPage scan(@Nullable TokenId after, int limit) {
        requireInRange(limit);
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
        if (maxExamined < 1) {
            throw new IllegalArgumentException("maxExamined must be 1 or more");
        }
        int limit = Math.min(maxExamined, MAX_PAGE);
        UUID removal = Uuids.timeBased();
        List<Row> rows = rows(after, limit);
        List<Row> ended = new ArrayList<>(rows);
        ended.removeIf(row -> !isKept(row) || !TokenColumns.endsBefore(row, endedBefore));
        List<Row> answers = requests.ask(Applied.UNKNOWN, each(ended, row -> claim(row, removal)));
        List<Row> over = new ArrayList<>(rows);
        over.removeIf(row -> !isOver(row));
        requests.ask(
                Applied.UNKNOWN, each(over, row -> entry(LEAVE, TokenColumns.token(row), row.getUuid("addition"))));
        requests.ask(
                Applied.UNKNOWN, each(over, row -> requests.bind(REMOVE, row.getString("id"), row.getUuid("removal"))));
        long removed = answers.stream()
                .filter(answer -> isDone(answer, "removal", removal))
                .count();
        return new PurgePage(Math.toIntExact(removed), resumeAfter(rows, limit));
    }

    private BoundStatement claim(Row row, UUID removal) {
        return requests.bind(CLAIM, removal, row.getString("id"), row.getUuid("addition"), row.getUuid("act"));
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

    private static <T, R> List<R> each(Collection<T> many, Function<T, R> make) {
        return many.stream().map(make).toList();
    }

    private static @Nullable TokenId resumeAfter(List<Row> rows, int limit) {
        return rows.size() < limit ? null : id(rows.get(limit - 1));
    }

    private static void requireAtMostOnePage(Collection<?> many) {
        if (many.size() > MAX_PAGE) {
            throw new IllegalArgumentException("at most " + MAX_PAGE + " at once");
        }
    }

    private static void requireInRange(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_PAGE);
        }
    }
}
