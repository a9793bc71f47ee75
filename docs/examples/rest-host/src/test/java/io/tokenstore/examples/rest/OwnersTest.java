package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.TokenStore;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.UsernameRule;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Owners of any kind, over HTTP: each is one segment of the path, percent-encoded. */
class OwnersTest {

    private static final String WANTED = "{\"name\":\"laptop\",\"ttl\":\"P30D\",\"scopes\":[\"tokens\"]}";

    private static RunningHost host;

    /** Without an annotation, by which the hosts of other tests would find it. */
    static class AnyOwners {

        /** Numbers, UUIDs, e-mail addresses and subjects of OpenID Connect own tokens. */
        @Bean
        @Primary
        static TokenServices anyOwners(TokenStore store) {
            return TokenServices.builder(store)
                    // tag::owners[]
                    .usernames(UsernameRule.any()) // numbers, UUIDs, e-mail addresses, subjects of OpenID Connect
                    // end::owners[]
                    .policy(TokenConfiguration::permits) // this host's own: only administrators issue
                    .scopes()
                    .build();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        host = RunningHost.start(
                "--spring.datasource.url=jdbc:h2:mem:owners", "--spring.main.sources=" + AnyOwners.class.getName());
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static String tokensOf(String owner) {
        return "/v1/users/" + URLEncoder.encode(owner, StandardCharsets.UTF_8).replace("+", "%20") + "/tokens";
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "42",
                "3fa85f64-5717-4562-b3fc-2c963f66afa6",
                "alice@example.com",
                "ALICE@example.com",
                "alice+ci@example.com",
                "https://idp.example/realms/a|248289761001",
                "https%3A%2F%2Fidp.example|248289761001",
                "auth0|507f1f77bcf86cd799439020",
                "a/b",
                "a%2Fb",
                "..",
                "a;b",
                "\u00E9lise",
                "e\u0301lise"
            })
    void each_owner_has_tokens_of_their_own(String owner) throws Exception {
        HttpResponse<String> issued = host.send("POST", tokensOf(owner), host.login(), WANTED);
        assertThat(issued.statusCode()).isEqualTo(201);
        String secret = json(issued).get("secret").asString();
        String id = json(issued).get("id").asString();
        HttpResponse<String> listed = host.send("GET", tokensOf(owner), secret, null);
        assertThat(listed.statusCode()).isEqualTo(200);
        assertThat(json(listed).get("tokens")).hasSize(1);
        for (String other : new String[] {owner + "x", "42x"}) {
            assertThat(host.send("DELETE", tokensOf(other) + "/" + id, secret, null)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(host.send("DELETE", tokensOf(other) + "/" + id, host.login(), null)
                            .statusCode())
                    .isEqualTo(404);
        }
        assertThat(host.send("DELETE", tokensOf(owner) + "/" + id, secret, null).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "\u00A0", "a\n", "a\u200B", "\uFFFF", "too long"})
    void what_is_no_owner_is_a_bad_request(String username) throws Exception {
        String name = username.equals("too long") ? "x".repeat(256) : username;
        HttpResponse<String> answer = host.send("POST", tokensOf(name), host.login(), WANTED);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).get("issues").get(0).get("message").asString())
                .startsWith("username must ")
                .doesNotContain(name);
    }

    @Test
    void what_looks_like_a_pasted_secret_owns_no_token() throws Exception {
        HttpResponse<String> answer = host.send("POST", tokensOf("b_" + "0".repeat(64)), host.login(), WANTED);
        assertThat(answer.statusCode()).isEqualTo(403);
    }
}
