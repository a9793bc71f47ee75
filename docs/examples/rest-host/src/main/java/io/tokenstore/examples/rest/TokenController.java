package io.tokenstore.examples.rest;

import io.tokenstore.Caller;
import io.tokenstore.IssuedToken;
import io.tokenstore.PageRequest;
import io.tokenstore.Result;
import io.tokenstore.Revocation;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenQueryService;
import io.tokenstore.TokenRequest;
import io.tokenstore.TokenRevocationService;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The operations of {@code openapi.yaml}; whatever is not OK is thrown, and becomes a response in {@link ErrorResponses}. */
@RestController
class TokenController {

    private final TokenIssuanceService issuance;
    private final TokenQueryService query;
    private final TokenRevocationService revocation;

    TokenController(TokenIssuanceService issuance, TokenQueryService query, TokenRevocationService revocation) {
        this.issuance = issuance;
        this.query = query;
        this.revocation = revocation;
    }

    // tag::revoke[]
    /** Whatever else the host writes here, such as a message to the owner, is kept or lost together with the revocation. */
    @DeleteMapping("/v1/users/{username}/tokens/{token_id}")
    @Transactional
    Object revoke(Caller caller, @PathVariable String username, @PathVariable("token_id") String tokenId) {
        Result<Revocation> result = revocation.revoke(caller, username, tokenId);
        result.orElseThrow();
        return result.body();
    }
    // end::revoke[]

    /** What the client is told of a token that was issued: the secret here and never again. */
    record NewToken(
            String id,
            String name,
            Instant createdAt,
            @Nullable Instant expiresAt,
            String secret) {}

    @PostMapping("/v1/users/{username}/tokens")
    @ResponseStatus(HttpStatus.CREATED)
    NewToken issue(Caller caller, @PathVariable String username, @RequestBody TokenRequest request) {
        IssuedToken issued = issuance.issue(caller, username, request).orElseThrow();
        return new NewToken(
                issued.id().value(), issued.name(), issued.createdAt(), issued.expiresAt(), issued.secret());
    }

    @GetMapping("/v1/users/{username}/tokens")
    TokenPage list(
            Caller caller,
            @PathVariable String username,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "100") int limit) {
        return query.list(caller, username, new PageRequest(after, limit)).orElseThrow();
    }
}
