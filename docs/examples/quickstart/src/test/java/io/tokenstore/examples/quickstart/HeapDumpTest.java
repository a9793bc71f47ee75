package io.tokenstore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.tokenstore.Caller;
import io.tokenstore.IssuedToken;
import io.tokenstore.TokenAuthenticator;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenRequest;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.Username;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dump of what is reachable in a host that runs shows no secret that was issued, presented or revoked in it. */
class HeapDumpTest {

    private static final int MASK = 0x55;

    @Test
    void no_secret_is_reachable_once_the_host_has_dropped_it(@TempDir Path folder) throws IOException {
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(folder.resolve("tokens"))) {
            TokenIssuanceService issuance = new TokenIssuanceService(store);
            TokenAuthenticator authenticator = new TokenAuthenticator(store, username -> false);
            TokenRevocationService revocation = new TokenRevocationService(store);
            IssuedToken[] held = {issue(issuance)};
            byte[] masked = masked(held[0].secret());
            assertThat(authenticator.authenticate("Bearer " + held[0].secret()).isAnonymous())
                    .isFalse();
            assertThat(dumpShows(masked, folder.resolve("held.hprof"))).isTrue();

            revocation.revokePresented(held[0].secret());
            authenticator.authenticate("Bearer " + held[0].secret());
            held[0] = null;
            assertThat(dumpShows(masked, folder.resolve("dropped.hprof"))).isFalse();
            assertThat(issuance).isNotNull();
            assertThat(authenticator).isNotNull();
            assertThat(revocation).isNotNull();
        }
    }

    private static IssuedToken issue(TokenIssuanceService issuance) {
        Caller alice = Caller.user(new Username("alice"));
        return issuance.issue(alice, "alice", new TokenRequest("laptop", null)).orElseThrow();
    }

    /** The secret's own digits, so that the test itself does not put into the dump what it looks for. */
    private static byte[] masked(String secret) {
        byte[] digits =
                secret.substring(secret.length() - 49, secret.length() - 6).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < digits.length; i++) {
            digits[i] ^= MASK;
        }
        return digits;
    }

    private static boolean dumpShows(byte[] masked, Path file) throws IOException {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
        byte[] dump = Files.readAllBytes(file);
        for (int at = 0; at <= dump.length - masked.length; at++) {
            int i = 0;
            while (i < masked.length && (dump[at + i] ^ MASK) == masked[i]) {
                i++;
            }
            if (i == masked.length) {
                return true;
            }
        }
        return false;
    }
}
