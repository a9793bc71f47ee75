package io.tokenstore.examples.quarkus;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Says that the process answers; it does so on the event loop. */
@Path("/ping")
class PingResource {

    @GET
    @NonBlocking
    public String ping() {
        return "pong";
    }
}
