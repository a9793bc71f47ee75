package io.tokenstore.examples.rest;

import io.tokenstore.service.Status;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.context.request.WebRequest;

/** What {@code WWW-Authenticate} tells a client that gets a 401 or a 403 (RFC 6750, section 3, and RFC 9110, section 11.6.1). */
final class Challenges {

    private static final String BEARER = "Bearer realm=\"tokens\"";
    private static final String BASIC = "Basic realm=\"tokens\", charset=\"UTF-8\"";

    private Challenges() {}

    // tag::challenges[]
    /** A client that sent no bearer token is told how to, and no error; one that sent one is told what is wrong with it. */
    static List<String> of(Status status, WebRequest request, Optional<String> missingScope) {
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
