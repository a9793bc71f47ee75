package io.tokenstore.jdbc.migration;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.TokenId;
import io.tokenstore.TokenUses;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.Result;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;

// tag::exchange[]
/**
 * Issues one of our tokens in exchange for one whose hash is slow and salted.
 *
 * @param uses where the services record the last use of each token
 * @param verifier what compares a presented token with a kept hash: {@code new BCryptPasswordEncoder()::matches}
 */
record SlowHashes(TokenServices tokens, TokenUses uses, Table table, BiPredicate<String, String> verifier) {

    private static final Caller EXCHANGE = Caller.admin("exchange");
    private static final Duration SHORTEST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofDays(90);

    /** The older scheme's table, with one more column: the token that was last issued in exchange for a row. */
    interface Table {
        Optional<Row> find(String publicId);

        /** Sets the successor by one conditional update, and returns false if it was not the expected one, or null. */
        boolean exchanged(String publicId, TokenId expectedSuccessor, TokenId newSuccessor);
    }

    /**
     * @param scopes what the older token may do, in scopes that the services know
     * @param expiresAt null if it does not expire
     */
    record Row(String owner, String hash, List<String> scopes, Instant expiresAt, TokenId successor) {
        @Override
        public String toString() {
            return "Row[masked]";
        }
    }

    /** Returns the new token, or empty. A client that lost the answer asks again: of all answers the last one counts. */
    Optional<IssuedToken> exchange(String presented) {
        String publicId = presented.substring(0, Math.max(presented.indexOf('.'), 0));
        Row row = publicId.matches("[0-9a-z]{8}") ? table.find(publicId).orElse(null) : null;
        if (row == null || !verifier.test(presented, row.hash())) {
            return Optional.empty();
        }
        Duration ttl = LONGEST;
        if (row.expiresAt() != null) { // A minute less: this call takes a while.
            Duration left = Duration.between(Instant.now(), row.expiresAt()).minusMinutes(1);
            ttl = left.compareTo(LONGEST) < 0 ? left : LONGEST;
        }
        if (ttl.compareTo(SHORTEST) < 0 || !ended(row)) {
            return Optional.empty();
        }
        Caller owner = Caller.user(new Owner(row.owner()));
        TokenRequest request = TokenRequest.named("exchanged").withTtl(ttl).withScopes(row.scopes());
        IssuedToken issued =
                tokens.issuance().issue(owner, row.owner(), request).orElseThrow();
        if (!table.exchanged(publicId, row.successor(), issued.id())) { // Another exchange was first.
            tokens.revocation()
                    .revoke(EXCHANGE, row.owner(), issued.id().value(), RevocationRequest.plain())
                    .orElseThrow();
            return Optional.empty();
        }
        return Optional.of(issued);
    }

    /** Ends the last successor; false if it was used, or if anything but an exchange ended it, so the older token is no good. */
    private boolean ended(Row row) {
        TokenId last = row.successor();
        if (last == null) {
            return true;
        }
        if (uses.lastUses(List.of(last)).containsKey(last)) {
            return false;
        }
        // With the same id it is OK again, so that an exchange that was killed in between can be repeated.
        UUID id = UUID.nameUUIDFromBytes(last.value().getBytes(StandardCharsets.UTF_8));
        Result<Revocation> result = tokens.revocation()
                .revoke(
                        EXCHANGE,
                        row.owner(),
                        last.value(),
                        RevocationRequest.plain().withId(id));
        if (result.status() == Status.NOT_FOUND) {
            return false;
        }
        result.orElseThrow();
        return true;
    }
}
// end::exchange[]
