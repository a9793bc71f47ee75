package io.tokenstore.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.examples.spring.RunningHost.Person;
import io.tokenstore.service.Caller;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.UserDetailsManager;

/** The API under tokens, by Spring Security's resource server. */
class ApiTest {

    private final RunningHost host = RunningHost.shared();

    @Test
    void a_token_tells_who_calls_and_by_which_token() throws Exception {
        String token = host.login("alice").create("laptop", "repo:read");
        HttpResponse<String> answer = host.api("GET", "/api/me", token);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"user\":\"alice\",\"token\":\"laptop\",\"scopes\":[\"repo:read\"]}");
    }

    @Test
    void a_scope_is_required_by_path_and_by_annotation() throws Exception {
        String reads = host.login("alice").create("reads", "repo:read");
        String writes = host.login("alice").create("writes", "repo:write");
        String nothing = host.login("alice").create("nothing");
        assertThat(host.api("GET", "/api/repos", reads).statusCode()).isEqualTo(200);
        assertThat(host.api("POST", "/api/repos?name=r", writes).statusCode()).isEqualTo(201);
        assertIsForbidden(host.api("GET", "/api/repos", writes));
        assertIsForbidden(host.api("POST", "/api/repos?name=r", reads));
        assertIsForbidden(host.api("GET", "/api/repos", nothing));
        assertThat(host.api("GET", "/api/me", nothing).statusCode()).isEqualTo(200);
    }

    @Test
    void a_token_that_permits_everything_has_each_scope() throws Exception {
        String everything = host.bean(TokenServices.class)
                .issuance()
                .issue(
                        Caller.user(new Owner("alice")),
                        "alice",
                        TokenRequest.named("all").withTtl(Duration.ofDays(1)).withScopes(List.of("*")))
                .orElseThrow()
                .secret();
        assertThat(host.api("GET", "/api/repos", everything).statusCode()).isEqualTo(200);
        assertThat(host.api("POST", "/api/repos?name=r", everything).statusCode())
                .isEqualTo(201);
    }

    @Test
    void what_a_token_created_names_its_owner_as_the_auditor() throws Exception {
        String token = host.login("bob").create("auditor", "repo:write");
        assertThat(host.api("POST", "/api/repos?name=mine", token).body())
                .contains("\"name\":\"mine\"", "\"createdBy\":\"bob\"");
    }

    @Test
    void whoever_has_no_live_token_is_challenged() throws Exception {
        HttpResponse<String> none = host.api("GET", "/api/me", null);
        assertThat(none.statusCode()).isEqualTo(401);
        String metadata = host.url("/.well-known/oauth-protected-resource");
        assertThat(challenge(none)).isEqualTo("Bearer resource_metadata=\"" + metadata + "\"");
        assertThat(host.api("GET", "/.well-known/oauth-protected-resource", null)
                        .body())
                .contains("\"bearer_methods_supported\":[\"header\"]");
        HttpResponse<String> nonsense = host.api("GET", "/api/me", "nonsense");
        assertThat(nonsense.statusCode()).isEqualTo(401);
        assertThat(challenge(nonsense)).startsWith("Bearer error=\"invalid_token\"");
        assertThat(host.api("POST", "/api/repos?name=r", null).statusCode()).isEqualTo(401);
        assertThat(host.api("GET", "/api/nowhere", null).statusCode()).isEqualTo(401);
    }

    @Test
    void a_session_does_not_open_the_api_nor_a_token_the_pages() throws Exception {
        Person alice = host.login("alice");
        assertThat(alice.open("/api/me").statusCode()).isEqualTo(401);
        String token = alice.create("page", "repo:read");
        HttpResponse<String> page = host.api("GET", "/settings/tokens", token);
        assertThat(page.statusCode()).isEqualTo(302);
        assertThat(page.headers().firstValue("Location").orElseThrow()).endsWith("/login");
    }

    @Test
    void a_disabled_users_tokens_and_sessions_are_refused_from_the_next_request_on() throws Exception {
        UserDetailsManager users = host.bean(UserDetailsManager.class);
        String password = users.loadUserByUsername("alice").getPassword();
        users.createUser(
                User.withUsername("carol").password(password).roles("USER").build());
        Person carol = host.login("carol");
        String token = carol.create("carols", "repo:read");
        assertThat(host.api("GET", "/api/me", token).statusCode()).isEqualTo(200);
        users.updateUser(User.withUsername("carol")
                .password(password)
                .roles("USER")
                .disabled(true)
                .build());
        assertThat(host.api("GET", "/api/me", token).statusCode()).isEqualTo(401);
        assertThat(carol.open("/settings/tokens").statusCode()).isEqualTo(401);
    }

    @Test
    void no_answer_and_no_log_line_of_the_host_shows_a_secret() throws Exception {
        String token = host.login("alice").create("quiet", "repo:read");
        assertThat(host.api("GET", "/api/me", token).body()).doesNotContain(token.substring(26));
        assertThat(host.console()).doesNotContain(RunningHost.PASSWORD);
    }

    private static void assertIsForbidden(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(challenge(answer)).startsWith("Bearer error=\"insufficient_scope\"");
    }

    private static String challenge(HttpResponse<String> answer) {
        return answer.headers().firstValue("WWW-Authenticate").orElseThrow();
    }
}
