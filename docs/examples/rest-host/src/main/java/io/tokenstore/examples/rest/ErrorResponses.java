package io.tokenstore.examples.rest;

import io.tokenstore.Violation;
import io.tokenstore.service.ErrorResponse;
import io.tokenstore.service.Status;
import io.tokenstore.service.UnsuccessfulResultException;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.server.ServerWebInputException;
import tools.jackson.core.JacksonException;

/** Turns every exception into one of the contract's answers. */
@RestControllerAdvice
class ErrorResponses {

    private static final Logger log = LoggerFactory.getLogger(ErrorResponses.class);
    private static final String BEARER = "Bearer realm=\"tokens\"";
    private static final String BASIC = "Basic realm=\"tokens\", charset=\"UTF-8\"";

    // tag::errors[]
    @ExceptionHandler
    ResponseEntity<ErrorResponse> answer(Exception exception, WebRequest request) {
        if (exception instanceof UnsuccessfulResultException refused) {
            List<String> challenges = challenges(refused.status(), request, refused.missingScope());
            return response(refused.status(), refused.error(), challenges);
        }
        Status status = exception instanceof org.springframework.web.ErrorResponse unserved
                ? statusOf(unserved.getStatusCode().value())
                : exception instanceof HttpException refused
                        ? statusOf(refused.getCode())
                        : Status.INTERNAL_SERVER_ERROR;
        if (status == Status.INTERNAL_SERVER_ERROR) {
            log.error("a request failed", exception); // The store, or a transaction that did not begin or commit.
        }
        List<String> challenges = challenges(status, request, Optional.empty());
        return response(status, ErrorResponse.of(status, List.of()), challenges);
    }

    @ExceptionHandler({
        JacksonException.class,
        DateTimeParseException.class,
        ServerWebInputException.class,
        HttpMediaTypeNotSupportedException.class
    })
    ResponseEntity<ErrorResponse> unreadableBody() {
        return badRequest("the body must be a JSON object with a name, a ttl, scopes, and optionally renewableUntil");
    }

    @ExceptionHandler
    ResponseEntity<ErrorResponse> unreadableParameter(MethodArgumentTypeMismatchException mismatch) {
        return badRequest(mismatch.getName() + " must be a whole number");
    }
    // end::errors[]

    /** Returns the contract's status for the code that the framework or the server would answer. */
    static Status statusOf(int code) {
        return switch (code) {
            case HttpStatus.UNAUTHORIZED_401 -> Status.UNAUTHORIZED;
            case HttpStatus.NOT_FOUND_404, HttpStatus.METHOD_NOT_ALLOWED_405 -> Status.NOT_FOUND;
            case HttpStatus.INTERNAL_SERVER_ERROR_500, HttpStatus.SERVICE_UNAVAILABLE_503 ->
                Status.INTERNAL_SERVER_ERROR;
            default -> Status.BAD_REQUEST;
        };
    }

    private static ResponseEntity<ErrorResponse> badRequest(String issue) {
        return response(
                Status.BAD_REQUEST, ErrorResponse.of(Status.BAD_REQUEST, List.of(new Violation(issue))), List.of());
    }

    private static ResponseEntity<ErrorResponse> response(Status status, ErrorResponse body, List<String> challenges) {
        return ResponseEntity.status(status.code())
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.WWW_AUTHENTICATE, challenges.toArray(String[]::new))
                .body(body);
    }

    // tag::challenges[]
    /** Tells a client without a bearer token how to send one, without an error; tells others what is wrong with theirs. */
    private static List<String> challenges(Status status, WebRequest request, Optional<String> missingScope) {
        boolean bearer = sentBearerToken(request.getHeaderValues(HttpHeaders.AUTHORIZATION));
        return switch (status) {
            case UNAUTHORIZED -> List.of(bearer ? BEARER + ", error=\"invalid_token\"" : BEARER, BASIC);
            case FORBIDDEN ->
                bearer
                        ? List.of(BEARER + ", error=\"insufficient_scope\""
                                + missingScope
                                        .map(scope -> ", scope=\"" + scope + "\"")
                                        .orElse(""))
                        : List.of();
            default -> List.of();
        };
    }
    // end::challenges[]

    private static boolean sentBearerToken(String @Nullable [] headers) {
        return headers != null
                && List.of(headers).stream().anyMatch(header -> header.regionMatches(true, 0, "Bearer ", 0, 7));
    }
}
