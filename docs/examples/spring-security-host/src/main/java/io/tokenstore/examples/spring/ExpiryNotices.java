package io.tokenstore.examples.spring;

import io.tokenstore.TokenState;
import io.tokenstore.service.Caller;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.TokenSummary;
import io.tokenstore.service.WalkBudget;
import jakarta.mail.Message;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessagePreparator;
import org.springframework.scheduling.annotation.Scheduled;

// tag::notices[]
/** Mails owners before their tokens expire, and misses none even if this job is killed. */
class ExpiryNotices {

    private static final Duration LEAD = Duration.ofDays(7);
    /** Longer than the time from a token's {@code createdAt} until it is kept, and than clocks differ. */
    private static final Duration SLACK = Duration.ofMinutes(5);

    /** The time up to which notices were given: the host's row, written atomically. At first, deployment minus the lead. */
    interface Mark {
        Instant read();

        void write(Instant until);
    }

    private static final System.Logger LOG = System.getLogger("expiry notices");

    private final TokenServices tokens;
    private final JavaMailSender mail;
    private final UnaryOperator<String> addressOf;
    private final Mark mark;
    private final Clock clock;

    ExpiryNotices(TokenServices tokens, JavaMailSender mail, UnaryOperator<String> addressOf, Mark mark, Clock clock) {
        this.tokens = tokens;
        this.mail = mail;
        this.addressOf = addressOf;
        this.mark = mark;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.HOURS)
    void run() {
        Instant from = mark.read();
        Instant to = clock.instant().minus(SLACK);
        if (from.isAfter(clock.instant())) {
            throw new IllegalStateException("the mark is in the future: " + from);
        }
        tokens.query()
                .search(
                        Caller.admin("expiry notices"),
                        token -> isDue(token, from, to),
                        null,
                        WalkBudget.unlimited(),
                        (found, soFar) ->
                                mail.send(found.stream().flatMap(this::notice).toArray(MimeMessagePreparator[]::new)))
                .orElseThrow();
        mark.write(to); // Only now: a job that is killed before gives these notices again.
    }

    private static boolean isDue(TokenSummary token, Instant from, Instant to) {
        boolean lives = token.state() == TokenState.ACTIVE || token.state() == TokenState.PENDING;
        if (!lives || token.expiresAt() == null) {
            return false;
        }
        Instant due = token.expiresAt().minus(LEAD);
        if (due.isBefore(token.createdAt())) {
            due = token.createdAt(); // Its lifetime is shorter than the lead.
        }
        return !due.isBefore(from) && due.isBefore(to);
    }

    /** Returns nothing for an owner without a valid address, which would otherwise stop the notices of all others. */
    private Stream<MimeMessagePreparator> notice(TokenSummary token) {
        InternetAddress owner;
        try {
            owner = new InternetAddress(Objects.requireNonNullElse(addressOf.apply(token.owner()), ""), true);
        } catch (AddressException e) {
            LOG.log(Level.WARNING, "No notice for token " + token.id() + ": its owner has no valid address");
            return Stream.empty();
        }
        return Stream.of(message -> {
            message.setHeader("Message-ID", "<" + idOfNotice(token) + "@tokens.example.com>");
            message.setFrom("tokens@example.com");
            message.setRecipient(Message.RecipientType.TO, owner);
            message.setSubject("An access token of yours is about to expire");
            message.setText("Your token " + token.name() + " expires at " + token.expiresAt() + ".", "UTF-8");
        });
    }

    private static UUID idOfNotice(TokenSummary token) {
        String notice = token.id() + " " + token.expiresAt() + " " + LEAD;
        return UUID.nameUUIDFromBytes(notice.getBytes(StandardCharsets.UTF_8));
    }
}
// end::notices[]
