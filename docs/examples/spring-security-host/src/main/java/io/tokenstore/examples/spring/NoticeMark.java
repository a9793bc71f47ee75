package io.tokenstore.examples.spring;

import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keeps the time up to which notices were given, in the host's table. */
record NoticeMark(JdbcClient database) implements ExpiryNotices.Mark {

    @Override
    public Instant read() {
        return database.sql("SELECT given_until FROM notice_mark")
                .query(String.class)
                .optional()
                .map(Instant::parse)
                .orElseGet(this::first);
    }

    private Instant first() {
        Instant deployed = Instant.now().minus(Duration.ofDays(7)); // Minus the notices' lead.
        database.sql("INSERT INTO notice_mark (id, given_until) VALUES (1, ?)")
                .param(deployed.toString())
                .update();
        return deployed;
    }

    @Override
    public void write(Instant until) {
        database.sql("UPDATE notice_mark SET given_until = ?")
                .param(until.toString())
                .update();
    }
}
