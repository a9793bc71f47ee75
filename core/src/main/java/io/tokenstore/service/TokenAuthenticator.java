package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.service.TokenEvents.AuthenticationFailed.Reason;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Authenticates requests that carry a bearer token (RFC 6750).
 *
 * <p>Safe to call from many threads. A string that can't be one of the host's tokens costs no look-up. Any other costs one, by
 * id, unless {@link TokenServicesBuilder#maxStaleness maxStaleness} allows a remembered one. The first use of a successor also
 * costs two writes.
 */
public final class TokenAuthenticator implements NotSerializable {

    private static final int MAX_HEADER = TokenForms.MAX_LENGTH;
    private static final String SCHEME = "Bearer ";

    private final Object unwritable = UNWRITABLE;
    private final TokenStore store;
    private final List<TokenPrefix> prefixes;
    private final TokenForms forms;
    private final Function<Owner, Role> roles;
    private final Clock clock;
    private final @Nullable RecentLooks recent;
    private final @Nullable RecentUses uses;
    private final Journal journal;

    TokenAuthenticator(TokenStore store, TokenServices.Settings settings, Function<Owner, Role> roles) {
        this.store = store;
        this.prefixes = settings.prefixes();
        this.forms = settings.forms();
        this.roles = roles;
        this.clock = settings.clock();
        this.recent = settings.recent();
        this.uses = settings.uses();
        this.journal = new Journal(settings.events(), LoggerFactory.getLogger(TokenAuthenticator.class));
    }

    /**
     * Returns the caller whom a request's {@code Authorization} header authenticates.
     *
     * <p>The caller is the token's owner if all of this is true. The token has one of the host's prefixes, or one of the host's
     * {@linkplain TokenFormat formats} parses it. The store keeps the token, and its secret is presented. The token is
     * {@linkplain TokenState#ACTIVE active}, or becomes so because this is its first use as a successor. The owner's role is
     * not {@link Role#NONE}.
     *
     * <p>Otherwise the caller is {@link Caller#anonymous()}, also without a header, with another scheme, or with a header of
     * more than 1,024 characters. The scheme's case does not matter. {@link TokenEvents#authenticationFailed} says why.
     *
     * @param authorizationHeader the header's value; null if there is none
     * @return the owner, as an administrator if that is their role and the token permits it, or the anonymous caller
     * @throws TokenStoreException if the store failed; a failure never yields a caller, not even the anonymous one
     * @throws IllegalStateException within the host's transaction, whose snapshot may be older than a revocation
     * @throws RuntimeException if the roles or a format throw, or return null
     */
    public Caller authenticate(@Nullable String authorizationHeader) {
        if (authorizationHeader == null || !authorizationHeader.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return refuse(Reason.NO_TOKEN, null, null);
        }
        if (authorizationHeader.length() > MAX_HEADER) {
            return refuse(Reason.MALFORMED, null, null);
        }
        int begin = SCHEME.length();
        while (begin < authorizationHeader.length() && authorizationHeader.charAt(begin) == ' ') {
            begin++;
        }
        return authenticate(authorizationHeader, begin);
    }

    /**
     * Returns the caller whom a token authenticates, as {@link #authenticate} does for a header.
     *
     * @param token the token alone; null if there is none
     * @return the owner, or the anonymous caller
     * @throws TokenStoreException if the store failed
     * @throws IllegalStateException within the host's transaction
     * @throws RuntimeException if the roles or a format throw, or return null
     */
    public Caller authenticateToken(@Nullable String token) {
        return token == null ? refuse(Reason.NO_TOKEN, null, null) : authenticate(token, 0);
    }

    /**
     * Returns whether the host's own token, such as a JWT that the host has verified, is still valid.
     *
     * <p>It is valid if the store keeps an {@linkplain TokenState#ACTIVE active} token with this id, and the owner's role is
     * not {@link Role#NONE}. An id is not a secret, so it proves nothing about who presents it.
     * {@link TokenEvents#authenticationFailed} says why a token is not valid.
     *
     * @param tokenId the token's id; null, or a string that is not a valid id, gives false
     * @return true if it is valid
     * @throws TokenStoreException if the store failed
     * @throws IllegalStateException within the host's transaction
     * @throws RuntimeException if the roles throw, or return null
     */
    public boolean isLive(@Nullable String tokenId) {
        TokenId id = TokenId.of(tokenId).orElse(null);
        if (id == null) {
            refuse(tokenId == null ? Reason.NO_TOKEN : Reason.MALFORMED, null, null);
            return false;
        }
        Instant now = beginningUnlessItMustLook();
        Token kept = now == null ? null : recent.find(id, now);
        if (kept == null) {
            kept = look(id, null, now);
            now = null; // The look-up took a while.
        }
        return kept != null && roleOf(kept, TokenState.ACTIVE, now) != Role.NONE;
    }

    /** Authenticates by the token that begins at an index. */
    private Caller authenticate(String source, int begin) {
        PresentedToken presented = forms.parseUnchecked(source, begin).orElse(null);
        if (presented == null || presented.isOurs() && !presented.hasOneOf(prefixes)) {
            return refuse(Reason.MALFORMED, null, null);
        }
        Instant now = beginningUnlessItMustLook();
        Token kept = now == null ? null : recent.find(presented, now);
        if (kept == null) {
            // A remembered look has already confirmed this exact string, so only a look-up needs this check.
            if (!presented.endsInItsChecksum()) {
                return refuse(Reason.MALFORMED, null, null);
            }
            kept = look(presented.id(), presented, now);
            if (kept == null) {
                return Caller.anonymous();
            }
            if (!presented.proves(kept)) {
                return refuse(Reason.WRONG_SECRET, kept.id(), kept.owner());
            }
            now = null; // The look-up took a while.
        }
        boolean pending = kept.predecessor() != null;
        Role role = roleOf(kept, pending ? TokenState.PENDING : TokenState.ACTIVE, now);
        if (role == Role.NONE) {
            return Caller.anonymous();
        }
        Caller caller = Caller.by(kept, role == Role.ADMIN);
        return pending && !begins(kept, caller) ? Caller.anonymous() : caller;
    }

    private @Nullable Instant beginningUnlessItMustLook() {
        return recent == null || store.inHostTransaction() ? null : clock.instant();
    }

    private @Nullable Token look(TokenId id, @Nullable PresentedToken presented, @Nullable Instant now) {
        if (store.inHostTransaction()) {
            throw new IllegalStateException(
                    "authenticate before the host's transaction begins: the transaction may see an old state");
        }
        Token kept = (now == null ? store.find(id) : recent.look(store, id, presented, now)).orElse(null);
        if (kept == null) {
            refuse(Reason.UNKNOWN, id, null);
        }
        return kept;
    }

    /** Returns the role of a token's owner; {@link Role#NONE} if the token is not in the needed state. */
    private Role roleOf(Token kept, TokenState needed, @Nullable Instant known) {
        // Reading the clock takes as long as all the rest, so a token that does not expire goes without.
        Instant now = known == null && kept.expiresAt() != null ? clock.instant() : known;
        TokenState state = kept.stateAt(now == null ? Instant.EPOCH : now);
        Role role = state == needed
                ? Objects.requireNonNull(roles.apply(kept.owner()), "the roles returned null for an owner")
                : Role.NONE;
        if (role == Role.NONE) {
            TokenId successor = Succession.successorOf(kept).orElse(null);
            Reason reason = switch (state) {
                case ACTIVE -> Reason.SUSPENDED_OWNER;
                case EXPIRED -> Reason.EXPIRED;
                case REVOKED -> successor == null ? Reason.REVOKED : Reason.ROTATED;
                case PENDING -> needed == state ? Reason.SUSPENDED_OWNER : Reason.PENDING;
                case UNREADABLE -> Reason.UNKNOWN_READER_VERSION;
            };
            journal.authenticationFailed(reason, kept.id(), kept.owner(), successor);
        } else if (uses != null && state == TokenState.ACTIVE) {
            uses.add(kept.id(), now);
        }
        return role;
    }

    /** Replaces a predecessor at its successor's first use; returns whether the successor is valid now. */
    private boolean begins(Token successor, Caller caller) {
        TokenId predecessor = Objects.requireNonNull(successor.predecessor());
        Revocation firstUse = Succession.firstUseOf(successor, clock.instant());
        if (!store.revoke(successor.owner(), predecessor, firstUse)) {
            refuse(Reason.PENDING, successor.id(), successor.owner());
            return false;
        }
        // The predecessor has ended, even if the successor is not activated.
        journal.began(caller, successor, predecessor, firstUse);
        boolean valid = store.activate(successor.owner(), successor.id());
        if (!valid) {
            refuse(Reason.REVOKED, successor.id(), successor.owner());
        } else if (uses != null) {
            uses.add(successor.id(), firstUse.at());
        }
        return valid;
    }

    private Caller refuse(Reason reason, @Nullable TokenId id, @Nullable Owner owner) {
        journal.authenticationFailed(reason, id, owner, null);
        return Caller.anonymous();
    }
}
