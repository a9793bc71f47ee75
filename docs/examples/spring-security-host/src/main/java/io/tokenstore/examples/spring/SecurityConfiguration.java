package io.tokenstore.examples.spring;

import io.tokenstore.service.TokenServices;
import jakarta.servlet.DispatcherType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** Tokens for the API, a session for the pages; neither opens the other. */
@Configuration(proxyBeanMethods = false)
@EnableMethodSecurity
class SecurityConfiguration {

    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** What Spring Security's challenges refer to (RFC 9728). */
    private static final String METADATA = "/.well-known/oauth-protected-resource/**";

    // tag::api[]
    @Bean
    @Order(1)
    SecurityFilterChain api(HttpSecurity http, TokenServices tokens) {
        TokenIntrospector introspector = new TokenIntrospector(tokens.authenticator());
        return http.securityMatcher("/api/**", METADATA)
                .authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.GET, "/api/repos")
                        .hasAuthority("SCOPE_repo:read")
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(server -> server.opaqueToken(opaque -> opaque.introspector(introspector))
                        .protectedResourceMetadata(metadata -> metadata.protectedResourceMetadataCustomizer(
                                resource -> resource.tlsClientCertificateBoundAccessTokens(false))))
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(csrf -> csrf.disable()) // No browser sends a bearer token by itself.
                .build();
    }
    // end::api[]

    // tag::pages[]
    @Bean
    @Order(2)
    SecurityFilterChain pages(HttpSecurity http) {
        return http.authorizeHttpRequests(requests -> requests
                        // A request that failed is dispatched to /error; a check there would answer the API's 500 with
                        // a redirect to the login page.
                        .dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/login", "/host.css", "/copy.js", "/favicon.ico", "/actuator/health")
                        .permitAll()
                        .requestMatchers("/admin/**", "/actuator/**")
                        .hasRole("ADMIN")
                        .anyRequest()
                        .authenticated())
                .formLogin(login -> login.loginPage("/login").defaultSuccessUrl("/settings/tokens"))
                .headers(headers -> headers.contentSecurityPolicy(
                                policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER)))
                .build();
    }
    // end::pages[]
}
