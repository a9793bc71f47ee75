package io.tokenstore.examples.rest;

import io.tokenstore.Violation;
import io.tokenstore.service.ErrorResponse;
import io.tokenstore.service.Status;
import io.tokenstore.service.UnsuccessfulResultException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Every exception is one of the contract's answers. */
@RestControllerAdvice
class ErrorResponses {

    private static final Logger log = LoggerFactory.getLogger(ErrorResponses.class);

    // tag::errors[]
    @ExceptionHandler
    ResponseEntity<ErrorResponse> answer(Exception exception, WebRequest request) {
        if (exception instanceof UnsuccessfulResultException refused) {
            List<String> challenges = Challenges.of(refused.status(), request, refused.missingScope());
            return response(refused.status(), refused.error(), challenges);
        }
        if (exception instanceof org.springframework.web.ErrorResponse unserved
                && unserved.getStatusCode().is4xxClientError()) {
            Status status = statusOf(unserved.getStatusCode().value());
            List<String> challenges = Challenges.of(status, request, Optional.empty());
            return response(status, ErrorResponse.of(status, List.of()), challenges);
        }
        if (exception instanceof HttpException refused && refused.getCode() < HttpStatus.INTERNAL_SERVER_ERROR_500) {
            return response(statusOf(refused.getCode()));
        }
        // The authenticator's store failed, or a transaction did not begin or commit.
        log.error("a request failed", exception);
        return response(Status.INTERNAL_SERVER_ERROR);
    }

    @ExceptionHandler({HttpMessageNotReadableException.class, HttpMediaTypeNotSupportedException.class})
    ResponseEntity<ErrorResponse> unreadableBody() {
        return response(
                Status.BAD_REQUEST,
                "the body must be a JSON object with a name, scopes, and optionally ttl and renewableUntil");
    }

    @ExceptionHandler
    ResponseEntity<ErrorResponse> unreadableParameter(MethodArgumentTypeMismatchException mismatch) {
        return response(Status.BAD_REQUEST, mismatch.getName() + " must be a whole number");
    }
    // end::errors[]

    /** What the contract has for what the framework or the server would answer. */
    static Status statusOf(int code) {
        return switch (code) {
            case HttpStatus.UNAUTHORIZED_401 -> Status.UNAUTHORIZED;
            case HttpStatus.NOT_FOUND_404, HttpStatus.METHOD_NOT_ALLOWED_405 -> Status.NOT_FOUND;
            case HttpStatus.INTERNAL_SERVER_ERROR_500, HttpStatus.SERVICE_UNAVAILABLE_503 ->
                Status.INTERNAL_SERVER_ERROR;
            default -> Status.BAD_REQUEST;
        };
    }

    private static ResponseEntity<ErrorResponse> response(Status status, String... issues) {
        return response(
                status,
                ErrorResponse.of(status, Stream.of(issues).map(Violation::new).toList()),
                List.of());
    }

    private static ResponseEntity<ErrorResponse> response(Status status, ErrorResponse body, List<String> challenges) {
        return ResponseEntity.status(status.code())
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.WWW_AUTHENTICATE, challenges.toArray(String[]::new))
                .body(body);
    }
}
