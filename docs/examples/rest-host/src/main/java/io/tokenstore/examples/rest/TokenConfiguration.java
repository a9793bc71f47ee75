package io.tokenstore.examples.rest;

import io.tokenstore.AccessPolicy;
import io.tokenstore.Action;
import io.tokenstore.TokenAuthenticator;
import io.tokenstore.TokenEvents;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenQueryService;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import io.tokenstore.jdbc.JdbcTokenStore;
import java.time.Clock;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.ConfigurableTransactionManager;

@Configuration(proxyBeanMethods = false)
class TokenConfiguration {

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
    TokenAuthenticator tokenAuthenticator(TokenStore store, @Value("${tokens.admins}") Set<Username> admins) {
        return new TokenAuthenticator(store, admins::contains);
    }

    @Bean
    TokenIssuanceService tokenIssuanceService(TokenStore store) {
        // Nobody logs in to this host, so administrators issue tokens, and a user's token begets no other.
        AccessPolicy policy = (caller, action, owner) -> action == Action.ISSUE && caller.isAdmin();
        return new TokenIssuanceService(store, policy, Clock.systemUTC(), TokenEvents.none());
    }

    @Bean
    TokenQueryService tokenQueryService(TokenStore store) {
        return new TokenQueryService(store);
    }

    @Bean
    TokenRevocationService tokenRevocationService(TokenStore store) {
        return new TokenRevocationService(store);
    }
    // end::services[]
}
