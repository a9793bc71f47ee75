package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.TokenServices;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

/** With Spring's scheduler and mail, against a mail server. */
class ExpiryNoticesTest {

    private static final int TOKENS = 5_000;
    private static final int KILLS = 200;
    private static final Instant BEGIN = Instant.parse("2026-06-15T00:00:00Z");
    private static final int MINUTES = 20 * 24 * 60;

    private final Random random = new Random(1);
    private final TokenStore store = new InMemoryTokenStore();
    private final GreenMail mailServer =
            new GreenMail(ServerSetup.SMTP.dynamicPort().setVerbose(false));

    /** What is left when the job is killed. */
    private Instant now = BEGIN;

    private Instant mark = BEGIN;

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

    /** Killed before the server has a message, or once it has all of them. */
    private final JavaMailSenderImpl mail = new JavaMailSenderImpl() {
        @Override
        public MimeMessage createMimeMessage() {
            return new MimeMessage(getSession()) {
                @Override
                public void saveChanges() throws MessagingException {
                    mayBeKilled();
                    super.saveChanges();
                }
            };
        }

        @Override
        protected void doSend(MimeMessage[] messages, Object[] originals) {
            super.doSend(messages, originals);
            mayBeKilled();
        }
    };

    private final ExpiryNotices job = new ExpiryNotices(
            TokenServices.builder(store).clock(clock).build(),
            mail,
            ExpiryNoticesTest::addressOf,
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
            clock);

    @BeforeEach
    void startTheMailServer() {
        mailServer.start();
        mail.setHost("127.0.0.1");
        mail.setPort(mailServer.getSmtp().getPort());
        // Else the two ends wait for each other, 40 ms with each message.
        mail.getJavaMailProperties().put("mail.smtp.socketFactory", new PromptSockets());
        mail.getJavaMailProperties().put("mail.smtp.ehlo", "false");
        mail.getJavaMailProperties().put("mail.smtp.quitwait", "false");
    }

    private static final class PromptSockets extends SocketFactory {

        @Override
        public Socket createSocket() throws IOException {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int localPort) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int localPort) throws IOException {
            throw new UnsupportedOperationException();
        }
    }

    @AfterEach
    void stopTheMailServer() {
        mailServer.stop();
    }

    @Test
    void every_owner_is_told_under_one_id_however_often_the_job_is_killed() throws MessagingException {
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
            left = kills < KILLS ? random.nextInt(1, 60) : Integer.MAX_VALUE;
            try {
                job.run();
            } catch (Killed e) {
                kills++;
            }
        }
        MimeMessage[] received = mailServer.getReceivedMessages();
        Map<String, String> delivered = new HashMap<>();
        for (MimeMessage message : received) {
            delivered.put(message.getMessageID(), message.getAllRecipients()[0].toString());
        }
        assertThat(delivered.size()).as("by their ids").isEqualTo(TOKENS);
        assertThat(new HashSet<>(delivered.values()).size()).isEqualTo(TOKENS);
        assertThat(received.length).as("with those sent again after a kill").isGreaterThan(TOKENS);
    }

    @Test
    void springs_scheduler_runs_the_job_and_springs_mail_keeps_the_id_of_the_notice() throws MessagingException {
        now = BEGIN.plus(Duration.ofHours(1));
        Instant expiresAt = BEGIN.plus(Duration.ofDays(1));
        store.add(expiring("t1", "alice", expiresAt));
        AnnotationConfigApplicationContext spring = new AnnotationConfigApplicationContext();
        spring.registerBean(ScheduledAnnotationBeanPostProcessor.class);
        spring.registerBean(ExpiryNotices.class, () -> job);
        try (spring) {
            spring.refresh();
            assertThat(mailServer.waitForIncomingEmail(30_000, 1)).isTrue();
        }
        assertThat(mailServer.getReceivedMessages()).hasSize(1);
        MimeMessage message = mailServer.getReceivedMessages()[0];
        UUID id = UUID.nameUUIDFromBytes(("t1 " + expiresAt + " PT168H").getBytes(StandardCharsets.UTF_8));
        assertThat(message.getMessageID()).isEqualTo("<" + id + "@tokens.example.com>");
        assertThat(message.getAllRecipients()).extracting(Object::toString).containsExactly("alice@example.com");
    }

    @Test
    void a_mail_server_that_is_away_leaves_the_mark_so_that_the_next_run_tells() {
        now = BEGIN.plus(Duration.ofHours(1));
        store.add(expiring("t1", "alice", BEGIN.plus(Duration.ofDays(1))));
        mailServer.stop();
        assertThatThrownBy(job::run).hasRootCauseInstanceOf(IOException.class);
        assertThat(mark).isEqualTo(BEGIN);
        mailServer.start();
        mail.setPort(mailServer.getSmtp().getPort());
        job.run();
        assertThat(mailServer.getReceivedMessages()).hasSize(1);
        assertThat(mark).isAfter(BEGIN);
    }

    @Test
    void an_owner_without_a_valid_address_keeps_nobody_from_their_notice() throws MessagingException {
        now = BEGIN.plus(Duration.ofHours(1));
        int i = 0;
        for (String owner : List.of("deleted", "malformed", "two", "alice")) {
            store.add(expiring("t" + i++, owner, BEGIN.plus(Duration.ofDays(1))));
        }
        job.run();
        assertThat(mailServer.getReceivedMessages()).hasSize(1);
        assertThat(mailServer.getReceivedMessages()[0].getAllRecipients())
                .extracting(Object::toString)
                .containsExactly("alice@example.com");
        assertThat(mark).isAfter(BEGIN);
    }

    @Test
    void a_successor_that_waits_for_its_first_use_is_told_of_too() {
        now = BEGIN.plus(Duration.ofHours(1));
        store.add(expiring("t1", "alice", BEGIN.plus(Duration.ofDays(1))).toBuilder()
                .predecessor(new TokenId("t0"))
                .build());
        job.run();
        assertThat(mailServer.getReceivedMessages()).hasSize(1);
    }

    @Test
    void a_mark_in_the_future_is_refused() {
        mark = BEGIN.plus(Duration.ofHours(2));
        now = BEGIN.plus(Duration.ofHours(1));
        assertThatIllegalStateException().isThrownBy(job::run);
        assertThat(mark).isEqualTo(BEGIN.plus(Duration.ofHours(2)));
    }

    private static String addressOf(String owner) {
        return switch (owner) {
            case "deleted" -> null;
            case "malformed" -> "not an address";
            case "two" -> "one@example.com, two@example.com";
            default -> owner + "@example.com";
        };
    }

    private static Token expiring(String id, String owner, Instant expiresAt) {
        return Token.builder(new TokenId(id), new Owner(owner), "laptop", BEGIN)
                .expiresAt(expiresAt)
                .build();
    }

    /** One that lives for 2 to 20 days, and so is due when it is issued, or later. */
    private Token token(int i) {
        Instant createdAt = BEGIN.plus(Duration.ofMinutes(random.nextInt(1, MINUTES)));
        return Token.builder(new TokenId("t" + i), new Owner("user" + i), "laptop", createdAt)
                .expiresAt(createdAt.plus(Duration.ofMinutes(random.nextInt(2 * 24 * 60, MINUTES))))
                .build();
    }
}
