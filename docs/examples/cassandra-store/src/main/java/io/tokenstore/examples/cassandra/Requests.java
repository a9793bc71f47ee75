package io.tokenstore.examples.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends requests, several at a time, and repeats those that fail. */
final class Requests {

    private static final int AT_ONCE = 64;
    private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final CqlSession session;
    private final Duration patience;
    private final Map<Cql, PreparedStatement> prepared = new EnumMap<>(Cql.class);

    Requests(CqlSession session, String keyspace, Duration patience) {
        this.session = session;
        this.patience = patience;
        for (Cql cql : Cql.values()) {
            prepared.put(cql, session.prepare(cql.in(keyspace)));
        }
    }

    BoundStatement bind(Cql cql, @Nullable Object... values) {
        return Objects.requireNonNull(prepared.get(cql)).bind(values);
    }

    /** Leaves out a column whose first value is null, since writing null would leave a tombstone. */
    BoundStatement bindPresent(Cql cql, List<@Nullable Object> columns, @Nullable Object... others) {
        List<@Nullable Object> values = new ArrayList<>(columns);
        Collections.addAll(values, others);
        BoundStatement bound = bind(cql, values.toArray());
        for (int i = 0; i < columns.size(); i++) {
            bound = values.get(i) == null ? bound.unset(i) : bound;
        }
        return bound;
    }

    List<Row> ask(Applied onFailure, BoundStatement request) {
        return answer(onFailure, request, send(request));
    }

    /** Returns the rows of all answers, in the order of the requests. */
    <T> List<Row> ask(Applied onFailure, Collection<T> about, Function<T, BoundStatement> request) {
        List<BoundStatement> requests = about.stream().map(request).toList();
        List<Row> rows = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += AT_ONCE) {
            List<BoundStatement> some = requests.subList(from, Math.min(from + AT_ONCE, requests.size()));
            List<CompletableFuture<AsyncResultSet>> sent =
                    some.stream().map(this::send).toList();
            for (int i = 0; i < sent.size(); i++) {
                rows.addAll(answer(onFailure, some.get(i), sent.get(i)));
            }
        }
        return rows;
    }

    // tag::answer[]
    private List<Row> answer(Applied onFailure, BoundStatement request, CompletableFuture<AsyncResultSet> sent) {
        for (long begin = System.nanoTime(); ; sent = send(request)) {
            try {
                return rows(sent.join());
            } catch (CompletionException e) {
                if (e.getCause() instanceof QueryValidationException
                        || System.nanoTime() - begin > patience.toNanos()
                        || Thread.currentThread().isInterrupted()) {
                    throw new TokenStoreException("Cassandra did not carry out the call", onFailure, e.getCause());
                }
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS));
        }
    }
    // end::answer[]

    private CompletableFuture<AsyncResultSet> send(BoundStatement request) {
        return session.executeAsync(request).toCompletableFuture();
    }

    /** Returns the rows of all of the driver's pages. A short page need not be the last. */
    private static List<Row> rows(AsyncResultSet first) {
        List<Row> rows = new ArrayList<>();
        AsyncResultSet page = first;
        page.currentPage().forEach(rows::add);
        while (page.hasMorePages()) {
            page = page.fetchNextPage().toCompletableFuture().join();
            page.currentPage().forEach(rows::add);
        }
        return rows;
    }
}
