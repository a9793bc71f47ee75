package io.tokenstore.contract;

import io.tokenstore.TokenStore;
import io.tokenstore.service.TokenServices;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Services that remember tokens keep their bound on this store; see
 * {@link io.tokenstore.service.TokenServicesBuilder#maxStaleness(Duration) maxStaleness}.
 *
 * <p>The test class of a store also implements this interface, beside {@link TokenStoreContract}.
 */
public interface StalenessContract extends StoreUnderTest {

    /**
     * Returns the store as the host's second node has it, with its own caches. The kit does not close it.
     *
     * @param store the store that {@link #emptyStore()} returned last
     * @return another instance on the same data; the same one by default
     * @throws Exception if the instance can't be created; fails the test
     */
    default TokenStore anotherNode(TokenStore store) throws Exception {
        return store;
    }

    @Test
    default void r38_a_token_that_another_node_revoked_is_refused_within_the_bound() throws Exception {
        Duration bound = Duration.ofMillis(100);
        TokenStore store = emptyStore();
        TokenServices remembering =
                RevocationRace.services(anotherNode(store)).maxStaleness(bound).build();
        RevocationRace.run(RevocationRace.services(store).build(), remembering, bound);
    }

    @Test
    default void r38_a_token_that_was_revoked_through_the_same_services_is_refused_at_once() throws Exception {
        TokenServices remembering = RevocationRace.services(emptyStore())
                .maxStaleness(Duration.ofHours(1))
                .build();
        RevocationRace.run(remembering, remembering, Duration.ZERO);
    }
}
