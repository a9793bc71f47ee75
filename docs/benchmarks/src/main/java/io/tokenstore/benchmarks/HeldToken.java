package io.tokenstore.benchmarks;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.TokenIssuanceService;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A token as it was issued, and what its holder presents. */
record HeldToken(Token token, String secret) {

    private static final TokenRequest LAPTOP = TokenRequest.named("laptop").withTtl(Duration.ofDays(30));

    /** Issues tokens and keeps only the last one. */
    static final class Issuer implements TokenStore {

        private final TokenIssuanceService service =
                TokenServices.builder(this).build().issuance();
        private @Nullable Token last;

        HeldToken issue(String owner) {
            IssuedToken issued =
                    service.issue(Caller.user(new Owner(owner)), owner, LAPTOP).orElseThrow();
            return new HeldToken(Objects.requireNonNull(last), issued.secret());
        }

        @Override
        public void add(Token token) {
            last = token;
        }

        @Override
        public Optional<Token> find(TokenId id) {
            return Optional.ofNullable(last);
        }

        @Override
        public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TokenPage scan(@Nullable TokenId after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int revokeAll(Owner owner, Revocation revocation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean activate(Owner owner, TokenId id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined) {
            throw new UnsupportedOperationException();
        }
    }

    /** Returns a username of 20 characters. */
    static String user(int number) {
        return String.format("user_%015d", number);
    }

    String id() {
        return token.id().value();
    }

    String owner() {
        return token.owner().value();
    }

    byte[] hash() {
        return Objects.requireNonNull(token.hash()).toBytes();
    }
}
