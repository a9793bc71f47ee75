package io.tokenstore.examples.cassandra;

import static io.tokenstore.TokenStoreException.Applied.NO;
import static io.tokenstore.TokenStoreException.Applied.UNKNOWN;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.tokenstore.TokenId;
import io.tokenstore.TokenUses;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps the last use of each token of a {@link CassandraTokenStore}, whose purge removes it with the token's row.
 *
 * <p>A use belongs to one addition of a token. So it is gone once a purge has claimed the token, and a token added later with
 * the same id does not have it.
 */
public final class CassandraTokenUses implements TokenUses {

    private final Requests requests;

    /**
     * Creates it on a session, which the caller must close.
     *
     * @param session the store's session, or another one
     * @param keyspace the store's keyspace
     * @param patience how long a failed request is repeated, less than half a minute
     */
    public CassandraTokenUses(CqlSession session, String keyspace, Duration patience) {
        requests = new Requests(session, keyspace, patience);
    }

    @Override
    public void record(Map<TokenId, Instant> uses) {
        CassandraTokenStore.requireInRange(0, uses.size());
        Map<TokenId, Instant> given = Map.copyOf(uses);
        requests.ask(UNKNOWN, kept(given.keySet()), row -> {
            long micros = TokenColumns.micros(given.get(TokenColumns.id(row)));
            return requests.bind(Cql.RECORD, row.getString("id"), row.getUuid("addition"), micros, micros);
        });
    }

    @Override
    public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
        CassandraTokenStore.requireInRange(0, ids.size());
        List<Row> kept = kept(Set.copyOf(List.copyOf(ids)));
        return requests
                .ask(NO, kept, row -> requests.bind(Cql.LAST_USE, row.getString("id"), row.getUuid("addition")))
                .stream()
                .collect(Collectors.toUnmodifiableMap(TokenColumns::id, row -> TokenColumns.instant(row, "used_at")));
    }

    private List<Row> kept(Set<TokenId> ids) {
        List<Row> rows = requests.ask(NO, ids, id -> requests.bind(Cql.FIND_ADDITION, id.value()));
        rows.removeIf(row -> !TokenColumns.isKept(row));
        return rows;
    }
}
