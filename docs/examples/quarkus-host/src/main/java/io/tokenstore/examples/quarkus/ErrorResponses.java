package io.tokenstore.examples.quarkus;

import io.tokenstore.service.ErrorResponse;
import io.tokenstore.service.Status;
import io.tokenstore.service.UnsuccessfulResultException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

// tag::errors[]
/** Every exception is one of the contract's answers, a commit that failed included. */
@Provider
class ErrorResponses implements ExceptionMapper<Exception> {

    private static final Logger log = Logger.getLogger(ErrorResponses.class);

    @Override
    public Response toResponse(Exception exception) {
        if (exception instanceof UnsuccessfulResultException refused) {
            return response(refused.status(), refused.error(), refused.missingScope());
        }
        Status status = exception instanceof WebApplicationException unserved
                ? statusOf(unserved.getResponse().getStatus())
                : Status.INTERNAL_SERVER_ERROR;
        if (status == Status.INTERNAL_SERVER_ERROR) {
            log.error("a request failed", exception); // The store, or a transaction that did not begin or commit.
        }
        return response(status, ErrorResponse.of(status, List.of()), Optional.empty());
    }

    static Response response(Status status, ErrorResponse body, Optional<String> missingScope) {
        String challenge = switch (status) {
            case UNAUTHORIZED -> "Bearer realm=\"tokens\"";
            case FORBIDDEN ->
                "Bearer realm=\"tokens\", error=\"insufficient_scope\""
                        + missingScope.map(scope -> ", scope=\"" + scope + "\"").orElse("");
            default -> null;
        };
        return Response.status(status.code())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.WWW_AUTHENTICATE, challenge)
                .entity(body)
                .build();
    }
    // end::errors[]

    /** What the contract has for what the framework would answer. */
    private static Status statusOf(int code) {
        return switch (code) {
            case 401 -> Status.UNAUTHORIZED;
            case 404, 405 -> Status.NOT_FOUND;
            default -> code < 500 ? Status.BAD_REQUEST : Status.INTERNAL_SERVER_ERROR;
        };
    }
}
