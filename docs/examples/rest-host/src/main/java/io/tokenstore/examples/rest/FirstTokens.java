package io.tokenstore.examples.rest;

import io.tokenstore.Owner;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Whoever starts the host is its first administrator: an administrator without any token gets one on the console, not in the log. */
@Component
class FirstTokens implements ApplicationRunner {

    private final TokenStore store;
    private final TokenServices tokens;
    private final Set<Owner> admins;

    FirstTokens(TokenStore store, TokenServices tokens, @Value("${tokens.admins}") Set<Owner> admins) {
        this.store = store;
        this.tokens = tokens;
        this.admins = admins;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        for (Owner admin : admins) {
            if (hasNone(admin)) {
                String secret = tokens.issuance()
                        .issue(Caller.admin(admin), admin.value(), TokenRequest.named("first token"))
                        .orElseThrow()
                        .secret();
                System.out.println("The first token of administrator " + admin + ", shown once: " + secret);
            }
        }
    }

    private boolean hasNone(Owner admin) {
        TokenPage page = store.list(admin, null, 1);
        return page.tokens().isEmpty() && page.resumeAfter() == null;
    }
}
