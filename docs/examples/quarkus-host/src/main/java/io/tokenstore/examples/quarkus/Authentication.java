package io.tokenstore.examples.quarkus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tokenstore.service.Caller;
import io.tokenstore.service.ErrorResponse;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenServices;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

// tag::caller[]
/**
 * Finds out whom a request's {@code Authorization} header speaks for, before the transaction begins. It runs on the thread of the
 * operation: on the event loop if that is a non-blocking one.
 */
@Authenticated
@Provider
@ApplicationScoped // Made at its first use: Quarkus makes other filters before there is a data source.
class Authentication implements ContainerRequestFilter {

    /** Who calls: nobody until this filter has run. */
    @RequestScoped
    static class Current {
        private Caller caller = Caller.anonymous();

        Caller caller() {
            return caller;
        }

        void is(Caller authenticated) {
            caller = authenticated;
        }
    }

    private final TokenAuthenticator authenticator;
    private final Current current;
    private final byte[] operator;

    @Inject
    Authentication(
            TokenServices tokens, Current current, @ConfigProperty(name = "tokens.operator-key") String operatorKey) {
        this.authenticator = tokens.authenticator();
        this.current = current;
        this.operator = ("Operator " + operatorKey).getBytes(UTF_8);
    }

    @Override
    public void filter(ContainerRequestContext request) {
        List<String> headers = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
        // Of two headers, another server in between may have believed the other one.
        Caller caller = headers == null || headers.size() > 1 ? Caller.anonymous() : callerOf(headers.get(0));
        if (caller.isAnonymous()) {
            ErrorResponse body = ErrorResponse.of(Status.UNAUTHORIZED, List.of());
            request.abortWith(ErrorResponses.response(Status.UNAUTHORIZED, body, Optional.empty()));
        }
        current.is(caller);
    }

    /** The operator's key stands for a log-in of yours, which asks no token store. */
    private Caller callerOf(String header) {
        return MessageDigest.isEqual(operator, header.getBytes(UTF_8))
                ? Caller.admin("operator")
                : authenticator.authenticate(header);
    }
}
// end::caller[]
