package io.tokenstore.examples.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenUses;
import io.tokenstore.contract.FailureContract.Fate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows as a call leaves them that did not come to its end, and ids that Cassandra takes for neighbours. */
@Tag("cassandra")
class CassandraRowsTest {

    private static final String KEYSPACE = "rows";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Owner ALICE = new Owner("alice");

    private static CassandraCluster cluster;

    private final TokenStore store = new CassandraTokenStore(cluster.session(), KEYSPACE, PATIENCE);
    private final TokenUses uses = new CassandraTokenUses(cluster.session(), KEYSPACE, PATIENCE);

    @BeforeAll
    static void start() throws InterruptedException {
        cluster = CassandraCluster.shared();
        cluster.createTables(KEYSPACE);
    }

    @BeforeEach
    void empty() {
        cluster.empty(KEYSPACE);
    }

    @Test
    void a_walk_misses_none_of_two_ids_that_have_the_same_hash() {
        List<Token> tokens = Stream.of("0000000000000000", "S66GwRgg.1BtBHj1", "another", "one-more")
                .map(CassandraRowsTest::token)
                .toList();
        store.addAll(tokens);
        List<Token> walked = new ArrayList<>();
        TokenId after = null;
        do {
            TokenPage page = store.scan(after, 1);
            walked.addAll(page.tokens());
            after = page.resumeAfter();
        } while (after != null);
        assertThat(walked).containsExactlyInAnyOrderElementsOf(tokens);
        assertThat(rows("SELECT token(id) FROM rows.tokens").stream()
                        .map(row -> row.getToken(0))
                        .distinct())
                .hasSize(3);
    }

    @Test
    void what_a_purge_claimed_and_did_not_remove_is_gone_and_a_later_purge_removes_it() {
        store.add(token("t"));
        claim("t", Uuids.startOf(System.currentTimeMillis() - 120_000));
        assertThat(store.find(new TokenId("t"))).isEmpty();
        assertThat(store.list(ALICE, null, 10)).isEqualTo(new TokenPage(List.of(), null));
        assertThat(store.scan(null, 10)).isEqualTo(new TokenPage(List.of(), null));
        assertThat(store.revoke(ALICE, new TokenId("t"), revocation())).isFalse();
        assertThat(store.revokeAll(ALICE, revocation())).isZero();
        assertThat(store.activate(ALICE, new TokenId("t"))).isFalse();
        assertThat(store.purge(Instant.EPOCH, null, 10)).isEqualTo(new PurgePage(0, null));
        assertThat(rows("SELECT id FROM rows.tokens")).isEmpty();
        assertThat(rows("SELECT id FROM rows.tokens_by_owner")).isEmpty();
    }

    @Test
    void a_purge_leaves_alone_what_another_one_has_just_claimed() {
        store.add(token("t").withRevocation(revocation()));
        claim("t", Uuids.timeBased());
        assertThat(store.purge(NOW.plusSeconds(1), null, 10)).isEqualTo(new PurgePage(0, null));
        assertThat(rows("SELECT id FROM rows.tokens")).hasSize(1);
    }

    @Test
    void what_a_purge_removed_stays_as_a_claimed_row_and_its_id_is_free() {
        store.add(token("t").withRevocation(revocation()));
        assertThat(store.purge(NOW.plusSeconds(1), null, 10)).isEqualTo(new PurgePage(1, null));
        assertThat(rows("SELECT id FROM rows.tokens")).hasSize(1);
        Token again =
                Token.builder(new TokenId("t"), new Owner("bob"), "phone", NOW).build();
        store.add(again);
        assertThat(store.find(again.id())).contains(again);
        assertThat(store.list(ALICE, null, 10).tokens()).isEmpty();
        assertThat(store.list(again.owner(), null, 10).tokens()).containsExactly(again);
        assertThat(store.revokeAll(ALICE, revocation())).isZero();
    }

    @Test
    void a_use_is_gone_with_its_token_and_removed_with_its_row() {
        TokenId id = new TokenId("used");
        store.add(token("used"));
        uses.record(Map.of(id, NOW, new TokenId("unknown"), NOW));
        assertThat(uses.lastUses(List.of(id, new TokenId("unknown")))).isEqualTo(Map.of(id, NOW));
        claim("used", Uuids.startOf(System.currentTimeMillis() - 120_000));
        uses.record(Map.of(id, NOW.plusSeconds(1)));
        assertThat(uses.lastUses(List.of(id))).isEmpty();
        assertThat(rows("SELECT id FROM rows.token_uses")).hasSize(1);
        store.purge(Instant.EPOCH, null, 10);
        assertThat(rows("SELECT id FROM rows.token_uses")).isEmpty();
    }

    @Test
    void a_successor_that_is_used_while_all_are_revoked_does_not_escape() {
        Token old = token("t2");
        Token successor = token("t1").toBuilder().predecessor(old.id()).build();
        store.add(old);
        AtomicInteger requests = new AtomicInteger();
        CqlSession session = LosingSession.of(cluster.session(), () -> {
            if (requests.incrementAndGet() == 2) { // It has looked at the list, and is about to revoke.
                store.add(successor);
                assertThat(store.revoke(ALICE, old.id(), revocation())).isTrue();
                assertThat(store.activate(ALICE, successor.id())).isTrue();
            }
            return Fate.ANSWERED;
        });
        Revocation all = revocation();
        assertThat(new CassandraTokenStore(session, KEYSPACE, PATIENCE).revokeAll(ALICE, all))
                .isEqualTo(1);
        assertThat(store.find(successor.id()).map(Token::revocation)).contains(all);
    }

    @Test
    void an_addition_that_is_refused_leaves_no_entry() {
        store.add(token("t"));
        Token other =
                Token.builder(new TokenId("t"), new Owner("bob"), "phone", NOW).build();
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(other));
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(token("t")));
        assertThat(rows("SELECT owner FROM rows.tokens_by_owner"))
                .extracting(row -> row.getString("owner"))
                .containsExactly("alice");
    }

    @Test
    void an_entry_without_a_token_shows_none_and_hides_none() {
        store.add(token("t2"));
        for (String id : List.of("t1", "t2", "t3")) {
            cluster.session()
                    .execute(
                            "INSERT INTO rows.tokens_by_owner (owner, id, addition) VALUES (?, ?, ?)",
                            "alice",
                            id,
                            UUID.randomUUID());
        }
        List<Token> walked = new ArrayList<>();
        TokenId after = null;
        do {
            TokenPage page = store.list(ALICE, after, 1);
            walked.addAll(page.tokens());
            after = page.resumeAfter();
        } while (after != null);
        assertThat(walked).containsExactly(token("t2"));
        Revocation all = revocation();
        assertThat(store.revokeAll(ALICE, all)).isEqualTo(1);
        assertThat(store.revokeAll(ALICE, all)).isEqualTo(1);
    }

    /** As a purge does first. */
    private static void claim(String id, UUID removal) {
        cluster.session().execute("UPDATE rows.tokens SET removal = ? WHERE id = ? IF EXISTS", removal, id);
    }

    private static List<Row> rows(String cql) {
        return cluster.session().execute(cql).all();
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW).build();
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
