package io.tokenstore.examples.micronaut;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.tokenstore.service.ErrorResponse;
import io.tokenstore.service.Status;
import io.tokenstore.service.UnsuccessfulResultException;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

// tag::errors[]
/** What is not OK is thrown, and becomes one of the contract's answers. */
@Singleton
class ErrorResponses implements ExceptionHandler<UnsuccessfulResultException, HttpResponse<?>> {

    @Override
    @SuppressWarnings("rawtypes") // as Micronaut declares it
    public HttpResponse<?> handle(HttpRequest request, UnsuccessfulResultException refused) {
        return response(refused.status(), refused.error(), refused.missingScope());
    }

    static MutableHttpResponse<ErrorResponse> response(
            Status status, ErrorResponse body, Optional<String> missingScope) {
        MutableHttpResponse<ErrorResponse> response = HttpResponse.status(status.code(), status.name());
        switch (status) {
            case UNAUTHORIZED -> response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"tokens\"");
            case FORBIDDEN ->
                response.header(
                        HttpHeaders.WWW_AUTHENTICATE,
                        "Bearer realm=\"tokens\", error=\"insufficient_scope\""
                                + missingScope
                                        .map(scope -> ", scope=\"" + scope + "\"")
                                        .orElse(""));
            default -> {} // nothing to log in for
        }
        return response.contentType(MediaType.APPLICATION_JSON_TYPE).body(body);
    }

    /** The same for what Micronaut itself refuses, and for every other exception, such as a commit that failed. */
    @Singleton
    static class OfTheFramework implements ErrorResponseProcessor<ErrorResponse> {

        @Override
        public MutableHttpResponse<ErrorResponse> processResponse(
                ErrorContext context, MutableHttpResponse<?> response) {
            Status status = statusOf(response.code());
            return response(status, ErrorResponse.of(status, List.of()), Optional.empty());
        }
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
