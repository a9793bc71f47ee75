package io.tokenstore.examples.rest;

import io.tokenstore.Owner;
import io.tokenstore.service.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * How administrators log in, by HTTP Basic (RFC 7617), to issue tokens: a host of yours has its own login in this place.
 *
 * <p>Without a password from the operator there is a new one at each start, on the console and not in the log.
 */
@Component
final class AdministratorLogin {

    private static final String SCHEME = "Basic ";

    private final Set<Owner> admins;
    private final byte[] password;

    AdministratorLogin(
            @Value("${tokens.admins}") Set<Owner> admins, @Value("${tokens.password}") String chosenPassword) {
        this.admins = admins;
        String effective = chosenPassword.isEmpty() ? generated() : chosenPassword;
        this.password = effective.getBytes(StandardCharsets.UTF_8);
        if (chosenPassword.isEmpty()) {
            System.out.println("The administrators' password until the next start, shown once: " + effective);
        }
    }

    private static String generated() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** Returns the administrator whose name and password are in an {@code Authorization} header, or the anonymous caller. */
    Caller authenticate(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Caller.anonymous();
        }
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(header.substring(SCHEME.length()));
        } catch (IllegalArgumentException notBase64) {
            return Caller.anonymous();
        }
        String[] nameAndPassword = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
        if (nameAndPassword.length < 2
                || !MessageDigest.isEqual(nameAndPassword[1].getBytes(StandardCharsets.UTF_8), password)) {
            return Caller.anonymous();
        }
        return admins.stream()
                .filter(admin -> admin.value().equals(nameAndPassword[0]))
                .map(Caller::admin)
                .findFirst()
                .orElse(Caller.anonymous());
    }
}
