package io.tokenstore.examples.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sends requests at the level that the promises need. All may be repeated, by the driver too, and are. */
final class Requests {

    private static final int AT_ONCE = 64;
    private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final CqlSession session;
    private final Duration patience;
    private final Map<String, PreparedStatement> prepared;

    /**
     * Prepares the statements.
     *
     * @param find the look at one token, which sees what transactions decided; the others need a quorum
     */
    Requests(CqlSession session, String keyspace, Duration patience, String find, List<String> others) {
        this.session = session;
        this.patience = patience;
        prepared = Stream.concat(Stream.of(find), others.stream())
                .collect(Collectors.toMap(
                        cql -> cql, cql -> session.prepare(request(cql.formatted(keyspace), cql.equals(find)))));
    }

    private static SimpleStatement request(String cql, boolean isLook) {
        return SimpleStatement.newInstance(cql)
                .setConsistencyLevel(isLook ? DefaultConsistencyLevel.SERIAL : DefaultConsistencyLevel.QUORUM)
                .setSerialConsistencyLevel(DefaultConsistencyLevel.SERIAL)
                .setIdempotent(true);
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

    /** The driver's pages are the caller's choice, and one that is short need not be the last. */
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

    BoundStatement bind(String cql, @Nullable Object... values) {
        return Objects.requireNonNull(prepared.get(cql)).bind(values);
    }

    /** Leaves a column alone if its value is null, which would be a tombstone. */
    BoundStatement bindPresent(String cql, List<@Nullable Object> values) {
        BoundStatementBuilder bound = Objects.requireNonNull(prepared.get(cql)).boundStatementBuilder(values.toArray());
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) == null) {
                bound = bound.unset(i);
            }
        }
        return bound.build();
    }

    List<Row> ask(Applied onFailure, BoundStatement request) {
        return answer(onFailure, request, send(request));
    }

    /** Some at a time, and all their answers' rows in the order of the requests. */
    List<Row> ask(Applied onFailure, List<BoundStatement> requests) {
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

    private CompletableFuture<AsyncResultSet> send(BoundStatement request) {
        return session.executeAsync(request).toCompletableFuture();
    }
}
