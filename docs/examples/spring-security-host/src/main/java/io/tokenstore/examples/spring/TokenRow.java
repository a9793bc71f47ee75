package io.tokenstore.examples.spring;

import io.tokenstore.TokenState;
import io.tokenstore.service.TokenSummary;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A token as the pages show it. */
record TokenRow(
        String id,
        String owner,
        String name,
        String scopes,
        String state,
        String lastUsed,
        String expires,
        boolean ended,
        boolean renewable) {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    static TokenRow of(TokenSummary token) {
        boolean ended = token.state() == TokenState.REVOKED || token.state() == TokenState.EXPIRED;
        return new TokenRow(
                token.id(),
                token.owner(),
                token.name(),
                String.join(" ", token.scopes()),
                token.state().name().toLowerCase(Locale.ROOT),
                text(token.lastUsedAt()),
                text(token.expiresAt()),
                ended,
                token.state() == TokenState.ACTIVE && token.renewableUntil() != null);
    }

    private static String text(@Nullable Instant instant) {
        return instant == null ? "never" : MINUTE.format(instant);
    }
}
