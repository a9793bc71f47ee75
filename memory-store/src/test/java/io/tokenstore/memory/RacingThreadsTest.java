package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.fixtures.Walk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads that do the same to the same tokens in the same order, and so meet at one of them again and again. */
class RacingThreadsTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(1);
    private static final Owner ALICE = new Owner("alice");
    private static final Owner BOB = new Owner("bob");
    private static final int TOKENS = 50_000;

    private final InMemoryTokenStore store = new InMemoryTokenStore();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<TokenId> ids = IntStream.range(0, TOKENS)
            .mapToObj(i -> new TokenId("t" + (TOKENS + i)))
            .toList();

    @BeforeEach
    void keepTokens() {
        ids.forEach(id -> store.add(expired(id)));
    }

    @AfterEach
    void endTheThreads() {
        threads.shutdownNow();
    }

    @Test
    void of_four_callers_that_revoke_every_token_each_is_told_of_exactly_its_own() throws Exception {
        List<Revocation> own = Collections.synchronizedList(new ArrayList<>());
        Callable<List<TokenId>> revoking = () -> {
            Revocation mine = byAlice(NOW);
            own.add(mine);
            return ids.stream().filter(id -> store.revoke(ALICE, id, mine)).toList();
        };
        List<List<TokenId>> told = inEachThread(Collections.nCopies(4, revoking));
        assertThat(told.stream().mapToInt(List::size).sum()).isEqualTo(TOKENS);
        assertThat(own.stream().mapToInt(revocation -> store.revokeAll(ALICE, revocation)))
                .containsExactlyInAnyOrderElementsOf(
                        told.stream().map(List::size).toList());
    }

    @Test
    void a_purge_and_a_revoke_all_at_once_never_share_a_token() throws Exception {
        Revocation late = byAlice(NOW.plusSeconds(60));
        List<Integer> answers = inEachThread(List.of(
                this::walkOfPurges, this::walkOfPurges, () -> store.revokeAll(ALICE, late), this::walkOfPurges));
        int revoked = answers.get(2);
        int removed = answers.get(0) + answers.get(1) + answers.get(3);
        assertThat(removed + revoked).isEqualTo(TOKENS);
        assertThat(listed()).hasSize(revoked).extracting(Token::revocation).allMatch(late::equals);
        assertThat(scanned()).isEqualTo(listed());
    }

    /** An id that is added again while a purge cleans up after its first token. */
    @Test
    void a_token_added_by_an_id_that_is_being_purged_is_kept_found_listed_and_scanned() throws Exception {
        Callable<Integer> adding = () -> {
            int added = 0;
            for (TokenId id : ids) {
                Token again = Token.builder(id, added % 2 == 0 ? ALICE : BOB, "again", NOW)
                        .build();
                boolean mine = false;
                while (!mine && !isAgain(id)) {
                    mine = isAdded(again);
                }
                added += mine ? 1 : 0;
            }
            return added;
        };
        List<Integer> answers = inEachThread(List.of(this::walkOfPurges, adding, this::walkOfPurges, adding));
        int removed = answers.get(0) + answers.get(2);
        int added = answers.get(1) + answers.get(3);
        List<Token> kept = ids.stream().flatMap(id -> store.find(id).stream()).toList();
        assertThat(added).isEqualTo(TOKENS);
        assertThat(kept).hasSize(TOKENS).allMatch(token -> token.name().equals("again"));
        assertThat(removed).isEqualTo(TOKENS);
        assertThat(scanned()).isEqualTo(kept);
        assertThat(listed())
                .isEqualTo(kept.stream()
                        .filter(token -> token.owner().equals(ALICE))
                        .toList());
    }

    @Test
    void a_store_has_room_for_exactly_its_capacity_whatever_many_threads_do_at_once() throws Exception {
        InMemoryTokenStore small = new InMemoryTokenStore(20);
        List<TokenId> few = ids.subList(0, 40);
        Callable<Integer> work = () -> {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            int kept = 0;
            for (int i = 0; i < 20_000; i++) {
                TokenId id = few.get(random.nextInt(few.size()));
                switch (random.nextInt(4)) {
                    case 0, 1 -> kept += isAddedIfThereIsRoom(small, expired(id)) ? 1 : 0;
                    case 2 -> small.revoke(ALICE, id, byAlice(NOW));
                    default -> kept -= small.purge(LATER, id, 20).removed();
                }
            }
            return kept;
        };
        int kept = inEachThread(Collections.nCopies(8, work)).stream()
                .mapToInt(Integer::intValue)
                .sum();
        assertThat(small.scan(null, 1_000).tokens()).hasSize(kept);
        few.forEach(id -> isAddedIfThereIsRoom(small, expired(id)));
        assertThat(small.scan(null, 1_000).tokens()).hasSize(20);
    }

    private boolean isAdded(Token token) {
        try {
            store.add(token);
            return true;
        } catch (DuplicateTokenException e) {
            return false;
        }
    }

    private static boolean isAddedIfThereIsRoom(InMemoryTokenStore store, Token token) {
        try {
            store.add(token);
            return true;
        } catch (TokenStoreException duplicateOrFull) {
            assertThat(duplicateOrFull.applied()).isEqualTo(TokenStoreException.Applied.NO);
            return false;
        }
    }

    private boolean isAgain(TokenId id) {
        return store.find(id).filter(token -> token.name().equals("again")).isPresent();
    }

    private int walkOfPurges() {
        return Walk.purge(store, LATER, 1_000);
    }

    private List<Token> listed() {
        return Walk.of(after -> store.list(ALICE, after, 1_000));
    }

    private List<Token> scanned() {
        return Walk.of(after -> store.scan(after, 1_000));
    }

    private static Token expired(TokenId id) {
        return Token.builder(id, ALICE, "laptop", NOW).expiresAt(NOW).build();
    }

    private static Revocation byAlice(Instant when) {
        return new Revocation(UUID.randomUUID(), when, Actor.user("alice"), null);
    }

    private <T> List<T> inEachThread(List<Callable<T>> works) throws Exception {
        CyclicBarrier start = new CyclicBarrier(works.size());
        List<Callable<T>> together = works.stream()
                .<Callable<T>>map(work -> () -> {
                    start.await();
                    return work.call();
                })
                .toList();
        List<T> answers = new ArrayList<>();
        for (Future<T> answer : threads.invokeAll(together)) {
            answers.add(answer.get());
        }
        return answers;
    }
}
