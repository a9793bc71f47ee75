package io.tokenstore.examples.spring;

import io.tokenstore.service.Caller;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.domain.AuditorAware;
import org.springframework.data.jdbc.repository.config.EnableJdbcAuditing;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The API that tokens are for. One scope is required by path, the other by an annotation. */
@RestController
@RequestMapping("/api")
class ApiController {

    private final Repos repos;

    ApiController(Repos repos) {
        this.repos = repos;
    }

    /** The caller, and the token that they used. */
    record Me(String user, String token, List<String> scopes) {}

    @GetMapping("/me")
    Me me(Caller caller) {
        return new Me(
                caller.name(), caller.token().name(), caller.token().scopes().toList());
    }

    @GetMapping("/repos")
    List<Repo> list() {
        return repos.findAll();
    }

    // tag::create[]
    @PostMapping("/repos")
    @PreAuthorize("hasAuthority('SCOPE_repo:write')")
    @ResponseStatus(HttpStatus.CREATED)
    Repo create(@RequestParam String name) {
        return repos.save(new Repo(null, name, null));
    }
    // end::create[]

    @Configuration(proxyBeanMethods = false)
    @EnableJdbcAuditing
    static class Auditing {

        // tag::auditor[]
        @Bean
        AuditorAware<String> auditor() {
            return () -> Optional.ofNullable(SecurityContextHolder.getContext().getAuthentication())
                    .map(Authentication::getName);
        }
        // end::auditor[]
    }
}
