package io.tokenstore.examples.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.service.TokenServices;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mail.javamail.JavaMailSender;

/** The store on Spring's {@code DataSource}, and the entry point to all services. */
@Configuration(proxyBeanMethods = false)
class TokenConfiguration {

    /** What tokens of this host may do in its API. */
    static final List<String> SCOPES = List.of("repo:read", "repo:write");

    // tag::services[]
    /** Each call commits by itself, even within {@code @Transactional}. */
    @Bean
    JdbcTokenStore tokenStore(DataSource dataSource) {
        JdbcTokenStore.createSchema(dataSource);
        return JdbcTokenStore.create(dataSource);
    }

    @Bean
    TokenServices tokenServices(
            JdbcTokenStore store,
            Directory directory,
            MeterRegistry meters,
            @Value("${tokens.max-staleness}") Duration maxStaleness) {
        return TokenServices.builder(store)
                .scopes(SCOPES.toArray(String[]::new))
                .roles(directory::roleOf)
                .maxStaleness(maxStaleness)
                .uses(store)
                .events(new MeteredTokenEvents(meters))
                .build();
    }
    // end::services[]

    @Bean
    @ConditionalOnProperty("spring.mail.host")
    ExpiryNotices expiryNotices(
            TokenServices tokens,
            JavaMailSender mail,
            JdbcClient database,
            @Value("${host.mail-domain}") String domain) {
        return new ExpiryNotices(
                tokens, mail, owner -> owner + "@" + domain, new NoticeMark(database), Clock.systemUTC());
    }
}
