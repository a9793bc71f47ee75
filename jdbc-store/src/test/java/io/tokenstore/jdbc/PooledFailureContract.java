package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.contract.FailureContract;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The contract on a pool, and on connections of it that lose requests and replies. */
abstract class PooledFailureContract extends PooledContract implements FailureContract {

    private static final List<String> REQUESTS = List.of(
            "connection.commit",
            "statement.execute",
            "statement.executeQuery",
            "statement.executeUpdate",
            "statement.executeBatch",
            "statement.executeLargeUpdate");
    private static final String CONNECTION_FAILURE = "08006";

    PooledFailureContract(HikariConfig config) {
        super(config);
    }

    @Override
    public TokenStore emptyStore(Supplier<Fate> fates) throws SQLException {
        emptyStore();
        DriverFaults connections = new DriverFaults(pool(), pool().isAutoCommit());
        REQUESTS.forEach(request -> connections.always(request, call -> answer(call, fates.get())));
        Duration soon = Duration.ofMillis(100);
        JdbcOptions hurried = options().withDeadline(soon).withReadDeadline(soon);
        for (int tries = 1; ; tries++) {
            try {
                return JdbcTokenStore.create(connections.dataSource(), () -> false, hurried);
            } catch (
                    TokenStoreException
                            e) { // On a slow machine so little time is too short for the look at the schema.
                if (tries == 100) {
                    throw e;
                }
            }
        }
    }

    private static Object answer(DriverFaults.Call call, Fate fate) throws Throwable {
        if (fate == Fate.REQUEST_LOST) {
            throw new SQLException("connection reset", CONNECTION_FAILURE);
        }
        Object reply = call.proceed();
        if (fate == Fate.REPLY_LOST) {
            throw new SQLException("connection reset", CONNECTION_FAILURE);
        }
        return reply;
    }
}
