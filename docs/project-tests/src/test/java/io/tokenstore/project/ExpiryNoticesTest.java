package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.TokenSummary;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExpiryNoticesTest {

    private static final int TOKENS = 5_000;
    private static final int KILLS = 200;
    private static final Instant BEGIN = Instant.parse("2026-06-15T00:00:00Z");
    private static final Duration LEAD = Duration.ofDays(7);
    private static final int MINUTES = 20 * 24 * 60;

    private final Random random = new Random(1);
    private final TokenStore store = new InMemoryTokenStore();

    /** What is left when the job is killed. */
    private Instant now = BEGIN;

    private Instant mark = BEGIN;
    private final Map<UUID, String> delivered = new HashMap<>();
    private int droppedByTheMailServer;

    /** How many things the job does until it is killed. */
    private int left = Integer.MAX_VALUE;

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private void mayBeKilled() {
        if (--left <= 0) {
            throw new Killed();
        }
    }

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            mayBeKilled();
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };

    private final ExpiryNotices job = new ExpiryNotices(
            TokenServices.builder(store).clock(clock).build(),
            Caller.admin("expiry notices"),
            LEAD,
            new ExpiryNotices.Mark() {
                @Override
                public Instant read() {
                    return mark;
                }

                @Override
                public void write(Instant until) {
                    mayBeKilled();
                    mark = until;
                    mayBeKilled();
                }
            },
            this::deliver,
            clock);

    private void deliver(UUID id, TokenSummary token) {
        mayBeKilled();
        if (delivered.putIfAbsent(id, token.owner()) != null) {
            droppedByTheMailServer++;
        }
        mayBeKilled();
    }

    @Test
    void every_owner_is_told_once_however_often_the_job_is_killed() {
        Deque<Token> toCome = new ArrayDeque<>(IntStream.range(0, TOKENS)
                .mapToObj(this::token)
                .sorted(Comparator.comparing(Token::createdAt))
                .toList());
        int kills = 0;
        while (kills < KILLS || !toCome.isEmpty() || mark.isBefore(BEGIN.plus(Duration.ofMinutes(2L * MINUTES)))) {
            boolean wasKilled = left <= 0;
            now = now.plus(Duration.ofMinutes(random.nextInt(1, wasKilled ? 10 : 180)));
            // Each is kept up to some minutes after its createdAt, and so behind a walk that is under way.
            while (!toCome.isEmpty() && toCome.peek().createdAt().isBefore(now.minusSeconds(random.nextInt(1, 240)))) {
                store.add(toCome.poll());
            }
            left = kills < KILLS ? random.nextInt(1, 150) : Integer.MAX_VALUE;
            try {
                job.run();
            } catch (Killed e) {
                kills++;
            }
        }
        Set<String> owners = new HashSet<>(delivered.values());
        assertThat(owners.size()).isEqualTo(TOKENS);
        assertThat(delivered.size()).isEqualTo(TOKENS);
        assertThat(droppedByTheMailServer).as("sent again after a kill").isPositive();
    }

    /** One that lives for 2 to 20 days, and so is due when it is issued, or later. */
    private Token token(int i) {
        Instant createdAt = BEGIN.plus(Duration.ofMinutes(random.nextInt(1, MINUTES)));
        return Token.builder(new TokenId("t" + i), new Owner("user" + i), "laptop", createdAt)
                .expiresAt(createdAt.plus(Duration.ofMinutes(random.nextInt(2 * 24 * 60, MINUTES))))
                .build();
    }
}
