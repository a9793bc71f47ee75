package io.tokenstore.jdbc.migration;

import io.tokenstore.Owner;
import io.tokenstore.TokenId;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiPredicate;

// tag::exchange[]
/**
 * Issues one of our tokens in exchange for one whose hash is slow and salted.
 *
 * @param verifier what compares a presented token with a kept hash: {@code new BCryptPasswordEncoder()::matches}
 */
record SlowHashes(TokenServices tokens, Table table, BiPredicate<String, String> verifier) {

    /** The older scheme's table, with one more column: the token that was last issued in exchange for a row. */
    interface Table {
        Optional<Row> find(String publicId);

        void exchanged(String publicId, TokenId successor);
    }

    record Row(String owner, String hash, TokenId successor) {
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
        Caller owner = Caller.user(new Owner(row.owner()));
        TokenRequest request = TokenRequest.named("exchanged").withTtl(Duration.ofDays(90));
        IssuedToken issued =
                tokens.issuance().issue(owner, row.owner(), request).orElseThrow();
        table.exchanged(publicId, issued.id());
        if (row.successor() != null) {
            tokens.revocation().revoke(owner, row.owner(), row.successor().value(), RevocationRequest.plain());
        }
        return Optional.of(issued);
    }
}
// end::exchange[]
