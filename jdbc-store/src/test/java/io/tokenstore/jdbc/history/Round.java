package io.tokenstore.jdbc.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What was called and answered since a store was empty; once no call is under way any more, it is checked. */
final class Round {

    /** What was answered, and how often. */
    enum Answer {
        ADDED,
        DUPLICATE,
        FOUND,
        NOT_FOUND,
        REVOKED,
        NOT_REVOKED,
        REVOKED_WITH_ALL,
        LISTED,
        SCANNED,
        ACTIVATED,
        NOT_ACTIVATED,
        PURGED,
        /** To a call that began while another one on the same id was under way. */
        CONTESTED
    }

    private static final int ENDLESS = 10_000;

    private final AtomicLong clock = new AtomicLong();
    private final NavigableMap<TokenId, Queue<Call>> calls = new TreeMap<>();
    private final Map<Revocation, Integer> counts = new ConcurrentHashMap<>();
    private final Map<Answer, LongAdder> answers = new EnumMap<>(Answer.class);

    /** Begins with an empty store; other ids than these are not to be used. */
    Round(Collection<TokenId> ids) {
        ids.forEach(id -> calls.put(id, new ConcurrentLinkedQueue<>()));
        for (Answer answer : Answer.values()) {
            answers.put(answer, new LongAdder());
        }
    }

    Map<Answer, LongAdder> answers() {
        return answers;
    }

    void add(TokenStore store, Token token) {
        long began = now();
        boolean added = isDone(() -> store.add(token));
        calls.get(token.id()).add(Call.add(began, now(), token, added));
        count(added ? Answer.ADDED : Answer.DUPLICATE, 1);
    }

    private static boolean isDone(Runnable add) {
        try {
            add.run();
            return true;
        } catch (DuplicateTokenException e) {
            return false;
        }
    }

    Optional<Token> find(TokenStore store, TokenId id) {
        long began = now();
        Optional<Token> found = store.find(id);
        calls.get(id).add(Call.find(began, now(), found));
        count(found.isPresent() ? Answer.FOUND : Answer.NOT_FOUND, 1);
        return found;
    }

    /** By statements of the database that see all of the ids at once, or by one look after the other. */
    void findAll(TokenStore store, Collection<TokenId> ids) {
        long began = now();
        Map<TokenId, Token> found = store.findAll(ids);
        long ended = now();
        for (TokenId id : ids) {
            calls.get(id).add(Call.find(began, ended, Optional.ofNullable(found.get(id))));
            count(found.containsKey(id) ? Answer.FOUND : Answer.NOT_FOUND, 1);
        }
    }

    /** By one statement, which keeps all of the tokens, or none; their ids differ. */
    void addAll(TokenStore store, Collection<Token> tokens) {
        long began = now();
        boolean added = isDone(() -> store.addAll(tokens));
        long ended = now();
        // Another id than this one may be why.
        tokens.forEach(token ->
                calls.get(token.id()).add(added ? Call.add(began, ended, token, true) : Call.nothing(began, ended)));
        count(added ? Answer.ADDED : Answer.DUPLICATE, tokens.size());
    }

    void activate(TokenStore store, Owner owner, TokenId id) {
        long began = now();
        boolean activated = store.activate(owner, id);
        calls.get(id).add(Call.activate(began, now(), owner, activated));
        count(activated ? Answer.ACTIVATED : Answer.NOT_ACTIVATED, 1);
    }

    void revoke(TokenStore store, Owner owner, TokenId id, Revocation how) {
        long began = now();
        boolean revoked = store.revoke(owner, id, how);
        calls.get(id).add(Call.revoke(began, now(), owner, how, revoked));
        count(revoked ? Answer.REVOKED : Answer.NOT_REVOKED, 1);
    }

    int revokeAll(TokenStore store, Owner owner, Revocation how) {
        long began = now();
        int revoked = store.revokeAll(owner, how);
        long ended = now();
        calls.values().forEach(ofId -> ofId.add(Call.revokeAll(began, ended, owner, how)));
        count(Answer.REVOKED_WITH_ALL, revoked);
        return revoked;
    }

    /** By a revocation of no other call that no purge removes: as many tokens as it says are there in the end. */
    void revokeAllAndCount(TokenStore store, Owner owner, Revocation how) {
        counts.put(how, revokeAll(store, owner, how));
    }

    void list(TokenStore store, Owner owner, int limit) {
        walk(Answer.LISTED, limit, Optional.of(owner), after -> store.list(owner, after, limit));
    }

    /** These stores scan in the order of the ids. */
    void scan(TokenStore store, int limit) {
        walk(Answer.SCANNED, limit, Optional.empty(), after -> store.scan(after, limit));
    }

    /** Walks from page to page: each shows, between its bounds, whatever is there throughout, and once. */
    private void walk(Answer answer, int limit, Optional<Owner> owner, Function<TokenId, TokenPage> next) {
        NavigableMap<TokenId, Queue<Call>> ahead = calls;
        TokenId after = null;
        while (!ahead.isEmpty()) {
            long began = now();
            TokenPage answered = next.apply(after);
            long ended = now();
            List<Token> page = answered.tokens();
            TokenId last = answered.resumeAfter() == null ? calls.lastKey() : answered.resumeAfter();
            Map<TokenId, Queue<Call>> within = ahead.headMap(last, true);
            assertThat(page)
                    .as("A page of %d tokens after %s to %s", limit, after, last)
                    .hasSizeLessThanOrEqualTo(limit)
                    .extracting(Token::id)
                    .isSubsetOf(within.keySet())
                    .isSorted()
                    .doesNotHaveDuplicates();
            Map<TokenId, Token> listed = page.stream().collect(Collectors.toMap(Token::id, Function.identity()));
            within.forEach((id, ofId) -> {
                Optional<Token> seen = Optional.ofNullable(listed.get(id));
                ofId.add(owner.map(of -> Call.list(began, ended, of, seen)).orElse(Call.find(began, ended, seen)));
            });
            count(answer, page.size());
            ahead = ahead.tailMap(last, false);
            after = last;
        }
    }

    /** Walks through all tokens, in the store's own order: only the whole walk has examined a given one. */
    void purge(TokenStore store, Instant endedBefore, int examine) {
        long began = now();
        TokenId after = null;
        int steps = 0;
        do {
            PurgePage page = store.purge(endedBefore, after, examine);
            assertThat(++steps).as("Steps of a purge").isLessThan(ENDLESS);
            count(Answer.PURGED, page.removed());
            after = page.resumeAfter();
        } while (after != null);
        long ended = now();
        calls.values().forEach(ofId -> ofId.add(Call.purge(began, ended, endedBefore)));
    }

    /** Looks at what is left, checks that all answers agree with it and with each other, and returns it. */
    Collection<Token> end(TokenStore store) {
        List<Token> left =
                calls.keySet().stream().flatMap(id -> find(store, id).stream()).toList();
        calls.values().forEach(this::check);
        counts.forEach((how, count) -> assertThat(left)
                .filteredOn(token -> how.equals(token.revocation()))
                .as("What a revokeAll counted")
                .hasSize(count));
        assertThat(answers.get(Answer.ADDED).sum() - answers.get(Answer.PURGED).sum())
                .as("Added and not counted by a purge")
                .isEqualTo(left.size());
        return left;
    }

    private void check(Collection<Call> ofId) {
        List<Call> inOrder =
                ofId.stream().sorted(Comparator.comparing(Call::began)).toList();
        Linearization.firstUnexplained(inOrder).ifPresent(unexplained -> {
            throw new AssertionError(inOrder.stream()
                    .filter(call -> call.began() < unexplained.ended())
                    .map(Call::toString)
                    .collect(Collectors.joining("\n", "No order explains " + unexplained + "\nin\n", "\n")));
        });
        long underWayUntil = 0;
        for (Call call : inOrder) {
            count(Answer.CONTESTED, call.began() < underWayUntil ? 1 : 0);
            underWayUntil = Math.max(underWayUntil, call.ended());
        }
    }

    private long now() {
        return clock.incrementAndGet();
    }

    private void count(Answer answer, int times) {
        answers.get(answer).add(times);
    }
}
