package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Lists a user's tokens, for the user and for administrators.
 *
 * <p>Safe to call from many threads. Every attempt is one line in the log.
 */
public final class TokenQueryService implements NotSerializable {

    private final Object unwritable = UNWRITABLE;
    private final TokenStore store;
    private final Clock clock;
    private final @Nullable RecentUses uses;
    private final Gate gate;
    private final Journal journal;

    TokenQueryService(TokenStore store, TokenServices.Settings settings) {
        this.store = store;
        this.clock = settings.clock();
        this.uses = settings.uses();
        this.gate = settings.gate();
        this.journal = new Journal(settings.events(), LoggerFactory.getLogger(TokenQueryService.class));
    }

    /**
     * Lists a page of a user's tokens, in whatever state they are, in the order of their ids.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if the
     * username or the page breaks a rule, with an issue for each violation; else {@link Status#FORBIDDEN} if the caller's
     * token or the policy does not permit it; else {@link Status#OK}, also for a user who has no token or does not exist.
     * {@link Status#INTERNAL_SERVER_ERROR} if the policy, the clock or the store throws.
     *
     * @param caller who asks
     * @param username the user whose tokens they are, as the client sent it
     * @param page which page
     * @return the answer
     * @throws NullPointerException if {@code caller} or {@code page} is null
     */
    public Result<TokenListing> list(Caller caller, @Nullable String username, PageRequest page) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(page, "page");
        Result<TokenListing> result = gate.admit(
                caller,
                Action.LIST,
                username,
                page::violations,
                false,
                secret -> Result.ok(new TokenListing(List.of(), null)),
                owner -> list(owner, page));
        return journal.record(
                caller,
                Action.LIST,
                result,
                // A secret that was pasted for the username is a user who has no tokens.
                () -> caller + " lists tokens of user "
                        + LogText.of(
                                username,
                                result.status() == Status.OK
                                        && !result.value().tokens().isEmpty()),
                watched -> {});
    }

    private Result<TokenListing> list(Owner owner, PageRequest page) {
        TokenId after = page.after() == null ? null : new TokenId(page.after());
        TokenPage found = store.list(owner, after, page.limit());
        Map<TokenId, Instant> lastUses = uses == null
                ? Map.of()
                : uses.lastUses(found.tokens().stream().map(Token::id).toList(), store);
        Instant now = clock.instant();
        return Result.ok(new TokenListing(
                found.tokens().stream()
                        .map(token -> TokenSummary.of(token, now, lastUses.get(token.id())))
                        .toList(),
                found.resumeAfter() == null ? null : found.resumeAfter().value()));
    }
}
