package io.tokenstore.examples.rest;

import io.tokenstore.service.Caller;
import io.tokenstore.service.ErrorResponse;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenServices;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

    /** So that a browser does not guess an answer's type, and a page loads nothing from another host. */
    private static final Map<String, String> HEADERS = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy", "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'");

    /**
     * Encoded slashes and dots, malformed UTF-8 and the like reach the controller, because the services decide who may do what
     * by the same strings that they look up. A host that guards paths must leave the server's refusals in place. Spring can't
     * decode {@code %u0041}.
     */
    private static final UriCompliance ANY_PATH = UriCompliance.UNSAFE.without("ANY_PATH", Violation.UTF16_ENCODINGS);

    private final TokenServices tokens;
    private final AdministratorLogin login;

    WebConfiguration(TokenServices tokens, AdministratorLogin login) {
        this.tokens = tokens;
        this.login = login;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerArgument(tokens.authenticator(), login));
    }

    /** Every answer is JSON, whatever the client asks for. */
    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
        negotiation.ignoreAcceptHeader(true).defaultContentType(MediaType.APPLICATION_JSON);
    }

    // tag::caller[]
    /** A controller's {@link Caller} is the caller whom the request's {@code Authorization} header authenticates. */
    record CallerArgument(TokenAuthenticator authenticator, AdministratorLogin login)
            implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Caller.class;
        }

        @Override
        public Caller resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            String[] headers = request.getHeaderValues(HttpHeaders.AUTHORIZATION);
            // With two headers, a server in between may have trusted the other one.
            Caller caller = headers == null || headers.length > 1 ? Caller.anonymous() : callerOf(headers[0]);
            if (caller.isAnonymous()) {
                throw new ResponseStatusException(HttpStatus.UNAUTHORIZED); // Before the rest of the request is read.
            }
            return caller;
        }

        private Caller callerOf(String header) {
            Caller administrator = login.authenticate(header);
            return administrator.isAnonymous() ? authenticator.authenticate(header) : administrator;
        }
    }
    // end::caller[]

    /** Refuses numbers and booleans instead of strings. */
    @Bean
    static JsonMapperBuilderCustomizer stringsAreStrings() {
        return json -> json.withCoercionConfig(
                LogicalType.Textual,
                text -> Stream.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)
                        .forEach(shape -> text.setCoercion(shape, CoercionAction.Fail)));
    }

    @Bean
    static WebServerFactoryCustomizer<JettyServletWebServerFactory> serverWithoutAnswersOfItsOwn(JsonMapper json) {
        return factory -> factory.addServerCustomizers(server -> {
            HttpConnectionFactory http = server.getConnectors()[0].getConnectionFactory(HttpConnectionFactory.class);
            http.getHttpConfiguration().setUriCompliance(ANY_PATH);
            server.insertHandler(new Operations());
            Request.Handler errors = (request, response, callback) -> answer(response, callback, json);
            server.setErrorHandler(errors);
            for (ServletContextHandler context : server.getDescendants(ServletContextHandler.class)) {
                context.setErrorHandler(errors);
                context.setProtectedTargets(new String[0]); // There is no /WEB-INF, but its answer would be a page.
                context.getServletHandler().setDecodeAmbiguousURIs(true);
            }
        });
    }

    /**
     * Answers by the contract even if the server refuses a request before Spring sees it, such as one with too long a header.
     */
    private static boolean answer(Response response, Callback callback, JsonMapper json) {
        Status status = ErrorResponses.statusOf(response.getStatus());
        response.setStatus(status.code());
        HEADERS.forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
        response.write(true, ByteBuffer.wrap(json.writeValueAsBytes(ErrorResponse.of(status, List.of()))), callback);
        return true;
    }

    /** Passes on only the operations' methods. The framework itself would answer OPTIONS and TRACE. */
    private static final class Operations extends Handler.Wrapper {

        private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            HEADERS.forEach(response.getHeaders()::put);
            if (!METHODS.contains(request.getMethod())) {
                Response.writeError(request, response, callback, HttpStatus.NOT_FOUND.value());
                return true;
            }
            // A semicolon is part of its segment (RFC 3986, section 3.3); Spring would cut the segment there.
            HttpURI uri = request.getHttpURI();
            HttpURI whole = HttpURI.build(uri).path(uri.getPath().replace(";", "%3B"));
            return super.handle(Request.serveAs(request, whole), response, callback);
        }
    }
}
