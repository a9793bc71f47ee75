package io.tokenstore.jdbc.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.PageRequest;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.UsernameRule;
import io.tokenstore.service.Verdict;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way in from an older scheme, as docs/migrating.md shows it: 10,000 tokens of each form. */
class MigrationTest {

    private static final int TOKENS = 10_000;

    private final JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", "");
    private final OlderScheme older = new OlderScheme(pool, new Random(1));
    private final TokenStore store = new TreeMapStore();
    private final TokenServices tokens = services(store);

    static TokenServices services(TokenStore store) {
        // tag::formats[]
        TokenServices tokens = TokenServices.builder(store)
                .usernames(UsernameRule.any()) // numbers and e-mail addresses own tokens too
                .formats(OlderForms::numbered, OlderForms::withPublicId, OlderForms::secretAlone)
                .build();
        // end::formats[]
        return tokens;
    }

    private static final Logger SERVICES = Logger.getLogger("io.tokenstore.service");

    @BeforeEach
    void logNothing() {
        SERVICES.setLevel(Level.OFF); // A line for each of 120,000 revocations.
    }

    @AfterEach
    void dropTheDatabase() {
        SERVICES.setLevel(null);
        pool.dispose();
    }

    private void importAll(OlderScheme.Form form) throws SQLException {
        assertThat(older.importInto(store, form, (row, rules) -> {
                    throw new AssertionError(row + ": " + rules);
                }))
                .isEqualTo(TOKENS);
    }

    @ParameterizedTest
    @EnumSource
    void each_token_authenticates_and_is_revoked_by_presentation_and_no_wrong_secret_does(OlderScheme.Form form)
            throws SQLException {
        List<String> presented = older.create(form, TOKENS);
        importAll(form);
        Set<String> wrong = new LinkedHashSet<>();
        presented.forEach(text -> wrong.addAll(older.withAnotherSecret(text)));
        assertThat(wrong).hasSize(3 * TOKENS);
        assertThat(wrong.stream().filter(this::authenticates)).isEmpty();
        List<String> authenticated = new ArrayList<>();
        List<String> owners = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            authenticated.add(
                    tokens.authenticator().authenticateToken(presented.get(i)).toString());
            owners.add("user " + older.owner(form, i));
        }
        assertThat(authenticated).isEqualTo(owners);
        assertThat(wrong.stream().filter(text -> verdict(text) == Verdict.REVOKED_NOW))
                .isEmpty();
        assertThat(presented.stream().filter(text -> verdict(text) == Verdict.REVOKED_NOW))
                .hasSize(TOKENS);
        assertThat(presented.stream().filter(this::authenticates)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void what_was_revoked_there_or_has_an_owner_of_another_kind_is_not_exported(OlderScheme.Form form)
            throws SQLException {
        List<String> presented = older.create(form, 3);
        older.withdraw(form);
        assertThat(older.importInto(store, form, (row, rules) -> {})).isEqualTo(2);
        assertThat(presented.stream().map(this::authenticates)).containsExactly(true, false, true);
    }

    private Verdict verdict(String text) {
        return tokens.revocation().revokePresented(text).value();
    }

    private boolean authenticates(String text) {
        return !tokens.authenticator().authenticateToken(text).isAnonymous();
    }

    @Test
    void tokens_of_all_forms_live_beside_each_other_and_are_found_in_a_leaked_list() throws SQLException {
        List<String> leaked = new ArrayList<>();
        for (OlderScheme.Form form : OlderScheme.Form.values()) {
            leaked.addAll(older.create(form, TOKENS).subList(0, 500));
            importAll(form);
        }
        List<String> others = IntStream.range(0, 500).mapToObj(i -> "text " + i).toList();
        List<Verdict> verdicts = new ArrayList<>();
        leaked.addAll(others);
        tokens.revocation()
                .revokeLeaked(
                        Caller.admin("scanner"),
                        leaked,
                        RevocationRequest.plain(),
                        (text, verdict) -> verdicts.add(verdict))
                .orElseThrow();
        assertThat(verdicts.subList(0, 1_500)).containsOnly(Verdict.REVOKED_NOW);
        assertThat(verdicts.subList(1_500, 2_000)).containsOnly(Verdict.NO_TOKEN);
    }

    @Test
    void an_id_of_an_imported_token_is_listed_revoked_and_no_secret() throws SQLException {
        for (OlderScheme.Form form : OlderScheme.Form.values()) {
            String presented = older.create(form, TOKENS).get(7);
            importAll(form);
            Caller caller = tokens.authenticator().authenticateToken(presented);
            String id = caller.token().id().value();
            assertThat(id).matches("[0-9a-z]+|keys[.][0-9a-z]{8}");
            assertThat(id.length() < 9 || !presented.contains(id)).isTrue();
            String username = older.owner(form, 7);
            Caller owner = Caller.user(new Owner(username));
            assertThat(tokens.query()
                            .list(owner, username, new PageRequest(null, 100))
                            .orElseThrow()
                            .tokens())
                    .anyMatch(token -> token.id().equals(id));
            tokens.revocation().revoke(owner, username, id).orElseThrow();
            assertThat(store.find(new TokenId(id)).orElseThrow().stateAt(Instant.now()))
                    .isEqualTo(TokenState.REVOKED);
        }
    }

    @Test
    void a_numbered_token_and_a_public_id_of_digits_have_two_ids() {
        assertThat(OlderForms.numbered("12345678|secret").orElseThrow().id())
                .isNotEqualTo(
                        OlderForms.withPublicId("12345678.secret").orElseThrow().id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "myapp_", "my_app_"})
    void a_table_of_numbered_and_plain_tokens_is_imported_under_ids_made_from_the_hash(String prefix) {
        String secret = prefix + older.text("abcXYZ012", 48);
        TokenImport rows = new TokenImport(store, (row, rules) -> {});
        rows.add(new ExportedToken(
                null, "42", "laptop", OlderScheme.sha256(secret), () -> List.of("*"), () -> Instant.EPOCH, () -> null));
        assertThat(rows.finish()).isEqualTo(1);
        TokenServices both = TokenServices.builder(store)
                .formats(OlderForms::numberedOrAlone)
                .build();
        for (String presented : List.of(secret, "12|" + secret)) {
            assertThat(both.authenticator().authenticateToken(presented)).hasToString("user 42");
            for (String wrong : older.withAnotherSecret(presented)) {
                assertThat(both.authenticator().authenticateToken(wrong).isAnonymous())
                        .isTrue();
            }
        }
    }
}
