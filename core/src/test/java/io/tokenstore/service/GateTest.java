package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Violation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a host's own rule for usernames makes of a request. */
class GateTest {

    private static final Caller ADMIN = Caller.admin("ops");
    private static final String SECRET = "acme_pat_" + "0Kc".repeat(22).substring(0, 65);

    private final List<Owner> asked = new ArrayList<>();
    private final AccessPolicy policy = request -> asked.add(request.owner());

    @Test
    void the_hosts_rule_decides_which_usernames_are_accepted() {
        UsernameRule numbers = username ->
                username.matches("[0-9]+") ? List.of() : List.of(new Violation("username must be a number"));
        assertThat(admit(numbers, "42")).returns(Status.OK, Result::status).returns("worked", Result::value);
        assertThat(violations(admit(numbers, "alice"))).containsExactly("username must be a number");
        assertThat(violations(admit(numbers, null))).containsExactly("username is required");
        assertThat(violations(admit(UsernameRule.openApi(), "42")))
                .containsExactly("username must begin with a letter");
        assertThat(admit(UsernameRule.any(), "alice@example.com").status()).isEqualTo(Status.OK);
        assertThat(asked).containsExactly(new Owner("42"), new Owner("alice@example.com"));
    }

    @Test
    void what_the_hosts_rule_accepts_must_be_an_owner_too() {
        UsernameRule everything = username -> List.of();
        for (String noOwner : List.of("", "a b", "a\n", "a\u200B", "\uD800", "x".repeat(256))) {
            assertThat(violations(admit(everything, noOwner)))
                    .hasSize(1)
                    .allMatch(text -> text.startsWith("username must"));
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void a_rule_that_throws_or_returns_null_accepts_nothing() {
        RuntimeException bug = new IllegalStateException("directory is down");
        UsernameRule failing = username -> {
            throw bug;
        };
        assertThat(admit(failing, "alice"))
                .returns(Status.INTERNAL_SERVER_ERROR, Result::status)
                .satisfies(result -> assertThat(result.cause()).contains(bug));
        assertThat(admit(username -> null, "alice").status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(asked).isEmpty();
    }

    @Test
    void a_secret_is_nobodys_name_whatever_the_rule_accepts() {
        for (String pasted : List.of(SECRET, "\"" + SECRET + "\"", "my:" + SECRET + ".", SECRET + SECRET)) {
            assertThat(admit(UsernameRule.any(), pasted).value()).isEqualTo("nobody");
        }
    }

    private Result<String> admit(UsernameRule rule, String username) {
        return new Gate(policy, rule)
                .admit(
                        ADMIN,
                        Action.LIST,
                        username,
                        List::of,
                        false,
                        owner -> Result.ok("nobody"),
                        owner -> Result.ok("worked"));
    }

    private static List<String> violations(Result<?> result) {
        assertThat(result.status()).isEqualTo(Status.BAD_REQUEST);
        return result.error().orElseThrow().issues().stream()
                .map(Violation::message)
                .toList();
    }
}
