package io.tokenstore.examples.rest;

import io.tokenstore.Owner;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.service.AccessPolicy;
import io.tokenstore.service.AccessRequest;
import io.tokenstore.service.Action;
import io.tokenstore.service.Role;
import io.tokenstore.service.TokenServices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.ConfigurableTransactionManager;

@Configuration(proxyBeanMethods = false)
class TokenConfiguration {

    private static final String FILE = "jdbc:h2:async:";

    /** H2 creates files that everybody can read. So the embedded store first creates the file for its owner only. */
    TokenConfiguration(@Value("${spring.datasource.url}") String url) throws IOException {
        if (url.startsWith(FILE)) {
            EmbeddedTokenStore.open(Path.of(url.substring(FILE.length()).split(";")[0]))
                    .close();
        }
    }

    // tag::store[]
    @Bean
    TokenStore tokenStore(DataSource dataSource, ConfigurableTransactionManager manager) {
        JdbcTokenStore.createSchema(dataSource);
        SpringTransactions transactions = new SpringTransactions(dataSource, manager);
        return JdbcTokenStore.create(transactions, transactions);
    }
    // end::store[]

    // tag::services[]
    @Bean
    TokenServices tokenServices(TokenStore store, @Value("${tokens.admins}") Set<Owner> admins) {
        return TokenServices.builder(store)
                .roles(owner -> admins.contains(owner) ? Role.ADMIN : Role.USER)
                .policy(TokenConfiguration::permits)
                .scopes() // No scopes of its own: tokens have "tokens", "tokens:admin" or "*"
                .build();
    }

    /**
     * Only administrators log in to this host, so they issue everybody's tokens. A token issues none, whatever a policy says.
     */
    static boolean permits(AccessRequest request) {
        return request.action() == Action.ISSUE
                ? request.caller().isAdmin()
                : AccessPolicy.ownerOrAdmin().permits(request);
    }
    // end::services[]
}
