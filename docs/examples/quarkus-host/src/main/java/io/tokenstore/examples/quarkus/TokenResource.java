package io.tokenstore.examples.quarkus;

import io.tokenstore.service.PageRequest;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenListing;
import io.tokenstore.service.TokenServices;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operations on tokens; whatever is not OK is thrown, and becomes a response in {@link ErrorResponses}. */
@Path("/v1")
@Authenticated
class TokenResource {

    private final TokenServices tokens;
    private final Authentication.Current current;

    TokenResource(TokenServices tokens, Authentication.Current current) {
        this.tokens = tokens;
        this.current = current;
    }

    // tag::revoke[]
    /** Whatever else the host writes here, such as a message to the owner, is kept or lost together with the revocation. */
    @DELETE
    @Path("/users/{username}/tokens/{token_id}")
    @Transactional
    public Map<String, Object> revoke(@PathParam("username") String username, @PathParam("token_id") String tokenId) {
        tokens.revocation().revoke(current.caller(), username, tokenId).orElseThrow();
        return Map.of();
    }
    // end::revoke[]

    /** Without a transaction of the host's, so that the store commits. */
    @DELETE
    @Path("/tokens/current")
    public Map<String, Object> revokeCurrent() {
        tokens.revocation()
                .revokeCurrent(current.caller(), RevocationRequest.plain())
                .orElseThrow();
        return Map.of();
    }

    @GET
    @Path("/users/{username}/tokens")
    public TokenListing list(@PathParam("username") String username, @QueryParam("after") @Nullable String after) {
        return tokens.query()
                .list(current.caller(), username, new PageRequest(after, 100))
                .orElseThrow();
    }
}
