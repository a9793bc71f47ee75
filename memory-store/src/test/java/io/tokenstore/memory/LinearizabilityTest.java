package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * For each token, every call takes effect at one instant between call and return: Lincheck searches for a history that says
 * otherwise.
 */
class LinearizabilityTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @Test
    void the_store_is_linearizable_in_every_interleaving_that_the_model_checker_tries() {
        bounded(new ModelCheckingOptions())
                .addGuarantee(forClasses(ConcurrentHashMap.class.getName(), ConcurrentSkipListMap.class.getName())
                        .allMethods()
                        .treatAsAtomic())
                .check(StoreHistory.class);
    }

    @Test
    void the_store_is_linearizable_under_stress() {
        bounded(new StressOptions()).check(StoreHistory.class);
    }

    @Test
    void the_checker_finds_a_store_that_looks_before_it_writes() {
        assertThatExceptionOfType(LincheckAssertionError.class)
                .isThrownBy(() -> bounded(new ModelCheckingOptions()).check(RacyHistory.class));
    }

    private static <O extends Options<O, ?>> O bounded(O options) {
        return options.iterations(10)
                .invocationsPerIteration(300)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .sequentialSpecification(Specification.class);
    }

    /** The operations as Lincheck calls them, on the store itself, with one id: no promise is about two tokens at once. */
    @Param(name = "id", gen = IntGen.class, conf = "1:1")
    @Param(name = "owner", gen = IntGen.class, conf = "1:2")
    @Param(name = "act", gen = IntGen.class, conf = "1:3")
    public static class StoreHistory {

        private final TokenStore store;

        public StoreHistory() {
            this(new InMemoryTokenStore());
        }

        StoreHistory(TokenStore store) {
            this.store = store;
        }

        @Operation
        public boolean add(@Param(name = "owner") int owner, @Param(name = "id") int id) {
            try {
                store.add(Token.builder(id(id), owner(owner), "laptop", NOW)
                        .predecessor(id(9))
                        .build());
                return true;
            } catch (DuplicateTokenException e) {
                return false;
            }
        }

        @Operation
        public String find(@Param(name = "id") int id) {
            return text(store.find(id(id)));
        }

        @Operation
        public String list(@Param(name = "owner") int owner, @Param(name = "id") int id) {
            return text(store.list(owner(owner), id(id - 1), 1).tokens().stream()
                    .filter(token -> token.id().equals(id(id)))
                    .findFirst());
        }

        @Operation
        public String scan(@Param(name = "id") int id) {
            return text(store.scan(id(id - 1), 1).tokens().stream()
                    .filter(token -> token.id().equals(id(id)))
                    .findFirst());
        }

        @Operation
        public boolean revoke(
                @Param(name = "owner") int owner, @Param(name = "id") int id, @Param(name = "act") int act) {
            return store.revoke(
                    owner(owner), id(id), new Revocation(new UUID(0, act), NOW, Actor.user("act" + act), null));
        }

        @Operation
        public boolean activate(@Param(name = "owner") int owner, @Param(name = "id") int id) {
            return store.activate(owner(owner), id(id));
        }

        /** Removes what is revoked. */
        @Operation
        public int purge(@Param(name = "id") int id) {
            return store.purge(NOW.plusSeconds(1), id(id - 1), 1).removed();
        }

        private static String text(Optional<Token> found) {
            return found.map(token -> token.owner()
                            + (token.predecessor() == null ? "" : " pending")
                            + (token.revocation() == null
                                    ? ""
                                    : " " + token.revocation().by().name()))
                    .orElse("none");
        }

        private static TokenId id(int number) {
            return new TokenId("t" + number);
        }

        private static Owner owner(int number) {
            return new Owner("user" + number);
        }
    }

    /** What the operations mean, one after the other. */
    public static class Specification extends StoreHistory {

        public Specification() {
            super(new TreeMapStore());
        }
    }

    /** Additions to a store that looks before it writes, to show that the checker sees the difference. */
    @Param(name = "id", gen = IntGen.class, conf = "1:1")
    @Param(name = "owner", gen = IntGen.class, conf = "1:2")
    public static class RacyHistory {

        private final Map<Integer, Integer> owners = new ConcurrentHashMap<>();

        @Operation
        public boolean add(@Param(name = "owner") int owner, @Param(name = "id") int id) {
            if (owners.containsKey(id)) {
                return false;
            }
            owners.put(id, owner);
            return true;
        }
    }
}
