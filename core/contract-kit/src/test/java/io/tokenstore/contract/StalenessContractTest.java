package io.tokenstore.contract;

import static io.tokenstore.contract.KitRun.assertFailsBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;

class StalenessContractTest {

    @Test
    void a_node_that_answers_from_a_cache_of_its_own_fails_by_rule_38() {
        Contract.node = CachingNode::new;
        assertFailsBy(Rule.R38, "CachingNode", Contract.class);
    }

    @Test
    void nodes_that_look_each_time_pass() {
        Contract.node = NodeStore::new;
        assertThat(KitRun.of(Contract.class, "r38", Map.of(), false).values())
                .hasSize(2)
                .allMatch(result -> result.getStatus() == TestExecutionResult.Status.SUCCESSFUL);
    }

    /** Knows what it has seen for longer than any bound. */
    private static final class CachingNode extends NodeStore {

        private final Map<TokenId, Optional<Token>> seen = new ConcurrentHashMap<>();

        CachingNode(TreeMapStore database) {
            super(database);
        }

        @Override
        public Optional<Token> find(TokenId id) {
            return seen.computeIfAbsent(id, super::find);
        }
    }

    /** Not a test of this module's own: the launcher runs it against the store in question. */
    static final class Contract implements StalenessContract {

        private static Function<TreeMapStore, TokenStore> node;

        private final TreeMapStore database = new TreeMapStore();

        @Override
        public TokenStore emptyStore() {
            return node.apply(database);
        }

        @Override
        public TokenStore anotherNode(TokenStore store) {
            return node.apply(database);
        }
    }
}
