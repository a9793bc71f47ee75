package io.tokenstore.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.examples.spring.RunningHost.Person;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the host does by its scheduler, and what is left when it stops. */
class JobsTest {

    @Test
    void tokens_and_their_last_uses_outlive_the_host_and_owners_are_told_by_mail(@TempDir Path folder)
            throws Exception {
        String file = "--spring.datasource.url=jdbc:h2:async:" + folder.resolve("tokens") + ";WRITE_DELAY=0";
        String secret;
        try (RunningHost host = RunningHost.startWithItsOwnPassword(file)) {
            assertThat(host.console().lines().filter(line -> line.contains("shown once: ")))
                    .singleElement()
                    .asString()
                    .startsWith("The password of alice, bob and admin until the next start, ");
            Token ended = Token.builder(new TokenId("ended"), new Owner("alice"), "ended", Instant.EPOCH)
                    .expiresAt(Instant.EPOCH.plusSeconds(1))
                    .build();
            Instant lately = Instant.now().minus(Duration.ofMinutes(10));
            Token soon = Token.builder(new TokenId("soon"), new Owner("bob"), "soon", lately)
                    .expiresAt(lately.plus(Duration.ofDays(3)))
                    .build();
            TokenStore store = host.bean(TokenStore.class);
            store.add(ended);
            store.add(soon);
            host.bean(TokenJobs.class).purge();
            assertThat(store.find(ended.id())).isEmpty();
            assertThat(store.find(soon.id())).isPresent();
        }
        GreenMail mail = new GreenMail(ServerSetup.SMTP.dynamicPort());
        mail.start();
        String smtp = "--spring.mail.port=" + mail.getSmtp().getPort();
        try (RunningHost host = RunningHost.start(file, "--spring.mail.host=127.0.0.1", smtp)) {
            assertThat(mail.waitForIncomingEmail(60_000, 1)).isTrue();
            MimeMessage notice = mail.getReceivedMessages()[0];
            assertThat(notice.getAllRecipients()).extracting(Object::toString).containsExactly("bob@example.com");
            assertThat(notice.getContent()).asString().contains("Your token soon expires at");
            secret = host.login("alice").create("laptop", "repo:read");
            assertThat(host.api("GET", "/api/me", secret).statusCode()).isEqualTo(200);
        } finally {
            mail.stop();
        }
        try (RunningHost host = RunningHost.start(file)) {
            Person alice = host.login("alice");
            assertThat(alice.rows("laptop")).singleElement().asString().startsWith("laptop | repo:read | active | 20");
            assertThat(host.api("GET", "/api/me", secret).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ExpiryNotices", "MeteredTokenEvents"})
    void what_the_host_took_from_the_docs_is_what_they_show(String name) throws IOException {
        assertThat(recipe("src/main/java/io/tokenstore/examples/spring", name))
                .isEqualTo(recipe("../../project-tests/src/test/java/io/tokenstore/project", name));
    }

    private static String recipe(String folder, String name) throws IOException {
        return Files.readString(Path.of(folder, name + ".java")).replaceFirst("package .*;", "");
    }
}
