package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.TestInfo;

/** What callers were told about their revocations, kept where no database can lose it. */
final class Ledger {

    private enum Answer {
        REVOKED,
        NOT_FOUND,
        SURELY_NOT_APPLIED,
        PERHAPS_APPLIED
    }

    private final String test;
    private final Map<TokenId, Map<Revocation, Set<Answer>>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private long lastAnswer;
    private long longestSilence;

    Ledger(TestInfo test, String where) {
        this.test = "%s.%s on %s"
                .formatted(
                        test.getTestClass().orElseThrow().getSimpleName(),
                        test.getTestMethod().orElseThrow().getName(),
                        where);
    }

    /** Revokes the token, and writes down what came of it. */
    boolean revoke(TokenStore store, Owner owner, TokenId id, Revocation how) {
        try {
            boolean revoked = store.revoke(owner, id, how);
            record(id, how, revoked ? Answer.REVOKED : Answer.NOT_FOUND);
            return revoked;
        } catch (TokenStoreException e) {
            failures.incrementAndGet();
            record(id, how, e.applied() == Applied.NO ? Answer.SURELY_NOT_APPLIED : Answer.PERHAPS_APPLIED);
            throw e;
        }
    }

    int acknowledged() {
        return acknowledged.get();
    }

    int failures() {
        return failures.get();
    }

    /** Compares with what the database has, prints the result, and fails if an answer was lost or wrong. */
    void compareWith(TokenStore database) {
        int survived = 0;
        int lost = 0;
        int wrong = 0;
        for (Map.Entry<TokenId, Map<Revocation, Set<Answer>>> token : answers.entrySet()) {
            Optional<Revocation> kept = database.find(token.getKey()).map(Token::revocation);
            for (Map.Entry<Revocation, Set<Answer>> call : token.getValue().entrySet()) {
                boolean applied = kept.filter(call.getKey()::equals).isPresent();
                boolean revoked = call.getValue().contains(Answer.REVOKED);
                survived += revoked && applied ? 1 : 0;
                lost += revoked && kept.isEmpty() ? 1 : 0;
                wrong += isWrong(call.getValue(), applied, kept.isPresent()) ? 1 : 0;
            }
        }
        System.out.printf(
                "ledger of %s: acknowledged %d, survived %d, lost %d, wrong %d, failures %d, longest silence %d ms%n",
                test, acknowledged(), survived, lost, wrong, failures(), longestSilence / 1_000_000);
        assertThat(lost).as("lost").isZero();
        assertThat(wrong).as("wrong").isZero();
        assertThat(survived).as("survived").isEqualTo(acknowledged());
    }

    private synchronized void listen() {
        long now = System.nanoTime();
        longestSilence = lastAnswer == 0 ? 0 : Math.max(longestSilence, now - lastAnswer);
        lastAnswer = now;
    }

    /** A token has one revocation: two that were both acknowledged are found here too, since one of them is not it. */
    private static boolean isWrong(Set<Answer> answers, boolean applied, boolean revokedByAnother) {
        return applied
                ? answers.contains(Answer.NOT_FOUND) || answers.equals(Set.of(Answer.SURELY_NOT_APPLIED))
                : answers.contains(Answer.REVOKED) && revokedByAnother;
    }

    private void record(TokenId id, Revocation how, Answer answer) {
        answers.computeIfAbsent(id, token -> new ConcurrentHashMap<>()).compute(how, (call, before) -> {
            Set<Answer> all = before == null ? EnumSet.noneOf(Answer.class) : before;
            if (all.add(answer) && answer == Answer.REVOKED) {
                acknowledged.incrementAndGet();
                listen();
            }
            return all;
        });
    }
}
