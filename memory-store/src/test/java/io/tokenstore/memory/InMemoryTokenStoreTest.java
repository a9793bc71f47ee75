package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What this store promises beyond the contract: a capacity. */
class InMemoryTokenStoreTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(1);
    private static final Owner ALICE = new Owner("alice");

    @Test
    void a_full_store_refuses_and_keeps_what_it_has_until_a_purge_makes_room() {
        InMemoryTokenStore store = new InMemoryTokenStore(2);
        store.add(token("t1"));
        store.add(token("t2"));
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.add(token("t3")))
                .returns(TokenStoreException.Applied.NO, TokenStoreException::applied);
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(token("t1")));
        assertThat(store.list(ALICE, null, 10).tokens()).containsExactly(token("t1"), token("t2"));
        store.purge(LATER, null, 1);
        store.add(token("t3"));
        assertThat(store.list(ALICE, null, 10).tokens()).containsExactly(token("t2"), token("t3"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void a_store_has_room_for_a_token_at_least(int capacity) {
        assertThatIllegalArgumentException().isThrownBy(() -> new InMemoryTokenStore(capacity));
    }

    @Test
    void a_store_may_have_room_for_one_token() {
        InMemoryTokenStore store = new InMemoryTokenStore(1);
        store.add(token("t1"));
        assertThat(store.find(token("t1").id())).contains(token("t1"));
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW)
                .expiresAt(NOW)
                .build();
    }
}
