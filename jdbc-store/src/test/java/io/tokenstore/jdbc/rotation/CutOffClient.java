package io.tokenstore.jdbc.rotation;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Owner;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.fixtures.rotation.CrashingStore;
import io.tokenstore.fixtures.rotation.LoggedRotations;
import io.tokenstore.fixtures.rotation.RotationLog;
import io.tokenstore.fixtures.rotation.Rotations;
import io.tokenstore.fixtures.rotation.TickingClock;
import io.tokenstore.jdbc.JdbcOptions;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.FaultProxy;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A client that repeats a rotation until it has an answer, and goes on with the old token until then. For each of its requests
 * the database's answers are cut once, at a random byte, so that the store repeats its call; now and then its node crashes, or
 * its answer is lost.
 */
final class CutOffClient implements AutoCloseable {

    /** Long enough on any machine: what fails is to fail by a cut, a crash or a loss. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** A few answers of the database, or the greeting of a new connection. */
    private static final int MOST_BYTES = 1_500;

    private static final int CRASHES = 5;
    private static final int LOST = 3;

    private final Clock clock = new TickingClock();
    private final RotationLog log = new RotationLog();
    private final SplittableRandom random;
    private final FaultProxy proxy;
    private final HikariDataSource pool;
    private final Rotations tokens;
    private int failures;
    private int lost;

    CutOffClient(DatabaseServer server, Rotations.Maker maker, long seed) {
        String name = "cut_off_" + UUID.randomUUID().toString().replace('-', '_');
        server.createDatabase(name);
        random = new SplittableRandom(seed);
        proxy = FaultProxy.before(server.port());
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.url(proxy.port(), name));
        config.setMaximumPoolSize(2);
        pool = new HikariDataSource(config);
        JdbcTokenStore.createSchema(pool);
        JdbcTokenStore store =
                JdbcTokenStore.create(pool, () -> false, JdbcOptions.defaults().withReadDeadline(DEADLINE));
        TokenStore crashing = new CrashingStore(store, random.split(), CRASHES);
        tokens = new LoggedRotations(maker.on(crashing, new ConcurrentHashMap<>(), clock), log, clock);
    }

    /** Rotates one token of an owner who has no other; returns whether the client has one that authenticates in the end. */
    boolean endsWithAToken(Owner owner) {
        TokenId token = answered(() -> Optional.of(tokens.issue(owner))).orElseThrow();
        Optional<TokenId> next = Optional.empty();
        while (next.isEmpty()) {
            next = answerUnlessLost(() -> tokens.rotate(owner, token, null));
            if (next.isEmpty() && !authenticates(token)) {
                return false;
            }
        }
        return authenticates(next.get()) && authenticates(next.get());
    }

    private boolean authenticates(TokenId token) {
        return answered(() -> tokens.present(token)).isPresent();
    }

    private interface Request<T> {
        Optional<T> answer();
    }

    private <T> Optional<T> answered(Request<T> request) {
        while (true) {
            cutAReplySoon();
            try {
                return request.answer();
            } catch (TokenStoreException e) {
                failures++;
            }
        }
    }

    private <T> Optional<T> answerUnlessLost(Request<T> request) {
        cutAReplySoon();
        try {
            Optional<T> answer = request.answer();
            if (random.nextInt(LOST) > 0) {
                return answer;
            }
            lost++;
        } catch (TokenStoreException e) {
            failures++;
        }
        return Optional.empty();
    }

    private void cutAReplySoon() {
        proxy.cutReplyAfter(random.nextInt(MOST_BYTES));
    }

    Set<String> violations() {
        return log.violations();
    }

    /** Answers that failed, or were lost between the host and this client. */
    int missingAnswers() {
        return failures + lost;
    }

    @Override
    public void close() {
        pool.close();
        proxy.close();
    }
}
