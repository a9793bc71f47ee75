package io.tokenstore.examples.rest;

import io.tokenstore.service.Caller;
import io.tokenstore.service.CurrentToken;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.PageRequest;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenListing;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The operations of {@code openapi.yaml}. A result that is not OK is thrown, and {@link ErrorResponses} turns it into a
 * response.
 */
@RestController
class TokenController {

    private static final int MAX_BODY_LENGTH = 16 * 1024;
    private static final int MAX_BODY_SECONDS = 10;

    private final TokenServices tokens;
    private final JsonMapper json;

    TokenController(TokenServices tokens, JsonMapper json) {
        this.tokens = tokens;
        this.json = json;
    }

    // tag::revoke[]
    /** Anything else that the host writes here, such as a message to the owner, is kept or lost with the revocation. */
    @DeleteMapping("/v1/users/{username}/tokens/{token_id}")
    @Transactional
    Map<String, Object> revoke(Caller caller, @PathVariable String username, @PathVariable("token_id") String tokenId) {
        tokens.revocation().revoke(caller, username, tokenId).orElseThrow();
        return Map.of();
    }
    // end::revoke[]

    /** The token that a client asks for. Times are text here, because Jackson also reads numbers as times. */
    record WantedToken(
            @Nullable String name,
            @Nullable String ttl,
            @Nullable List<@Nullable String> scopes,
            @Nullable String renewableUntil) {

        TokenRequest request() {
            return TokenRequest.named(name)
                    .withTtl(ttl == null ? null : Duration.parse(ttl))
                    .withScopes(scopes)
                    .withRenewableUntil(renewableUntil == null ? null : Instant.parse(renewableUntil));
        }
    }

    /** The issued token, as the client gets it: with the secret, this once. */
    record NewToken(
            String id,
            String name,
            List<String> scopes,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant renewableUntil,
            String secret) {

        static ResponseEntity<NewToken> created(IssuedToken issued) {
            NewToken body = new NewToken(
                    issued.id().value(),
                    issued.name(),
                    issued.scopes().toList(),
                    issued.createdAt(),
                    issued.expiresAt(),
                    issued.renewableUntil(),
                    issued.secret());
            return ResponseEntity.status(HttpStatus.CREATED)
                    .cacheControl(CacheControl.noStore())
                    .body(body);
        }

        /** Spring logs what it writes if it is configured so. */
        @Override
        public String toString() {
            return "NewToken[" + id + ", masked]";
        }
    }

    @PostMapping(path = "/v1/users/{username}/tokens", consumes = MediaType.APPLICATION_JSON_VALUE)
    CompletableFuture<ResponseEntity<NewToken>> issue(
            Caller caller, @PathVariable String username, HttpServletRequest request) {
        return wanted(request)
                .thenApply(wanted -> NewToken.created(tokens.issuance()
                        .issue(caller, username, wanted.request())
                        .orElseThrow()));
    }

    /** Reads the body without a thread that waits for it, so that a slow client holds only its connection. */
    private CompletableFuture<WantedToken> wanted(HttpServletRequest servletRequest) {
        Request request = ServletContextRequest.getServletContextRequest(servletRequest);
        if (request.getLength() > MAX_BODY_LENGTH) {
            throw new ServerWebInputException("too long");
        }
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        Content.Source.asByteArrayAsync(request, MAX_BODY_LENGTH, Promise.Invocable.toPromise(whole));
        return whole.orTimeout(MAX_BODY_SECONDS, TimeUnit.SECONDS)
                .handleAsync(
                        (body, failure) -> {
                            WantedToken wanted = failure == null ? json.readValue(body, WantedToken.class) : null;
                            if (wanted == null) {
                                throw new ServerWebInputException("null, cut short, too long or too slow");
                            }
                            return wanted;
                        },
                        request.getComponents().getExecutor());
    }

    /** Safe to repeat if the answer was lost: the token stays valid until its successor is used. */
    @PostMapping("/v1/users/{username}/tokens/{token_id}/rotate")
    ResponseEntity<NewToken> rotate(
            Caller caller, @PathVariable String username, @PathVariable("token_id") String tokenId) {
        return NewToken.created(
                tokens.issuance().rotate(caller, username, tokenId, null).orElseThrow());
    }

    @GetMapping("/v1/users/{username}/tokens")
    TokenListing list(
            Caller caller,
            @PathVariable String username,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "100") int limit) {
        return tokens.query()
                .list(caller, username, new PageRequest(after, limit))
                .orElseThrow();
    }

    /** The token that a client sent, as the client gets it. */
    record SentToken(
            String id,
            String name,
            List<String> scopes,
            @Nullable Instant expiresAt) {}

    @GetMapping("/v1/tokens/current")
    SentToken current(Caller caller) {
        CurrentToken token = caller.token();
        if (token == null) { // Who logged in sent no token.
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return new SentToken(token.id().value(), token.name(), token.scopes().toList(), token.expiresAt());
    }

    @DeleteMapping("/v1/tokens/current")
    @Transactional
    Map<String, Object> revokeCurrent(Caller caller) {
        tokens.revocation().revokeCurrent(caller, RevocationRequest.plain()).orElseThrow();
        return Map.of();
    }
}
