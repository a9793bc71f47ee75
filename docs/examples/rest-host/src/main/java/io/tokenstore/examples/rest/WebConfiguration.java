package io.tokenstore.examples.rest;

import io.tokenstore.Caller;
import io.tokenstore.TokenAuthenticator;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

    private final TokenAuthenticator authenticator;

    WebConfiguration(TokenAuthenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerArgument(authenticator));
    }

    /** Every answer is JSON, whatever the client would rather have. */
    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
        negotiation.ignoreAcceptHeader(true).defaultContentType(MediaType.APPLICATION_JSON);
    }

    // tag::caller[]
    /** A controller's {@link Caller} is whoever the request's {@code Authorization} header speaks for. */
    record CallerArgument(TokenAuthenticator authenticator) implements HandlerMethodArgumentResolver {

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
            return authenticator.authenticate(request.getHeader(HttpHeaders.AUTHORIZATION));
        }
    }
    // end::caller[]

    @Bean
    static WebServerFactoryCustomizer<JettyServletWebServerFactory> serverWithoutAnswersOfItsOwn(JsonMapper json) {
        return factory -> factory.addServerCustomizers(server -> {
            acceptAnyTarget(server);
            JettyErrorResponses errors = new JettyErrorResponses(json);
            server.setErrorHandler(errors);
            for (ServletContextHandler context : server.getDescendants(ServletContextHandler.class)) {
                context.setErrorHandler(errors);
                context.getServletHandler().setDecodeAmbiguousURIs(true);
            }
        });
    }

    private static void acceptAnyTarget(Server server) {
        ServerConnector connector = (ServerConnector) server.getConnectors()[0];
        HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
        connector.addConnectionFactory(new ExactTargets(http.getHttpConfiguration()));
    }
}
