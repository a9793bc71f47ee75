package io.tokenstore.examples.micronaut;

import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;

/** Says that the process answers; it does so on the event loop. */
@Controller("/ping")
class PingController {

    @Get
    @Produces(MediaType.TEXT_PLAIN)
    String ping() {
        return "pong";
    }
}
