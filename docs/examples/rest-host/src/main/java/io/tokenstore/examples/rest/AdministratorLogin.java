package io.tokenstore.examples.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.springframework.http.HttpHeaders.encodeBasicAuth;

import io.tokenstore.Owner;
import io.tokenstore.service.Caller;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Logs administrators in by HTTP Basic (RFC 7617), so that they can issue tokens. Your host has its own login instead.
 *
 * <p>Without a password from the operator, each start prints a new password on the console, not in the log.
 */
@Component
final class AdministratorLogin {

    private static final String SCHEME = "Basic ";

    private final Map<Owner, byte[]> credentials = new HashMap<>();

    AdministratorLogin(
            @Value("${tokens.admins}") Set<Owner> admins, @Value("${tokens.password}") String chosenPassword) {
        String password = chosenPassword.isEmpty() ? generated() : chosenPassword;
        admins.forEach(admin -> credentials.put(admin, bytes(encodeBasicAuth(admin.value(), password, UTF_8))));
        if (chosenPassword.isEmpty()) {
            System.out.println("The administrators' password until the next start, shown once: " + password);
        }
    }

    private static String generated() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** Returns the administrator whose name and password are in an {@code Authorization} header, or the anonymous caller. */
    Caller authenticate(String header) {
        boolean basic = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        byte[] presented = bytes(basic ? header.substring(SCHEME.length()) : "");
        return credentials.entrySet().stream()
                .filter(expected -> MessageDigest.isEqual(expected.getValue(), presented))
                .map(expected -> Caller.admin(expected.getKey()))
                .findFirst()
                .orElse(Caller.anonymous());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
