package io.tokenstore.examples.cassandra;

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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A token store on Apache Cassandra: each decision is one lightweight transaction on the row of one token.
 *
 * <p>Every write has an id of its own (of the addition, the act, the activation, the removal), which its row keeps. So a
 * write whose answer was lost is repeated, and the row tells whether it was the first.
 */
public final class CassandraTokenStore implements TokenStore {

    private static final String FROM_TOKENS = "SELECT " + TokenColumns.NAMES + ", removal FROM %s.tokens ";
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
        requests = new Requests(
                session, keyspace, patience, FIND, ENTER, LEAVE, ADD, REVOKE, ACTIVATE, LIST, FIRST, SAME, NEXT, CLAIM,
                REMOVE);
    }

    /** An answer about a row that is not there has this column alone, and a look has all but this one. */
    private static boolean isApplied(Row answer) {
        return answer.getColumnDefinitions().contains("[applied]") && answer.getBoolean("[applied]");
    }

    private static boolean isDone(Row answer, String column, UUID write) {
        return isApplied(answer)
                || answer.getColumnDefinitions().contains(column) && write.equals(answer.getUuid(column));
    }

    // tag::add[]
    private static final String ENTER =
            "INSERT INTO %s.tokens_by_owner (owner, id, addition) VALUES (?, ?, ?) USING TIMESTAMP 1";
    private static final String LEAVE =
            "DELETE FROM %s.tokens_by_owner USING TIMESTAMP 2 WHERE owner = ? AND id = ? AND addition = ?";
    private static final String ADD =
            "INSERT INTO %s.tokens (" + TokenColumns.NAMES + ") VALUES (?" + ", ?".repeat(16) + ") IF NOT EXISTS";

    @Override
    public void add(Token token) {
        add(List.of(token), Applied.NO);
    }

    @Override
    public void addAll(Collection<Token> tokens) {
        requireAtMostOnePage(tokens);
        add(List.copyOf(tokens), Applied.NO);
    }

    private void add(List<Token> tokens, Applied before) {
        List<UUID> additions =
                Stream.generate(UUID::randomUUID).limit(tokens.size()).toList();
        requests.ask(before, each(tokens, i -> entry(ENTER, tokens.get(i), additions.get(i))));
        List<Row> answers = requests.ask(
                Applied.UNKNOWN,
                each(tokens, i -> requests.bindPresent(ADD, TokenColumns.of(tokens.get(i), additions.get(i)))));
        List<Token> again = new ArrayList<>();
        boolean isDuplicate = false;
        for (int i = 0; i < tokens.size(); i++) {
            Row answer = answers.get(i);
            if (!isDone(answer, "addition", additions.get(i))) {
                requests.ask(Applied.UNKNOWN, entry(LEAVE, tokens.get(i), additions.get(i)));
                if (isKept(answer)) {
                    isDuplicate = true;
                } else {
                    forget(List.of(answer), answer.getUuid("removal"));
                    again.add(tokens.get(i));
                }
            }
        }
        if (!again.isEmpty()) {
            add(again, Applied.UNKNOWN);
        }
        if (isDuplicate) {
            throw new DuplicateTokenException();
        }
    }

    private BoundStatement entry(String cql, Token token, UUID addition) {
        return requests.bind(cql, token.owner().value(), token.id().value(), addition);
    }

    private static <T> List<T> each(List<?> many, IntFunction<T> make) {
        return IntStream.range(0, many.size()).mapToObj(make).toList();
    }

    private static void requireAtMostOnePage(Collection<?> many) {
        if (many.size() > MAX_PAGE) {
            throw new IllegalArgumentException("at most " + MAX_PAGE + " at once");
        }
    }
    // end::add[]

    // tag::find[]
    private static final String FIND = FROM_TOKENS + "WHERE id = ?";

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
        Stream<String> values = ids.stream().map(TokenId::value).distinct();
        return tokens(requests.ask(
                Applied.NO, values.map(id -> requests.bind(FIND, id)).toList()));
    }

    private static List<Token> tokens(List<Row> rows) {
        return rows.stream()
                .filter(CassandraTokenStore::isKept)
                .map(TokenColumns::token)
                .toList();
    }

    private static boolean isKept(Row row) {
        return row.getUuid("removal") == null;
    }
    // end::find[]

    // tag::revoke[]
    private static final String REVOKE = "UPDATE %s.tokens SET act = ?, revoked_at = ?, actor_kind = ?, actor_name = ?,"
            + " actor_token = ?, reason = ? WHERE id = ? IF owner = ? AND act = null AND removal = null";

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        return isCarrying(
                requests.ask(Applied.UNKNOWN, revoking(owner, id.value(), revocation))
                        .get(0),
                owner,
                revocation);
    }

    private BoundStatement revoking(Owner owner, String id, Revocation revocation) {
        Stream<@Nullable Object> values = TokenColumns.of(revocation).stream();
        return requests.bindPresent(
                REVOKE, Stream.concat(values, Stream.of(id, owner.value())).toList());
    }

    private static boolean isCarrying(Row answer, Owner owner, Revocation revocation) {
        return isApplied(answer)
                || isDone(answer, "act", revocation.id())
                        && owner.value().equals(answer.getString("owner"))
                        && isKept(answer);
    }

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
                Stream<String> ids =
                        page.stream().map(row -> row.getString("id")).distinct();
                for (Row answer : requests.ask(
                        Applied.UNKNOWN,
                        ids.map(id -> revoking(owner, id, revocation)).toList())) {
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
    // end::revoke[]

    // tag::activate[]
    private static final String ACTIVATE = "UPDATE %s.tokens SET predecessor = null, activation = ? WHERE id = ?"
            + " IF owner = ? AND act = null AND removal = null AND activation != ?";

    @Override
    public boolean activate(Owner owner, TokenId id) {
        UUID activation = UUID.randomUUID();
        BoundStatement request = requests.bind(ACTIVATE, activation, id.value(), owner.value(), activation);
        return isDone(requests.ask(Applied.UNKNOWN, request).get(0), "activation", activation);
    }
    // end::activate[]

    // tag::walk[]
    private static final String LIST = "SELECT id FROM %s.tokens_by_owner WHERE owner = ? AND id > ? LIMIT ?";
    private static final String FIRST = FROM_TOKENS + "LIMIT ?";
    private static final String SAME = FROM_TOKENS + "WHERE token(id) = token(?)";
    private static final String NEXT = FROM_TOKENS + "WHERE token(id) > token(?) LIMIT ?";

    @Override
    public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        requireInRange(limit);
        String from = after == null ? "" : after.value();
        List<Row> rows = requests.ask(Applied.NO, requests.bind(LIST, owner.value(), from, limit));
        List<Token> found = look(rows.stream().map(CassandraTokenStore::id).toList());
        List<Token> owned =
                found.stream().filter(token -> token.owner().equals(owner)).toList();
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

    private static TokenId id(Row row) {
        return new TokenId(Objects.requireNonNull(row.getString("id")));
    }

    private static @Nullable TokenId resumeAfter(List<Row> rows, int limit) {
        return rows.size() < limit ? null : id(rows.get(limit - 1));
    }

    private static void requireInRange(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_PAGE);
        }
    }
    // end::walk[]

    // tag::purge[]
    private static final String CLAIM =
            "UPDATE %s.tokens SET removal = ? WHERE id = ? IF addition = ? AND act = ? AND removal = null";
    private static final String REMOVE = "DELETE FROM %s.tokens WHERE id = ? IF removal = ?";

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined) {
        Objects.requireNonNull(endedBefore, "endedBefore");
        if (maxExamined < 1) {
            throw new IllegalArgumentException("maxExamined must be 1 or more");
        }
        int limit = Math.min(maxExamined, MAX_PAGE);
        UUID removal = Uuids.timeBased();
        List<Row> rows = rows(after, limit);
        List<Row> ended = rows.stream()
                .filter(row -> isKept(row) && hasEnded(row, endedBefore))
                .toList();
        List<Row> answers = requests.ask(
                Applied.UNKNOWN,
                ended.stream()
                        .map(row -> requests.bind(
                                CLAIM, removal, row.getString("id"), row.getUuid("addition"), row.getUuid("act")))
                        .toList());
        List<Row> claimed = IntStream.range(0, ended.size())
                .filter(i -> isDone(answers.get(i), "removal", removal))
                .mapToObj(ended::get)
                .toList();
        forget(claimed, removal);
        rows.stream()
                .filter(CassandraTokenStore::isAbandoned)
                .forEach(row -> forget(List.of(row), row.getUuid("removal")));
        return new PurgePage(claimed.size(), resumeAfter(rows, limit));
    }

    private static boolean hasEnded(Row row, Instant endedBefore) {
        Instant end = TokenColumns.token(row).endsAt();
        return end != null && end.isBefore(endedBefore);
    }

    /** Claimed by a purge that did not come to its end. */
    private static boolean isAbandoned(Row row) {
        UUID removal = row.getUuid("removal");
        return removal != null && Uuids.unixTimestamp(removal) < System.currentTimeMillis() - LONGEST_CALL.toMillis();
    }

    private void forget(List<Row> rows, UUID removal) {
        requests.ask(
                Applied.UNKNOWN,
                rows.stream()
                        .map(row -> requests.bind(
                                LEAVE, row.getString("owner"), row.getString("id"), row.getUuid("addition")))
                        .toList());
        requests.ask(
                Applied.UNKNOWN,
                rows.stream()
                        .map(row -> requests.bind(REMOVE, row.getString("id"), removal))
                        .toList());
    }
    // end::purge[]
}
