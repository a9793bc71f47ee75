package io.tokenstore.examples.micronaut;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.tokenstore.service.Caller;
import io.tokenstore.service.ErrorResponse;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenServices;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

// tag::caller[]
/** Finds out whom a request's {@code Authorization} header speaks for, before the transaction begins. */
@ServerFilter("/v1/**")
@Context // Made at the start, so that a key that is missing is found there.
class Authentication {

    private final TokenAuthenticator authenticator;
    private final byte[] operator;

    Authentication(TokenServices tokens, @Value("${tokens.operator-key}") String operatorKey) {
        if (operatorKey.isBlank()) {
            throw new IllegalStateException("tokens.operator-key is blank: choose a key");
        }
        this.authenticator = tokens.authenticator();
        this.operator = ("Operator " + operatorKey).getBytes(UTF_8);
    }

    /** Not on the event loop, which an argument binder would stop while the database does not answer. */
    @RequestFilter
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Nullable
    HttpResponse<?> authenticate(HttpRequest<?> request) {
        List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
        // Of two headers, another server in between may have believed the other one.
        Caller caller = headers.size() == 1 ? callerOf(headers.get(0)) : Caller.anonymous();
        request.setAttribute("caller", caller);
        return caller.isAnonymous()
                ? ErrorResponses.response(
                        Status.UNAUTHORIZED, ErrorResponse.of(Status.UNAUTHORIZED, List.of()), Optional.empty())
                : null;
    }

    /** The operator's key stands for a log-in of yours, which asks no token store. */
    private Caller callerOf(String header) {
        return MessageDigest.isEqual(operator, header.getBytes(UTF_8))
                ? Caller.admin("operator")
                : authenticator.authenticate(header);
    }
}
// end::caller[]
