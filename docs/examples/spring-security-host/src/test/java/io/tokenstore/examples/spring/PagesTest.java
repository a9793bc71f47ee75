package io.tokenstore.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.examples.spring.RunningHost.Person;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages, as a browser without scripts gets them. */
class PagesTest {

    private final RunningHost host = RunningHost.shared();

    @Test
    void whoever_is_not_logged_in_is_sent_to_the_login_page() throws Exception {
        Person stranger = host.person();
        assertThat(stranger.open("/settings/tokens").uri().getPath()).isEqualTo("/login");
        HttpResponse<String> refused = stranger.submit("/login", "username", "alice", "password", "wrong");
        assertThat(refused.body()).contains("The user name or the password is wrong.");
        assertThat(stranger.open("/settings/tokens").uri().getPath()).isEqualTo("/login");
    }

    @Test
    void a_new_tokens_secret_is_shown_once_and_never_cached() throws Exception {
        Person alice = host.login("alice");
        String secret = alice.create("once", "repo:read");
        assertThat(secret).startsWith("pat_");
        HttpResponse<String> later = alice.open("/settings/tokens");
        assertThat(later.body()).doesNotContain(secret).doesNotContain("id=\"secret\"");
        assertThat(later.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
        assertThat(alice.rows("once")).singleElement().asString().startsWith("once | repo:read | active | never | 20");
    }

    @Test
    void a_use_shows_as_the_last_use_at_once_on_this_node() throws Exception {
        Person alice = host.login("alice");
        String secret = alice.create("used", "repo:read");
        host.api("GET", "/api/me", secret);
        alice.open("/settings/tokens");
        assertThat(alice.rows("used")).singleElement().asString().startsWith("used | repo:read | active | 20");
    }

    @Test
    void a_rotated_token_goes_on_until_its_successor_is_used() throws Exception {
        Person alice = host.login("alice");
        String old = alice.create("rotating", "repo:read", "repo:write");
        alice.open("/settings/tokens");
        assertThat(alice.submit("/settings/tokens/" + alice.id("rotating") + "/rotate")
                        .statusCode())
                .isEqualTo(200);
        String successor = alice.secret();
        assertThat(host.api("GET", "/api/me", old).statusCode()).isEqualTo(200);
        assertThat(host.api("GET", "/api/me", successor).statusCode()).isEqualTo(200);
        assertThat(host.api("GET", "/api/me", old).statusCode()).isEqualTo(401);
        alice.open("/settings/tokens");
        assertThat(alice.rows("rotating"))
                .hasSize(2)
                .anyMatch(row -> row.startsWith("rotating | repo:read repo:write | revoked"))
                .anyMatch(row -> row.startsWith("rotating | repo:read repo:write | active"));
    }

    @Test
    void a_revoked_token_is_refused_and_a_second_revocation_says_that_it_has_ended() throws Exception {
        Person alice = host.login("alice");
        String secret = alice.create("lost", "repo:read");
        alice.open("/settings/tokens");
        String path = "/settings/tokens/" + alice.id("lost") + "/revoke";
        assertThat(alice.submit(path).body()).contains("The token is revoked.");
        assertThat(alice.rows("lost")).singleElement().asString().contains("| revoked |");
        assertThat(host.api("GET", "/api/me", secret).statusCode()).isEqualTo(401);
        assertThat(alice.submit(path).body()).contains("The token has ended before.");
    }

    @Test
    void all_of_a_users_tokens_are_revoked_and_nobody_elses() throws Exception {
        String admins = host.login("admin").create("kept", "repo:read");
        Person bob = host.login("bob");
        String first = bob.create("first", "repo:read");
        String second = bob.create("second", "repo:read");
        assertThat(bob.submit("/settings/tokens/revoke-all").body()).contains("All your tokens are revoked.");
        assertThat(host.api("GET", "/api/me", first).statusCode()).isEqualTo(401);
        assertThat(host.api("GET", "/api/me", second).statusCode()).isEqualTo(401);
        assertThat(host.api("GET", "/api/me", admins).statusCode()).isEqualTo(200);
    }

    @Test
    void another_users_token_is_not_found() throws Exception {
        Person alice = host.login("alice");
        String secret = alice.create("hers", "repo:read");
        alice.open("/settings/tokens");
        Person bob = host.login("bob");
        assertThat(bob.submit("/settings/tokens/" + alice.id("hers") + "/revoke")
                        .body())
                .contains("The token has ended before.");
        assertThat(bob.submit("/settings/tokens/" + alice.id("hers") + "/rotate")
                        .statusCode())
                .isEqualTo(404);
        assertThat(host.api("GET", "/api/me", secret).statusCode()).isEqualTo(200);
    }

    @Test
    void a_form_that_breaks_a_rule_is_answered_with_what_is_wrong() throws Exception {
        Person alice = host.login("alice");
        HttpResponse<String> answer =
                alice.submit("/settings/tokens", "name", "tab\there", "days", "1000", "scopes", "repo:delete");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("No token was created", "name must", "ttl must", "scopes[0] is not a scope")
                .doesNotContain("id=\"secret\"");
        assertThat(alice.submit("/settings/tokens", "name", "x", "days", "many").statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_name_is_text_whatever_it_looks_like() throws Exception {
        Person alice = host.login("alice");
        alice.create("<script>alert(1)</script>", "repo:read");
        assertThat(alice.page()).doesNotContain("<script>alert").contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    }

    @Test
    void a_form_without_its_csrf_token_changes_nothing() throws Exception {
        Person alice = host.login("alice");
        String secret = alice.create("forged", "repo:read");
        assertThat(alice.submitWith("guessed", "/settings/tokens/revoke-all").statusCode())
                .isEqualTo(403);
        assertThat(alice.submitWith("guessed", "/settings/tokens", "name", "x", "days", "7")
                        .statusCode())
                .isEqualTo(403);
        assertThat(host.api("GET", "/api/me", secret).statusCode()).isEqualTo(200);
    }

    @Test
    void administrators_search_and_revoke_the_tokens_of_all() throws Exception {
        String secret = host.login("alice").create("searched", "repo:read");
        Person admin = host.login("admin");
        admin.create("searched", "repo:read");
        admin.open("/admin/tokens?owner=ali");
        assertThat(admin.rows("searched")).singleElement().asString().startsWith("alice | searched |");
        HttpResponse<String> answer = admin.submit("/admin/tokens/alice/" + admin.id("searched") + "/revoke");
        assertThat(answer.uri()).hasToString(host.url("/admin/tokens?owner=alice"));
        assertThat(answer.body()).contains("The token is revoked.");
        assertThat(host.api("GET", "/api/me", secret).statusCode()).isEqualTo(401);
    }

    @Test
    void others_neither_search_nor_revoke_the_tokens_of_all_nor_see_metrics() throws Exception {
        Person alice = host.login("alice");
        alice.create("own", "repo:read");
        alice.open("/settings/tokens");
        assertThat(alice.page()).doesNotContain("/admin/tokens");
        assertThat(alice.submit("/admin/tokens/alice/" + alice.id("own") + "/revoke")
                        .statusCode())
                .isEqualTo(403);
        assertThat(alice.open("/admin/tokens").statusCode()).isEqualTo(403);
        assertThat(alice.open("/actuator/metrics").statusCode()).isEqualTo(403);
        Person admin = host.login("admin");
        assertThat(admin.open("/actuator/metrics/tokens.issued").body()).contains("\"statistic\":\"COUNT\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/settings/tokens", "/admin/tokens", "/nowhere"})
    void each_page_runs_and_styles_by_files_of_the_host_alone_and_labels_its_fields(String path) throws Exception {
        HttpResponse<String> answer = host.login("admin").open(path);
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        String page = answer.body();
        assertThat(page).contains("<html lang=\"en\">", "<main id=\"content\">", "<h1>");
        assertThat(page).doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=|javascript:");
        assertThat(results("<script[^>]*>", page)).containsExactly("<script src=\"/copy.js\" defer>");
        for (String field : results("<(?:input|select)[^>]*>", page)) {
            if (!field.contains("type=\"hidden\"") && !field.contains("type=\"checkbox\"")) {
                String id = field.replaceAll("(?s).* id=\"(\\w+)\".*", "$1");
                assertThat(page).as(field).contains("<label for=\"" + id + "\">");
            }
        }
    }

    private static List<String> results(String pattern, String page) {
        return Pattern.compile(pattern)
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
