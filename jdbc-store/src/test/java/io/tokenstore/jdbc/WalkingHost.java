package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.TokenState;
import io.tokenstore.service.Caller;
import io.tokenstore.service.TokenQueryService;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.WalkBudget;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A host that counts and searches all tokens of a table, as often as it is told, and prints what it saw and how fast. */
final class WalkingHost {

    private static final Caller ADMIN = Caller.admin("ops");

    private WalkingHost() {}

    public static void main(String[] arguments) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setMaximumPoolSize(2);
        int rounds = Integer.parseInt(arguments[2]);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbcTokenStore store = JdbcTokenStore.create(
                    pool, () -> false, JdbcOptions.defaults().withTable(arguments[1]));
            TokenQueryService query = TokenServices.builder(store).build().query();
            TokenQueryService withUses =
                    TokenServices.builder(store).uses(store).build().query();
            for (int round = 0; round < rounds; round++) {
                print("counted", () -> count(query));
                print("searched", () -> search(query));
                print("searched with last uses", () -> search(withUses));
            }
        }
    }

    private static void print(String verb, LongSupplier walk) {
        long begin = System.nanoTime();
        long tokens = walk.getAsLong();
        long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        System.out.printf("%s %d, %d a second%n", verb, tokens, tokens * 1_000 / Math.max(1, millis));
    }

    private static long count(TokenQueryService query) {
        Map<TokenState, Long> counts = new EnumMap<>(TokenState.class);
        query.count(ADMIN, null, WalkBudget.unlimited(), (byState, soFar) -> counts.putAll(byState))
                .orElseThrow();
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long search(TokenQueryService query) {
        AtomicLong seen = new AtomicLong();
        query.search(
                        ADMIN,
                        token -> {
                            seen.incrementAndGet();
                            return false;
                        },
                        null,
                        WalkBudget.unlimited(),
                        (found, soFar) -> {})
                .orElseThrow();
        return seen.get();
    }
}
