package io.tokenstore.service;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Revokes tokens of all owners: those in a leaked list, or those that were issued before an instant.
 *
 * <p>All tokens of one call carry one act. It is told of each as soon as the store has answered.
 */
final class MassRevocation {

    private static final TokenId NOBODYS = new TokenId("nobodys");

    private final TokenStore store;
    private final Clock clock;
    private final Gate gate;
    private final Journal journal;

    MassRevocation(TokenStore store, Clock clock, Gate gate, Journal journal) {
        this.store = store;
        this.clock = clock;
        this.gate = gate;
        this.journal = journal;
    }

    Result<Long> revokeLeaked(
            Caller caller, Iterable<String> strings, RevocationRequest request, BiConsumer<String, Verdict> verdicts) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(strings, "strings");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(verdicts, "verdicts");
        Result<Long> result = gate.admitToAll(
                caller,
                Action.REVOKE_LEAKED,
                request::violations,
                () -> Result.ok(new LeakedList(caller, request, verdicts).revoke(strings.iterator())));
        return journal.record(
                caller,
                Action.REVOKE_LEAKED,
                result,
                () -> caller + " revokes the tokens of a leaked list"
                        + (result.status() == Status.OK ? ", " + result.value() + " of its strings" : ""),
                events -> {});
    }

    /** One list, batch by batch: as many strings at a time as the store looks up at once. */
    private final class LeakedList {

        private final Caller caller;
        private final boolean andSuccessors;
        private final BiConsumer<String, Verdict> verdicts;
        private final Revocation revocation;
        private @Nullable RuntimeException failure;

        LeakedList(Caller caller, RevocationRequest request, BiConsumer<String, Verdict> verdicts) {
            this.caller = caller;
            this.andSuccessors = request.revokesSuccessors();
            this.verdicts = verdicts;
            this.revocation = request.by(caller.actor(), clock);
        }

        long revoke(Iterator<String> strings) {
            long revoked = 0;
            List<String> batch = new ArrayList<>();
            while (strings.hasNext()) {
                batch.add(strings.next());
                if (batch.size() == TokenStore.MAX_PAGE || !strings.hasNext()) {
                    revoked += revoke(batch);
                    batch.clear();
                }
            }
            if (failure != null) {
                throw failure;
            }
            return revoked;
        }

        private long revoke(List<String> batch) {
            List<Optional<PresentedToken>> presented = batch.stream()
                    .map(text -> Optional.ofNullable(text).flatMap(PresentedToken::parse))
                    .toList();
            List<TokenId> ids = presented.stream()
                    .flatMap(Optional::stream)
                    .map(PresentedToken::id)
                    .distinct()
                    .toList();
            Map<TokenId, Token> kept = lookUp(ids);
            long revoked = 0;
            for (int i = 0; i < batch.size(); i++) {
                Presentation presentation =
                        presented.get(i).map(token -> present(token, kept)).orElse(Presentation.NO_TOKEN);
                if (presentation.done() != null) {
                    revoked++;
                    tell(caller, presentation.done());
                }
                verdicts.accept(batch.get(i), presentation.verdict());
            }
            return revoked;
        }

        /** Returns null if that fails: one row that can't be read fails it for all. */
        private @Nullable Map<TokenId, Token> lookUp(List<TokenId> ids) {
            try {
                return ids.isEmpty() ? Map.of() : store.findAll(ids);
            } catch (RuntimeException e) {
                return null;
            }
        }

        private Presentation present(PresentedToken token, @Nullable Map<TokenId, Token> lookedUp) {
            try {
                Token kept = lookedUp == null ? store.find(token.id()).orElse(null) : lookedUp.get(token.id());
                return Presentation.of(store, token, kept, proven -> revocation, andSuccessors);
            } catch (RuntimeException e) {
                store.find(NOBODYS); // It fails too if the store is away, and so ends the list.
                failure = failure == null ? e : failure;
                return Presentation.FAILED;
            }
        }
    }

    Result<WalkProgress> revokeIssuedBefore(
            Caller caller,
            Instant instant,
            RevocationRequest request,
            @Nullable TokenId after,
            WalkBudget budget,
            Consumer<WalkProgress> progress) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(instant, "instant");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(budget, "budget");
        Objects.requireNonNull(progress, "progress");
        Result<WalkProgress> result = gate.admitToAll(caller, Action.REVOKE_ISSUED_BEFORE, request::violations, () -> {
            Revocation revocation = request.by(caller.actor(), clock);
            return Result.ok(budget.walk(clock, after, TokenStore.MAX_PAGE, (soFar, maxExamined) -> {
                TokenPage page = store.scan(soFar.resumeAfter(), maxExamined);
                int revoked = 0;
                for (Token token : page.tokens()) {
                    if (token.createdAt().isBefore(instant)
                            && revoke(caller, token, revocation, request.revokesSuccessors())) {
                        revoked++;
                    }
                }
                WalkProgress now = soFar.plus(maxExamined, revoked, page.resumeAfter());
                progress.accept(now);
                return now;
            }));
        });
        return journal.record(
                caller,
                Action.REVOKE_ISSUED_BEFORE,
                result,
                () -> caller + " revokes the tokens of all users that were issued before " + instant + " after " + after
                        + (result.status() == Status.OK ? ", " + result.value().matched() + " tokens" : ""),
                events -> {});
    }

    /** Returns whether the token itself carries the revocation now. */
    private boolean revoke(Caller caller, Token token, Revocation revocation, boolean andSuccessors) {
        Revocation first = token.revocation();
        if (first != null
                && !first.id().equals(revocation.id())
                && !(andSuccessors && Succession.successorOf(token).isPresent())) {
            return false; // It wins permanently, so a write would change nothing.
        }
        TokenId last = Succession.revoke(store, token.owner(), token.id(), revocation, andSuccessors);
        if (last != null) {
            tell(caller, new Revoked(token.owner(), last, revocation));
        }
        return token.id().equals(last);
    }

    private void tell(Caller caller, Revoked done) {
        journal.tell(events -> events.revoked(done.event(caller, store.inHostTransaction())));
    }
}
