package io.tokenstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The methods that a store need not have: {@link TreeMapStore} has none of them. The kit tests what they promise. */
class TokenStoreTest {

    private static final Owner ALICE = new Owner("alice");

    private final TreeMapStore store = new TreeMapStore();

    private static List<Token> tokens(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Token.builder(new TokenId("t" + i), ALICE, "laptop", Instant.EPOCH)
                        .build())
                .toList();
    }

    private static List<TokenId> ids(List<Token> tokens) {
        return tokens.stream().map(Token::id).toList();
    }

    @Test
    void as_many_tokens_as_fit_on_a_page_are_added_and_found_in_one_call() {
        List<Token> most = tokens(0, TokenStore.MAX_PAGE);
        store.addAll(most);
        assertThat(store.findAll(ids(most)).values()).containsExactlyInAnyOrderElementsOf(most);
    }

    @Test
    void more_tokens_than_fit_on_a_page_are_refused_and_none_is_added() {
        List<Token> tooMany = tokens(0, TokenStore.MAX_PAGE + 1);
        assertThatIllegalArgumentException().isThrownBy(() -> store.addAll(tooMany));
        assertThat(store.tokens).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> store.findAll(ids(tooMany)));
    }

    @Test
    void a_duplicate_among_several_tokens_is_reported_as_a_duplicate() {
        store.addAll(tokens(1, 2));
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.addAll(tokens(0, 3)));
    }

    @Test
    void it_is_certain_that_nothing_was_applied_only_if_the_first_token_failed() {
        List<Token> three = tokens(0, 3);
        TokenStoreException down = new TokenStoreException("down", Applied.NO, null);
        for (Token failing : three.subList(0, 2)) {
            TreeMapStore partly = new TreeMapStore() {
                @Override
                public synchronized void add(Token token) {
                    if (token.equals(failing)) {
                        throw down;
                    }
                    super.add(token);
                }
            };
            Throwable thrown = catchThrowable(() -> partly.addAll(three));
            if (failing.equals(three.get(0))) {
                assertThat(thrown).isSameAs(down);
            } else {
                assertThat(thrown)
                        .isInstanceOfSatisfying(
                                TokenStoreException.class,
                                e -> assertThat(e.applied()).isEqualTo(Applied.UNKNOWN))
                        .hasCause(down);
            }
        }
    }

    @Test
    void by_default_a_store_is_not_in_a_host_transaction() {
        assertThat(store.inHostTransaction()).isFalse();
    }
}
