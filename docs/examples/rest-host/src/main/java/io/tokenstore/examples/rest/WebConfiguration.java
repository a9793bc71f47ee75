package io.tokenstore.examples.rest;

import io.tokenstore.service.Caller;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenServices;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
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
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

    private static final int LONGEST_BODY = 16 * 1024;

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

    /** Every answer is JSON, whatever the client would rather have. */
    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
        negotiation.ignoreAcceptHeader(true).defaultContentType(MediaType.APPLICATION_JSON);
    }

    // tag::caller[]
    /** A controller's {@link Caller} is whoever the request's {@code Authorization} header speaks for. */
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
            // Of two headers, another server in between may have believed the other one.
            Caller caller = headers == null || headers.length > 1 ? Caller.anonymous() : callerOf(headers[0]);
            if (caller.isAnonymous()) {
                throw new ResponseStatusException(HttpStatus.UNAUTHORIZED); // before the rest of the request is read
            }
            return caller;
        }

        private Caller callerOf(String header) {
            Caller administrator = login.authenticate(header);
            return administrator.isAnonymous() ? authenticator.authenticate(header) : administrator;
        }
    }
    // end::caller[]

    @Bean
    static WebServerFactoryCustomizer<JettyServletWebServerFactory> serverWithoutAnswersOfItsOwn(JsonMapper json) {
        return factory -> factory.addServerCustomizers(server -> {
            acceptAnyTarget(server);
            server.insertHandler(new SizeLimitHandler(LONGEST_BODY, -1));
            server.insertHandler(new OperationsOnly());
            JettyErrorResponses errors = new JettyErrorResponses(json);
            server.setErrorHandler(errors);
            for (ServletContextHandler context : server.getDescendants(ServletContextHandler.class)) {
                context.setErrorHandler(errors);
                context.getServletHandler().setDecodeAmbiguousURIs(true);
            }
        });
    }

    /** OPTIONS and TRACE would be answered by the framework. */
    private static final class OperationsOnly extends Handler.Wrapper {

        private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (METHODS.contains(request.getMethod())) {
                return super.handle(request, response, callback);
            }
            Response.writeError(request, response, callback, HttpStatus.NOT_FOUND.value());
            return true;
        }
    }

    private static void acceptAnyTarget(Server server) {
        ServerConnector connector = (ServerConnector) server.getConnectors()[0];
        HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
        connector.addConnectionFactory(new ExactTargets(http.getHttpConfiguration()));
    }
}
