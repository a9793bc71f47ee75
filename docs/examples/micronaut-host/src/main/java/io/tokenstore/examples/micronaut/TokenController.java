package io.tokenstore.examples.micronaut;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.RequestAttribute;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.transaction.annotation.Transactional;
import io.tokenstore.service.Caller;
import io.tokenstore.service.PageRequest;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenListing;
import io.tokenstore.service.TokenServices;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operations on tokens; whatever is not OK is thrown, and becomes a response in {@link ErrorResponses}. */
@Controller("/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
class TokenController {

    private final TokenServices tokens;

    TokenController(TokenServices tokens) {
        this.tokens = tokens;
    }

    // tag::revoke[]
    /** Whatever else the host writes here, such as a message to the owner, is kept or lost together with the revocation. */
    @Delete("/users/{username}/tokens/{tokenId}")
    @Transactional
    Map<String, Object> revoke(
            @RequestAttribute Caller caller, @PathVariable String username, @PathVariable String tokenId) {
        tokens.revocation().revoke(caller, username, tokenId).orElseThrow();
        return Map.of();
    }
    // end::revoke[]

    /** Without a transaction of the host's, so that the store commits. */
    @Delete("/tokens/current")
    Map<String, Object> revokeCurrent(@RequestAttribute Caller caller) {
        tokens.revocation().revokeCurrent(caller, RevocationRequest.plain()).orElseThrow();
        return Map.of();
    }

    @Get("/users/{username}/tokens")
    TokenListing list(
            @RequestAttribute Caller caller, @PathVariable String username, @QueryValue @Nullable String after) {
        return tokens.query()
                .list(caller, username, new PageRequest(after, 100))
                .orElseThrow();
    }
}
