package io.tokenstore.examples.spring;

import io.tokenstore.service.Caller;
import io.tokenstore.service.TokenAuthenticator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;

// tag::introspector[]
/** Tells Spring Security who presents a token. The store's exceptions propagate, since they do not mean a 401. */
record TokenIntrospector(TokenAuthenticator authenticator) implements OpaqueTokenIntrospector {

    static final String CALLER = "caller";

    @Override
    public OAuth2AuthenticatedPrincipal introspect(String token) {
        Caller caller = authenticator.authenticateToken(token);
        if (caller.isAnonymous()) {
            throw new BadOpaqueTokenException("the token is not valid");
        }
        // A token with "*" has every scope.
        Stream<String> scopes = TokenConfiguration.SCOPES.stream().filter(caller::permits);
        List<GrantedAuthority> authorities = AuthorityUtils.createAuthorityList(
                scopes.map(scope -> "SCOPE_" + scope).toList());
        return new DefaultOAuth2AuthenticatedPrincipal(caller.name(), Map.of(CALLER, caller), authorities);
    }
}
// end::introspector[]
