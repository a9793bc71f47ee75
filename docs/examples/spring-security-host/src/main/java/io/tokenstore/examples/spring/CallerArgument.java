package io.tokenstore.examples.spring;

import io.tokenstore.Owner;
import io.tokenstore.service.Caller;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

// tag::caller[]
/** A controller's {@link Caller} is the caller that Spring Security authenticated. */
record CallerArgument(Directory directory) implements HandlerMethodArgumentResolver {

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
        return callerOf(SecurityContextHolder.getContext().getAuthentication());
    }

    private Caller callerOf(@Nullable Authentication authentication) {
        if (authentication != null && authentication.getPrincipal() instanceof OAuth2AuthenticatedPrincipal principal) {
            return Objects.requireNonNull(principal.getAttribute(TokenIntrospector.CALLER)); // With the token's scopes.
        }
        if (!(authentication instanceof UsernamePasswordAuthenticationToken)) {
            return Caller.anonymous();
        }
        Owner user = new Owner(authentication.getName());
        return switch (directory.roleOf(user)) { // A session may be older than the user's role.
            case ADMIN -> Caller.admin(user);
            case USER -> Caller.user(user);
            case NONE -> Caller.anonymous();
        };
    }
    // end::caller[]

    @Configuration(proxyBeanMethods = false)
    record Resolvers(Directory directory) implements WebMvcConfigurer {

        @Override
        public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
            resolvers.add(new CallerArgument(directory));
        }
    }
}
