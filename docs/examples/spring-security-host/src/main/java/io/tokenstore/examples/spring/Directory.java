package io.tokenstore.examples.spring;

import io.tokenstore.Owner;
import io.tokenstore.service.Role;
import java.security.SecureRandom;
import java.util.Base64;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** The host's users; your host has a table or a directory instead. */
record Directory(UserDetailsService users) {

    // tag::roles[]
    /** Returns an owner's current role. Tokens of unknown or disabled users do not authenticate. */
    Role roleOf(Owner owner) {
        UserDetails user;
        try {
            user = users.loadUserByUsername(owner.value());
        } catch (UsernameNotFoundException e) {
            return Role.NONE;
        }
        // Spring's in-memory users are found whatever the case of letters; owners are not.
        if (!user.getUsername().equals(owner.value()) || !user.isEnabled() || !user.isAccountNonLocked()) {
            return Role.NONE;
        }
        boolean admin =
                user.getAuthorities().stream().anyMatch(authority -> "ROLE_ADMIN".equals(authority.getAuthority()));
        return admin ? Role.ADMIN : Role.USER;
    }
    // end::roles[]

    @Configuration(proxyBeanMethods = false)
    static class DemoUsers {

        @Bean
        Directory directory(UserDetailsService users) {
            return new Directory(users);
        }

        @Bean
        PasswordEncoder passwordEncoder() {
            return PasswordEncoderFactories.createDelegatingPasswordEncoder();
        }

        @Bean
        InMemoryUserDetailsManager users(PasswordEncoder encoder, @Value("${host.password}") String chosen) {
            String password = chosen.isEmpty() ? generated() : chosen;
            if (chosen.isEmpty()) {
                System.out.println(
                        "The password of alice, bob and admin until the next start, shown once: " + password);
            }
            User.UserBuilder user = User.builder().password(encoder.encode(password));
            return new InMemoryUserDetailsManager(
                    user.username("alice").roles("USER").build(),
                    user.username("bob").roles("USER").build(),
                    user.username("admin").roles("USER", "ADMIN").build());
        }

        private static String generated() {
            byte[] random = new byte[18];
            new SecureRandom().nextBytes(random);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        }
    }
}
