package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.examples.rest.RunningHost.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What another reader of the same body might take otherwise, or what the document does not allow, issues nothing. */
class StrictJsonTest {

    private static final String TOKENS = "/v1/users/alice/tokens";
    private static final String WANTED = "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[]}";

    private static RunningHost host;

    @BeforeAll
    static void start() throws Exception {
        host = RunningHost.start("--spring.datasource.url=jdbc:h2:mem:json");
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    static Stream<String> lenient() {
        long inAMonth = Instant.now().plus(Duration.ofDays(30)).getEpochSecond();
        String open = WANTED.substring(0, WANTED.length() - 1);
        return Stream.of(
                open + ",\"name\":\"x\"}",
                open + ",\"ttl\":\"P30D\"}",
                open + ",\"scopes\":[]}",
                open + ",\"scopes\":null}",
                open + ",\"renewableUntil\":null,\"renewableUntil\":null}",
                open + ",\"n\\u0061me\":\"y\"}",
                WANTED.replace("\"x\"", "5"),
                WANTED.replace("\"x\"", "5.5"),
                WANTED.replace("\"x\"", "true"),
                WANTED.replace("\"x\"", "[\"x\"]"),
                WANTED.replace("\"x\"", "{}"),
                WANTED.replace("\"P30D\"", "86400"),
                WANTED.replace("\"P30D\"", "86400.5"),
                WANTED.replace("\"P30D\"", "\"86400\""),
                WANTED.replace("\"P30D\"", "true"),
                WANTED.replace("\"P30D\"", "[\"P30D\"]"),
                WANTED.replace("[]", "[5]"),
                WANTED.replace("[]", "[true]"),
                WANTED.replace("[]", "\"\""),
                open + ",\"renewableUntil\":" + inAMonth + "}",
                open + ",\"renewableUntil\":" + inAMonth + ".5}",
                open + ",\"renewableUntil\":\"" + inAMonth + "\"}",
                open + ",\"renewableUntil\":\"\"}",
                WANTED + "x",
                WANTED + WANTED,
                WANTED + "]",
                "/* */" + WANTED,
                open + ",}",
                WANTED.replace('"', '\''),
                WANTED.replace("\"name\"", "name"),
                WANTED.replace("name", "NAME"),
                "[" + WANTED + "]",
                "\"" + WANTED.replace("\"", "\\\"") + "\"");
    }

    @ParameterizedTest
    @MethodSource("lenient")
    void json_that_is_not_what_the_document_says_is_a_bad_request(String body) throws Exception {
        Answer answer = host.ask("POST", TOKENS, host.login(), body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("\"issues\":[{\"message\":");
    }

    @Test
    void json_that_is_what_the_document_says_issues_a_token() throws Exception {
        for (String body : new String[] {WANTED, " \r\n\t" + WANTED + "\n", WANTED.replace("name", "n\\u0061me")}) {
            assertThat(host.ask("POST", TOKENS, host.login(), body).status()).isEqualTo(201);
        }
    }

    @Test
    void every_token_has_an_end() throws Exception {
        for (String body : new String[] {WANTED.replace("\"ttl\":\"P30D\",", ""), WANTED.replace("\"P30D\"", "null")}) {
            Answer answer = host.ask("POST", TOKENS, host.login(), body);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.objectionsToRequest()).isNotEmpty();
            assertThat(answer.body()).contains("ttl is required");
        }
        assertThat(host.issue("alice").field("expiresAt"))
                .isGreaterThan(Instant.now().toString());
        assertThat(host.console()).noneMatch(line -> line.contains("pat_"));
    }
}
