package io.tokenstore.author;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tokenstore.TokenStore;
import io.tokenstore.contract.TokenStoreContract;
import io.tokenstore.fixtures.TreeMapStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The test class of a store's author, who has tests of their own beside the kit's. */
public final class AuthorsContract implements TokenStoreContract {

    private Thread ofSetUp;

    @BeforeEach
    void setUp() {
        ofSetUp = Thread.currentThread();
    }

    @Override
    public TokenStore emptyStore() {
        return new TreeMapStore();
    }

    @Test
    void fails() {
        fail("as it is");
    }

    @Test
    void runs_on_the_threads_of_its_set_up() {
        assertThat(Thread.currentThread()).isSameAs(ofSetUp);
    }

    @Override
    @Test
    public void r1_an_unknown_id_is_empty() {
        fail("overridden");
    }
}
