package io.tokenstore.examples.rest;

import io.tokenstore.Caller;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenRequest;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Whoever starts the host is its first administrator: an administrator without any token gets one on the console, not in the log. */
@Component
class FirstTokens implements ApplicationRunner {

    private final TokenStore store;
    private final TokenIssuanceService issuance;
    private final Set<Username> admins;

    FirstTokens(TokenStore store, TokenIssuanceService issuance, @Value("${tokens.admins}") Set<Username> admins) {
        this.store = store;
        this.issuance = issuance;
        this.admins = admins;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        for (Username admin : admins) {
            if (store.list(admin, null, 1).isEmpty()) {
                String secret = issuance.issue(
                                Caller.admin(admin), admin.value(), new TokenRequest("first token", null))
                        .orElseThrow()
                        .secret();
                System.out.println("The first token of administrator " + admin + ", shown once: " + secret);
            }
        }
    }
}
