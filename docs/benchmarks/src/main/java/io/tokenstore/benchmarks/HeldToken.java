package io.tokenstore.benchmarks;

import io.tokenstore.Caller;
import io.tokenstore.IssuedToken;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenRequest;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A token as it was issued, and what its holder presents. */
record HeldToken(Token token, String secret) {

    private static final TokenRequest LAPTOP = new TokenRequest("laptop", null);

    /** Issues tokens and keeps none. */
    static final class Issuer implements TokenStore {

        private final TokenIssuanceService service = new TokenIssuanceService(this);
        private @Nullable Token last;

        HeldToken issue(String owner) {
            IssuedToken issued = service.issue(Caller.user(new Username(owner)), owner, LAPTOP)
                    .orElseThrow();
            return new HeldToken(Objects.requireNonNull(last), issued.secret());
        }

        @Override
        public void add(Token token) {
            last = token;
        }

        @Override
        public Optional<Token> find(TokenId id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Token> list(Username owner, @Nullable TokenId after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean revoke(Username owner, TokenId id, Revocation how) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int revokeAll(Username owner, Revocation how) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int examine) {
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
