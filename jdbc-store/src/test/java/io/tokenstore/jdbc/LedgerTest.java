package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** A ledger that found nothing wrong would prove nothing. */
class LedgerTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Owner ALICE = new Owner("alice");
    private static final TokenId ID = new TokenId("t1");

    private final JdbcConnectionPool pool = H2.memory();
    private final Revocation first = revocation();
    private final Revocation second = revocation();
    private JdbcTokenStore store;
    private Ledger ledger;

    @BeforeEach
    void start(TestInfo test) {
        JdbcTokenStore.createSchema(pool);
        store = JdbcTokenStore.create(pool);
        store.add(Token.builder(ID, ALICE, "laptop", NOW).build());
        ledger = new Ledger(test, "a store that lies");
    }

    @AfterEach
    void dropTheDatabase() {
        pool.dispose();
    }

    @Test
    void exact_answers_are_in_order() {
        ledger.revoke(store, ALICE, ID, first);
        ledger.revoke(store, ALICE, ID, second);
        ledger.revoke(store, ALICE, ID, first);
        fail(Applied.NO, second);
        fail(Applied.UNKNOWN, revocation());
        ledger.compareWith(store);
    }

    @Test
    void a_failure_that_was_applied_is_in_order_if_it_said_perhaps() {
        store.revoke(ALICE, ID, first);
        fail(Applied.UNKNOWN, first);
        fail(Applied.NO, first);
        ledger.compareWith(store);
    }

    @Test
    void an_acknowledged_revocation_that_is_not_there_is_lost() {
        answer(true, first);
        assertFails("lost");
    }

    @Test
    void an_acknowledged_revocation_in_whose_place_another_is_was_acknowledged_wrongly() {
        store.revoke(ALICE, ID, first);
        answer(true, first);
        answer(true, second);
        assertFails("wrong");
    }

    @Test
    void a_revocation_that_is_there_and_was_not_found_was_denied_wrongly() {
        store.revoke(ALICE, ID, first);
        answer(false, first);
        assertFails("wrong");
    }

    @Test
    void a_failure_that_was_applied_is_wrong_if_it_said_surely_not() {
        store.revoke(ALICE, ID, first);
        fail(Applied.NO, first);
        assertFails("wrong");
    }

    private void assertFails(String what) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> ledger.compareWith(store))
                .withMessageContaining(what);
    }

    private void answer(boolean revoked, Revocation how) {
        ledger.revoke(answering(() -> revoked), ALICE, ID, how);
    }

    private void fail(Applied applied, Revocation how) {
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> ledger.revoke(
                        answering(() -> {
                            throw new TokenStoreException("failed", applied, null);
                        }),
                        ALICE,
                        ID,
                        how));
    }

    private static TokenStore answering(BooleanSupplier answer) {
        return (TokenStore) Proxy.newProxyInstance(
                TokenStore.class.getClassLoader(),
                new Class<?>[] {TokenStore.class},
                (store, method, arguments) -> answer.getAsBoolean());
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
