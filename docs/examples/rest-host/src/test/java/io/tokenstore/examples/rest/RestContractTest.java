package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.examples.rest.RunningHost.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operation of the OpenAPI document, over HTTP: its answers to the letter, and none but these. */
class RestContractTest {

    private static RunningHost host;
    private static String adminsSecret;

    @BeforeAll
    static void start() throws Exception {
        host = RunningHost.start("--spring.datasource.url=jdbc:h2:mem:contract");
        adminsSecret = host.adminsSecret();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void owners_and_administrators_revoke_a_token_once() throws Exception {
        String admin = host.adminsSecret();
        Answer first = host.issue("alice");
        Answer second = host.issue("alice");
        assertAnswer(host.delete(first.field("secret"), "alice", second.field("id")), 200, "{}");
        assertAnswer(host.delete(admin, "alice", first.field("id")), 200, "{}");
        assertAnswer(host.delete(admin, "alice", first.field("id")), 404, error("Not Found", "NOT_FOUND", ""));
    }

    @Test
    void whoever_presents_no_valid_token_is_unauthorized_and_told_how_to_be_otherwise() throws Exception {
        Answer bobs = host.issue("bob");
        String revoked = bobs.field("secret");
        host.delete(revoked, "bob", bobs.field("id"));
        for (String secret : new String[] {null, "nonsense", revoked, revoked.replace("pat_", "PAT_")}) {
            assertAnswer(
                    host.delete(secret, "bob", bobs.field("id")),
                    401,
                    error("Invalid Credentials", "UNAUTHORIZED", ""));
        }
    }

    @Test
    void a_missing_token_is_answered_by_how_to_send_one_and_a_wrong_one_by_invalid() throws Exception {
        String basic = "Basic realm=\"tokens\", charset=\"UTF-8\"";
        for (String none : new String[] {null, RunningHost.basic("admin", "wrong"), "Digest username=\"admin\""}) {
            assertThat(host.delete(none, "bob", "x").challenges()).containsExactly("Bearer realm=\"tokens\"", basic);
        }
        for (String wrong : new String[] {"nonsense", "bEARER x", host.login().replace("Basic", "Bearer")}) {
            assertThat(host.delete(wrong, "bob", "x").challenges())
                    .containsExactly("Bearer realm=\"tokens\", error=\"invalid_token\"", basic);
        }
    }

    @Test
    void who_may_not_is_told_which_scope_the_token_lacks_if_one_would_do() throws Exception {
        String none = "Bearer realm=\"tokens\", error=\"insufficient_scope\"";
        String admins = host.issue("admin", "tokens").field("secret");
        assertRefused(host.delete(admins, "alice", "x"), none + ", scope=\"tokens:admin\"");
        String other = host.issue("alice", "tokens:admin").field("secret");
        assertRefused(host.ask("GET", "/v1/users/alice/tokens", other, null), none + ", scope=\"tokens\"");
        // By the policy, whatever the scopes; and a token issues none, whatever they are.
        assertRefused(host.delete(other, "bob", "x"), none);
        String issue = "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[]}";
        assertRefused(host.ask("POST", "/v1/users/admin/tokens", host.adminsSecret(), issue), none);
    }

    private static void assertRefused(Answer answer, String challenge) {
        assertAnswer(answer, 403, error("Unauthorized", "FORBIDDEN", ""));
        assertThat(answer.challenges()).containsExactly(challenge);
    }

    @Test
    void administrators_log_in_with_their_name_and_the_password_alone() throws Exception {
        String password = host.login();
        assertThat(host.delete(password, "alice", "x").status()).isEqualTo(404);
        assertThat(host.delete(password.replace("Basic", "bASIC"), "alice", "x").status())
                .isEqualTo(404);
        for (String wrong : new String[] {
            RunningHost.basic("alice", host.password()),
            RunningHost.basic("", host.password()),
            RunningHost.basic("admin", ""),
            RunningHost.basic("admin", host.password() + "x"),
            "Basic " + host.password(),
            "Basic YWRtaW4=",
            "Basic %%%",
            "Basic ",
            password + ", " + password
        }) {
            assertThat(host.delete(wrong, "alice", "x").status()).as(wrong).isEqualTo(401);
        }
    }

    @Test
    void a_token_tells_what_it_is_and_ends_itself_whatever_its_scopes() throws Exception {
        Answer issued = host.ask(
                "POST", "/v1/users/alice/tokens", host.login(), "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[]}");
        String secret = issued.field("secret");
        assertAnswer(
                host.ask("GET", "/v1/tokens/current", secret, null),
                200,
                "{\"id\":\"%s\",\"name\":\"x\",\"scopes\":[],\"expiresAt\":\"%s\"}"
                        .formatted(issued.field("id"), issued.field("expiresAt")));
        assertThat(host.transactionsOf(() -> host.ask("DELETE", "/v1/tokens/current", secret, null)))
                .containsExactly(true);
        for (String method : new String[] {"GET", "DELETE"}) {
            assertThat(host.ask(method, "/v1/tokens/current", secret, null).status())
                    .isEqualTo(401);
            assertThat(host.ask(method, "/v1/tokens/current", null, null).status())
                    .isEqualTo(401);
            assertThat(host.ask(method, "/v1/tokens/current", host.login(), null)
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void a_token_is_rotated_by_itself_and_ends_at_the_first_use_of_its_successor() throws Exception {
        String until = Instant.now().plus(Duration.ofDays(30)).toString();
        String wanted = "{\"name\":\"x\",\"ttl\":\"P1D\",\"scopes\":[\"tokens\"],\"renewableUntil\":\"" + until + "\"}";
        Answer old = host.ask("POST", "/v1/users/rotating/tokens", host.login(), wanted);
        String secret = old.field("secret");
        String path = "/v1/users/rotating/tokens/" + old.field("id") + "/rotate";
        host.ask("POST", path, secret, null); // whose answer was lost
        Answer next = host.ask("POST", path, secret, null);
        assertThat(next.status()).isEqualTo(201);
        assertThat(next.body()).contains("\"scopes\":[\"tokens\"]", "\"renewableUntil\":\"");
        String list = "/v1/users/rotating/tokens";
        assertThat(host.ask("GET", list, secret, null).body()).contains("\"PENDING\"", old.field("id"));
        assertThat(host.ask("GET", list, next.field("secret"), null).status()).isEqualTo(200);
        assertThat(host.ask("GET", list, secret, null).status()).isEqualTo(401);
        assertThat(host.ask("POST", path, next.field("secret"), null).status()).isEqualTo(403);
        assertThat(host.ask("POST", path, host.adminsSecret(), null).status()).isEqualTo(403);
        assertThat(host.ask("POST", path, null, null).status()).isEqualTo(401);
        String own = "/v1/users/rotating/tokens/" + next.field("id") + "/rotate";
        assertThat(host.ask("POST", own, next.field("secret"), null).status()).isEqualTo(201);
    }

    @Test
    void a_token_that_is_not_renewable_is_not_rotated() throws Exception {
        Answer issued = host.issue("alice");
        String path = "/v1/users/alice/tokens/" + issued.field("id") + "/rotate";
        assertAnswer(
                host.ask("POST", path, issued.field("secret"), null),
                400,
                error("Bad Request", "BAD_REQUEST", "{\"message\":\"token_id is of a token that is not renewable\"}"));
    }

    @Test
    void scopes_are_shown_in_the_answer_and_in_the_list() throws Exception {
        String body = "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[\"tokens:admin\",\"tokens\"]}";
        Answer issued = host.ask("POST", "/v1/users/scoped/tokens", host.login(), body);
        assertThat(issued.status()).isEqualTo(201);
        String shown = "\"scopes\":[\"tokens\",\"tokens:admin\"]";
        assertThat(issued.body()).contains(shown);
        assertThat(host.ask("GET", "/v1/users/scoped/tokens", issued.field("secret"), null)
                        .body())
                .contains(shown);
    }

    @Test
    void another_users_token_is_forbidden_whether_it_is_there_or_not() throws Exception {
        String bob = host.issue("bob").field("secret");
        Answer alices = host.issue("alice");
        for (String id : new String[] {alices.field("id"), "unknown"}) {
            assertAnswer(host.delete(bob, "alice", id), 403, error("Unauthorized", "FORBIDDEN", ""));
        }
        assertAnswer(host.delete(bob, "bob", alices.field("id")), 404, error("Not Found", "NOT_FOUND", ""));
        assertAnswer(host.delete(alices.field("secret"), "alice", alices.field("id")), 200, "{}");
    }

    @Test
    void every_violation_of_the_username_rule_is_an_issue() throws Exception {
        assertAnswer(
                host.delete(host.adminsSecret(), "1-bob", "x"),
                400,
                error(
                        "Bad Request",
                        "BAD_REQUEST",
                        "{\"message\":\"username must begin with a letter\"},"
                                + "{\"message\":\"username must consist of letters, digits 0 to 9 and underscores\"}"));
    }

    /** Percent-encoded, as they are sent. */
    static Stream<String> naughtySegments() {
        String supplementary = "\uD840\uDC00";
        return Stream.concat(
                Stream.of(
                                "é",
                                "e\u0301",
                                "漢字",
                                supplementary,
                                supplementary.repeat(255),
                                supplementary.repeat(256),
                                "a".repeat(255),
                                "a".repeat(256),
                                "_a",
                                "1a",
                                "a_1",
                                "a\u0663",
                                "\u0663",
                                "a\n",
                                "\r\nX-Injected: yes",
                                "a b",
                                " a",
                                "a ",
                                "a+b",
                                "a/b",
                                "/",
                                "../alice",
                                "..",
                                ".",
                                "a;b=c",
                                ";",
                                "a?b",
                                "a#b",
                                "a%2Fb",
                                "%00",
                                "a\\b",
                                "\u0007",
                                "\u007F",
                                "\uFEFFa",
                                "a\u200B",
                                "\u202Ea",
                                "\uFFFE",
                                "\uFFFD",
                                "\uD83D\uDD11",
                                "' OR '1'='1",
                                "'; DROP TABLE access_tokens;--",
                                "<script>alert(1)</script>",
                                "${jndi:ldap://127.0.0.1/a}",
                                "{{7*7}}",
                                "null",
                                "undefined",
                                "*",
                                "%",
                                "_",
                                "\"",
                                "{}",
                                "[]",
                                "ı",
                                "ß",
                                "ﬃ",
                                "ª",
                                "Ⅷ",
                                "ʰ")
                        .map(RestContractTest::encoded),
                // Malformed UTF-8: a lone byte, an overlong slash, a surrogate, beyond the last code point, cut short;
                // and raw.
                Stream.of("%FF", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "a%E6%BC", "a;b", "..%2f..", "%2e%2E", "a..b"));
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @ParameterizedTest
    @MethodSource("naughtySegments")
    void a_naughty_username_is_a_bad_request_exactly_where_the_document_says_so(String username) throws Exception {
        Answer answer = host.delete(host.adminsSecret(), username, "x");
        assertThat(answer.status())
                .as("%s", answer.objectionsToRequest())
                .isEqualTo(answer.objectionsToRequest().isEmpty() ? 404 : 400);
        assertThat(host.delete(null, username, "x").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @MethodSource("naughtySegments")
    void a_naughty_token_id_is_not_found(String tokenId) throws Exception {
        assertAnswer(host.delete(host.adminsSecret(), "alice", tokenId), 404, error("Not Found", "NOT_FOUND", ""));
        assertThat(host.delete(null, "alice", tokenId).status()).isEqualTo(401);
    }

    @Test
    void a_token_id_of_the_hosts_own_is_found_whatever_separates_its_parts() throws Exception {
        for (String id : new String[] {"a/b", "a;b", "a%2Fb", "..", "a\\b", "a?b=c#d"}) {
            host.add("alice", id);
            assertAnswer(host.delete(host.adminsSecret(), "alice", encoded(id)), 200, "{}");
        }
        host.add("alice", "c;d");
        assertAnswer(host.delete(host.adminsSecret(), "alice", "c;d"), 200, "{}");
    }

    @Test
    void a_secret_in_place_of_the_id_is_not_found_and_revokes_nothing() throws Exception {
        String secret = host.issue("alice").field("secret");
        assertThat(host.delete(secret, "alice", secret).status()).isEqualTo(404);
        assertThat(host.ask("GET", "/v1/users/alice/tokens", secret, null).status())
                .isEqualTo(200);
    }

    @Test
    void a_secret_in_place_of_any_other_text_is_refused_or_is_nobody() throws Exception {
        String admin = host.adminsSecret();
        String secret = host.issue("alice").field("secret");
        String name = "{\"name\":\"" + secret + "\",\"ttl\":\"P30D\",\"scopes\":[]}";
        assertThat(host.delete(admin, secret, "x").status()).isEqualTo(404);
        assertThat(host.ask("GET", "/v1/users/" + secret + "/tokens", admin, null)
                        .body())
                .contains("\"tokens\":[]");
        assertThat(host.ask("GET", "/v1/users/alice/tokens?after=" + secret, admin, null)
                        .status())
                .isEqualTo(400);
        assertThat(host.ask("POST", "/v1/users/alice/tokens", admin, name).status())
                .isEqualTo(400);
        // Nobody has that name, and the policy, which might log it, is not asked.
        assertThat(host.ask(
                                "POST",
                                "/v1/users/" + secret + "/tokens",
                                host.login(),
                                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[]}")
                        .status())
                .isEqualTo(403);
        assertThat(host.ask("GET", "/v1/users/alice/tokens", secret, null).status())
                .isEqualTo(200);
    }

    @Test
    void who_logs_in_issues_and_a_token_is_listed_by_its_owner_without_its_secret() throws Exception {
        Answer issued = host.issue("%E6%BC%A2%E5%AD%97");
        String secret = issued.field("secret");
        String path = "/v1/users/%E6%BC%A2%E5%AD%97/tokens";
        String another = "{\"name\":\"another\",\"ttl\":\"P30D\",\"scopes\":[]}";
        for (String token : new String[] {secret, host.adminsSecret()}) {
            assertThat(host.ask("POST", path, token, another).status()).isEqualTo(403);
        }
        assertThat(host.ask("POST", path, null, another).status()).isEqualTo(401);
        Answer listed = host.ask("GET", path, secret, null);
        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.body())
                .contains(issued.field("id"), "\"ACTIVE\"")
                .doesNotContain(secret.substring(secret.length() - 49));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "\"x\"",
                "{}",
                "{\"name\":null}",
                "{\"name\":\"\"}",
                "{\"name\":\"a\\u0000\"}",
                "{\"name\":\"\\uD800\"}",
                "{\"name\":\"x\",\"tll\":\"P30D\"}",
                "{\"name\":\"x\",\"ttl\":\"\"}",
                "{\"name\":\"x\",\"ttl\":\" \"}",
                "{\"name\":\"x\",\"ttl\":\"tomorrow\"}",
                "{\"name\":\"x\",\"ttl\":\"-P1D\"}",
                "{\"name\":\"x\",\"ttl\":\"PT0.0000001S\"}",
                "{\"name\":\"x\",\"ttl\":\"P999999999D\"}",
                "{\"name\":\"x\",\"ttl\":\"P999999999999999999D\"}",
                "{\"name\":\"x\",\"ttl\":{}}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[],\"renewableUntil\":\"tomorrow\"}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[],\"renewableUntil\":\"2020-01-01T00:00:00Z\"}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[],\"renewableUntil\":\"9999-12-31T00:00:00Z\"}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[],\"renewableUntil\":1}",
                "{\"name\":\"x\"}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":null}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":\"tokens\"}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":{}}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[null]}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[1]}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[\"\"]}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[\"unknown\"]}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[\"Tokens\"]}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[\"*\",\"tokens\"]}",
                "{\"name\":\"x\",\"ttl\":\"P30D\",\"scopes\":[[\"tokens\"]]}"
            })
    void a_body_that_breaks_a_rule_is_a_bad_request_with_an_issue(String body) throws Exception {
        Answer answer = host.ask("POST", "/v1/users/alice/tokens", host.login(), body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("\"issues\":[{\"message\":");
        assertThat(host.ask("POST", "/v1/users/alice/tokens", null, body).status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=1001", "limit=99999999999", "limit=x", "after=%00", "after=", "after=%C3%A9"})
    void a_page_that_breaks_a_rule_is_a_bad_request(String query) throws Exception {
        String target = "/v1/users/alice/tokens?" + query;
        Answer answer = host.ask("GET", target, host.adminsSecret(), null);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.objectionsToRequest()).isNotEmpty();
        assertThat(host.ask("GET", target, null, null).status()).isEqualTo(401);
    }

    static Stream<String> notJson() {
        return Stream.of(
                        "multipart/form-data",
                        "multipart/form-data; boundary=x",
                        "application/x-www-form-urlencoded",
                        "text/plain",
                        "x")
                .map(type -> "Content-Type: " + type + "\r\nContent-Length: 3\r\n\r\n%zz");
    }

    @ParameterizedTest
    @MethodSource("notJson")
    void a_body_that_is_not_json_is_a_bad_request_and_an_unexpected_body_is_not_read(String body) throws Exception {
        assertRefused(host.sendBytes(head("POST /v1/users/alice/tokens") + body), 400, "BAD_REQUEST");
        assertRefused(host.sendBytes(head("DELETE /v1/users/alice/tokens/x") + body), 404, "NOT_FOUND");
    }

    @Test
    void a_body_of_a_megabyte_is_refused() throws Exception {
        String json = "{\"name\":\"" + "x".repeat(1 << 20) + "\"}";
        String type = "Content-Type: application/json\r\n";
        assertRefused(
                host.sendBytes(head("POST /v1/users/alice/tokens") + type + "Content-Length: " + json.length()
                        + "\r\n\r\n" + json.substring(0, 100)),
                400,
                "BAD_REQUEST");
        assertRefused(
                host.sendBytes(head("POST /v1/users/alice/tokens") + type + "Transfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(json.length()) + "\r\n" + json.substring(0, 20_000)),
                400,
                "BAD_REQUEST");
    }

    @Test
    void two_authorization_headers_speak_for_nobody() throws Exception {
        assertThat(host.sendBytes(head("DELETE /v1/users/alice/tokens/x") + "Authorization: Bearer x\r\n\r\n"))
                .startsWith("HTTP/1.1 401 ");
    }

    @Test
    void a_revocation_is_a_transaction_that_only_a_200_commits() throws Exception {
        String id = host.issue("alice").field("id");
        assertThat(host.transactionsOf(() -> host.delete(host.adminsSecret(), "alice", id)))
                .containsExactly(true);
        assertThat(host.transactionsOf(() -> host.delete(host.adminsSecret(), "alice", id)))
                .containsExactly(false);
    }

    @Test
    void a_secret_is_in_the_response_that_issues_it_and_in_no_string_of_the_hosts() throws Exception {
        assertThat(host.send(
                                "POST",
                                "/v1/users/alice/tokens",
                                host.login(),
                                "{\"name\":\"laptop\",\"ttl\":\"P30D\",\"scopes\":[]}")
                        .headers()
                        .firstValue("Cache-Control"))
                .contains("no-store");
        assertThat(new TokenController.NewToken("id", "laptop", List.of(), Instant.EPOCH, null, null, "pat_secret"))
                .hasToString("NewToken[id, masked]");
    }

    @Test
    void the_document_states_the_username_rule_of_the_contract() throws Exception {
        String document = host.send("GET", "/openapi.yaml", null, null).body();
        assertThat(document)
                .contains(
                        "pattern: '^[\\p{L}]'\n            minLength: 1\n            maxLength: 255\n",
                        "pattern: '^[\\p{L}\\d_]*$'\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/users/alice/tokens/x",
                "HEAD /v1/users/alice/tokens/x",
                "OPTIONS /v1/users/alice/tokens/x",
                "TRACE /v1/users/alice/tokens/x",
                "FOO /v1/users/alice/tokens/x",
                "PUT /v1/users/alice/tokens/x",
                "PATCH /v1/users/alice/tokens",
                "DELETE /v1/users/alice/tokens",
                "DELETE /v1/users/alice/tokens/",
                "DELETE /v1/users//tokens/x",
                "DELETE /v1/users/alice/tokens/x/y",
                "DELETE /v1/users/alice/tokens/../../bob/tokens/x",
                "DELETE /v2/users/alice/tokens/x",
                "GET /",
                "GET /error",
                "GET /favicon.ico",
                "POST /v1/tokens/current",
                "GET /v1/tokens",
                "GET /actuator",
                "GET /actuator/env",
                "GET /WEB-INF",
                "GET /WEB-INF/",
                "GET /WEB-INF/web.xml",
                "GET /web-inf/web.xml",
                "GET /%57EB-INF/web.xml",
                "GET //WEB-INF/web.xml",
                "GET /x/..%2fWEB-INF/web.xml",
                "GET /x/../WEB-INF/web.xml",
                "HEAD /WEB-INF/web.xml",
                "POST /WEB-INF/web.xml",
                "GET /META-INF/MANIFEST.MF",
                "GET /META-INF/resources/webjars/",
                "GET /webjars/",
                "GET /webjars/swagger-ui/",
                "GET /webjars/swagger-ui/..%2f..%2fapplication.properties",
                "GET /..%2fapplication.properties",
                "GET /application.properties"
            })
    void what_is_not_served_is_not_found(String methodAndTarget) throws Exception {
        for (String header : new String[] {
            "Accept: */*",
            "Accept: text/html",
            "Accept: nonsense",
            "Content-Type: multipart/form-data",
            "Origin: http://example.com\r\nAccess-Control-Request-Method: DELETE"
        }) {
            String response = host.sendBytes(head(methodAndTarget) + header + "\r\n\r\n");
            if (methodAndTarget.startsWith("HEAD")) {
                assertThat(response).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\n");
            } else {
                assertRefused(response, 404, "NOT_FOUND");
            }
        }
    }

    /** A request of the administrator's, up to where other headers go. */
    private static String head(String methodAndTarget) {
        return methodAndTarget + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + adminsSecret
                + "\r\n";
    }

    static Stream<String> notHttp() {
        String rest = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        return Stream.of(
                "DELETE /v1/users/alice/tokens/%zz" + rest + "\r\n",
                "DELETE /v1/users/alice/tokens/%" + rest + "\r\n",
                "DELETE /v1/users/alice/tokens/%u0041" + rest + "\r\n",
                "DELETE /v1/users/alice/tokens/a b" + rest + "\r\n",
                "DELETE /v1/users/alice/tokens/\u0000" + rest + "\r\n",
                "DELETE /v1/users/alice/tokens/%00" + rest + "\r\n",
                "DELETE /v1/users/a%00/tokens/x" + rest + "\r\n",
                "GET /WEB-INF%00" + rest + "\r\n",
                "DELETE /v1/users/alice/tokens/" + "x".repeat(20_000) + rest + "\r\n",
                "DELETE /v1/users/alice/tokens/x" + rest + "X: " + "y".repeat(20_000) + "\r\n\r\n",
                "DELETE /v1/users/alice/tokens/x" + rest + "Content-Length: x\r\n\r\n",
                "DELETE /v1/users/alice/tokens/x" + rest + "Transfer-Encoding: x\r\n\r\n",
                "DELETE /v1/users/alice/tokens/x" + rest + "Expect: x\r\n\r\n",
                "DELETE /v1/users/alice/tokens/x HTTP/1.1\r\n\r\n",
                "DELETE /v1/users/alice/tokens/x HTTP/9.9\r\nHost: x\r\n\r\n",
                "DELETE *" + rest + "\r\n",
                "nonsense\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("notHttp")
    void what_the_server_itself_refuses_is_a_bad_request_in_the_contracts_words(String request) throws Exception {
        assertRefused(host.sendBytes(request), 400, "BAD_REQUEST");
    }

    @Test
    void bytes_that_a_client_forgot_to_encode_are_read_as_utf_8() throws Exception {
        assertRefused(host.sendBytes(head("DELETE /v1/users/\u00C3\u00A9/tokens/x") + "\r\n"), 404, "NOT_FOUND");
        assertRefused(host.sendBytes(head("DELETE /v1/users/\u00FF/tokens/x") + "\r\n"), 400, "BAD_REQUEST");
    }

    @Test
    void the_document_and_the_health_of_the_host_are_served_to_everybody() throws Exception {
        assertThat(host.send("GET", "/openapi.yaml", null, null).headers().firstValue("Content-Type"))
                .contains("application/yaml");
        assertThat(host.send("GET", "/actuator/health", null, null).body()).contains("\"status\":\"UP\"");
    }

    private static void assertAnswer(Answer answer, int status, String body) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.body()).isEqualTo(body);
    }

    private static String error(String message, String code, String issues) {
        return "{\"message\":\"%s\",\"code\":\"%s\",\"issues\":[%s]}".formatted(message, code, issues);
    }

    private static void assertRefused(String response, int status, String code) {
        assertThat(response)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("Content-Type: application/json\r\n", "X-Content-Type-Options: nosniff\r\n")
                .containsOnlyOnce("Content-Type:")
                .containsOnlyOnce("X-Content-Type-Options:");
        String body = response.substring(response.indexOf("\r\n\r\n") + 4);
        assertThat(body).matches("\\{\"message\":\"[\\w ]+\",\"code\":\"" + code + "\",\"issues\":\\[.*]}");
    }
}
