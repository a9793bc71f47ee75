package io.tokenstore.benchmarks;

import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Spring's table of one-time tokens. */
final class OneTimeTokens extends Supply<String> {

    private static final String SCHEMA = "org/springframework/security/core/ott/jdbc/one-time-tokens-schema.sql";
    private static final int BATCH = 1_000;

    private final JdbcTemplate template;
    private final int rows;
    private final boolean isPostgres;

    OneTimeTokens(Site site) throws Exception {
        this.template = new JdbcTemplate(site.pool());
        this.rows = site.rows();
        this.isPostgres = site.isPostgres();
        String schema = new ClassPathResource(SCHEMA).getContentAsString(StandardCharsets.UTF_8);
        template.execute(isPostgres ? schema.replace("varchar_ignorecase", "varchar") : schema);
    }

    JdbcTemplate template() {
        return template;
    }

    @Override
    List<String> load() {
        template.execute("TRUNCATE TABLE one_time_tokens");
        List<String> values = new ArrayList<>(
                Stream.generate(() -> UUID.randomUUID().toString()).limit(rows).toList());
        Timestamp expiresAt = Timestamp.from(Instant.now().plus(Duration.ofDays(1)));
        template.batchUpdate("INSERT INTO one_time_tokens VALUES (?, ?, ?)", values, BATCH, (statement, value) -> {
            statement.setString(1, value);
            statement.setString(2, HeldToken.user(0));
            statement.setTimestamp(3, expiresAt);
        });
        template.execute(isPostgres ? "VACUUM ANALYZE one_time_tokens" : "ANALYZE");
        return values;
    }
}
