package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.tokenstore.Owner;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dump of what is reachable in a host that runs shows no secret that was issued, presented or revoked in it. */
class HeapDumpTest {

    private static final int MASK = 0x55;

    @Test
    void no_secret_is_reachable_once_the_host_has_dropped_it(@TempDir Path folder) throws IOException {
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(folder.resolve("tokens"))) {
            TokenServices tokens = TokenServices.builder(store).build();
            IssuedToken[] held = {issue(tokens)};
            byte[] masked = masked(held[0].secret());
            assertThat(tokens.authenticator()
                            .authenticate("Bearer " + held[0].secret())
                            .isAnonymous())
                    .isFalse();
            assertThat(dumpShows(masked, folder.resolve("held.hprof"))).isTrue();

            tokens.revocation().revokePresented(held[0].secret());
            tokens.authenticator().authenticate("Bearer " + held[0].secret());
            held[0] = null;
            assertThat(dumpShows(masked, folder.resolve("dropped.hprof"))).isFalse();
            assertThat(tokens).isNotNull();
        }
    }

    private static IssuedToken issue(TokenServices tokens) {
        Caller alice = Caller.user(new Owner("alice"));
        return tokens.issuance()
                .issue(alice, "alice", TokenRequest.named("laptop").withTtl(Duration.ofDays(30)))
                .orElseThrow();
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
