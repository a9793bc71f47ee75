package io.tokenstore.service;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Revokes tokens of all owners: those in a leaked list, or those issued before an instant.
 *
 * <p>All tokens of one call carry the same act. Each revocation is reported as soon as the store has answered. If the store
 * fails for a token, the token is skipped and the answer is a failure.
 */
final class MassRevocation {

    private final TokenStore store;
    private final Clock clock;
    private final Gate gate;
    private final TokenForms forms;
    private final Journal journal;

    MassRevocation(TokenStore store, Clock clock, Gate gate, TokenForms forms, Journal journal) {
        this.store = store;
        this.clock = clock;
        this.gate = gate;
        this.forms = forms;
        this.journal = journal;
    }

    Result<Long> revokeLeaked(
            Caller caller, Iterable<String> strings, RevocationRequest request, BiConsumer<String, Verdict> verdicts) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(strings, "strings");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(verdicts, "verdicts");
        LeakedList list = new LeakedList(caller, request, verdicts);
        Result<Long> result = gate.admitToAll(
                caller, Action.REVOKE_LEAKED, request::violations, () -> Result.ok(list.revoke(strings)));
        return journal.record(
                caller,
                Action.REVOKE_LEAKED,
                result,
                () -> caller + " revokes the tokens of a leaked list"
                        + (hasBegun(result) ? ", " + list.revoked + " of its strings" : ""),
                events -> {});
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
        Walk walk = new Walk(caller, instant, request, after);
        Result<WalkProgress> result = gate.admitToAll(
                caller,
                Action.REVOKE_ISSUED_BEFORE,
                request::violations,
                () -> Result.ok(walk.revoke(budget, progress)));
        return journal.record(
                caller,
                Action.REVOKE_ISSUED_BEFORE,
                result,
                () -> caller + " revokes the tokens of all users that were issued before " + instant + " after " + after
                        + (hasBegun(result) ? walk.howFar() : ""),
                events -> {});
    }

    private static boolean hasBegun(Result<?> result) {
        return result.status() == Status.OK || result.cause().isPresent();
    }

    private void refuseWithinTheHostsTransaction() {
        if (store.inHostTransaction()) {
            throw new IllegalStateException(
                    "revoke all users' tokens outside the host's transaction: the transaction may see an old state");
        }
    }

    private void tell(Caller caller, Revoked done) {
        journal.tell(events -> events.revoked(done.event(caller, false)));
    }

    /** Calls the host's code. Only the type and the place of its exceptions are kept: the message may hold a secret. */
    private static <T> T ask(String what, Supplier<T> host) {
        try {
            return host.get();
        } catch (Exception e) {
            throw Failures.withoutMessage(what + " threw " + e.getClass().getName(), e);
        }
    }

    /** A token to look up, or the result for a string that is not a token. */
    private record Parsed(@Nullable PresentedToken token, Presentation otherwise) {}

    /** One list, in batches of as many strings as the store looks up at once. */
    private final class LeakedList {

        private final Caller caller;
        private final RevocationRequest request;
        private final BiConsumer<String, Verdict> verdicts;
        private final Failures failures = new Failures();
        private long revoked;

        LeakedList(Caller caller, RevocationRequest request, BiConsumer<String, Verdict> verdicts) {
            this.caller = caller;
            this.request = request;
            this.verdicts = verdicts;
        }

        long revoke(Iterable<String> strings) {
            refuseWithinTheHostsTransaction();
            UUID act = request.idOf(caller.actor(), Action.REVOKE_LEAKED.name());
            Iterator<String> rest = ask("the list", strings::iterator);
            List<String> batch = new ArrayList<>();
            boolean more = true;
            while (more) {
                try {
                    more = ask("the list", () -> rest.hasNext() && batch.add(rest.next()));
                } catch (RuntimeException e) {
                    failures.keep(e); // The strings that were read before are still revoked.
                    more = false;
                }
                if (batch.size() == TokenStore.MAX_PAGE || !more) {
                    revoke(batch, request.by(caller.actor(), act, clock));
                    batch.clear();
                }
            }
            failures.throwIfAny();
            return revoked;
        }

        private void revoke(List<String> batch, Revocation revocation) {
            List<Parsed> all = batch.stream().map(this::parse).toList();
            List<TokenId> ids = all.stream()
                    .flatMap(parsed -> Stream.ofNullable(parsed.token()))
                    .map(PresentedToken::id)
                    .distinct()
                    .toList();
            Map<TokenId, Token> kept = lookUp(ids);
            Set<TokenId> told = new HashSet<>();
            for (int i = 0; i < batch.size(); i++) {
                String text = batch.get(i);
                Parsed parsed = all.get(i);
                Presentation presentation =
                        parsed.token() == null ? parsed.otherwise() : present(parsed.token(), kept, revocation);
                Revoked done = presentation.done();
                if (done != null) {
                    revoked++;
                    if (told.add(done.id())) {
                        tell(caller, done);
                    }
                }
                ask("the consumer of verdicts", () -> {
                    verdicts.accept(text, presentation.verdict());
                    return true;
                });
            }
        }

        private Parsed parse(@Nullable String text) {
            try {
                PresentedToken token = text == null ? null : forms.parse(text).orElse(null);
                return new Parsed(token, Presentation.NO_TOKEN);
            } catch (RuntimeException e) {
                failures.keep(e); // The host's format failed for this string.
                return new Parsed(null, Presentation.FAILED);
            }
        }

        /** Returns null if the look-up fails: one unreadable row makes it fail for all. */
        private @Nullable Map<TokenId, Token> lookUp(List<TokenId> ids) {
            try {
                return ids.isEmpty() ? Map.of() : store.findAll(ids);
            } catch (RuntimeException e) {
                return null;
            }
        }

        private Presentation present(
                PresentedToken token, @Nullable Map<TokenId, Token> lookedUp, Revocation revocation) {
            try {
                Token kept = lookedUp == null ? store.find(token.id()).orElse(null) : lookedUp.get(token.id());
                Presentation presentation =
                        Presentation.of(store, token, kept, revocation, request.revokesSuccessors());
                if (lookedUp == null || presentation.id() != null) { // Otherwise the store was not asked.
                    failures.endTheRow();
                }
                return presentation;
            } catch (RuntimeException e) {
                failures.add(token.id(), e);
                return Presentation.FAILED;
            }
        }
    }

    /** One walk, step by step. */
    private final class Walk {

        private final Caller caller;
        private final Instant instant;
        private final RevocationRequest request;
        private final Failures failures = new Failures();
        private WalkProgress stands;

        Walk(Caller caller, Instant instant, RevocationRequest request, @Nullable TokenId after) {
            this.caller = caller;
            this.instant = instant;
            this.request = request;
            this.stands = new WalkProgress(0, 0, after);
        }

        WalkProgress revoke(WalkBudget budget, Consumer<WalkProgress> progress) {
            refuseWithinTheHostsTransaction();
            UUID act = request.idOf(caller.actor(), Action.REVOKE_ISSUED_BEFORE.name());
            WalkProgress end = budget.walk(clock, stands.resumeAfter(), TokenStore.MAX_PAGE, (soFar, maxExamined) -> {
                TokenPage page = store.scan(soFar.resumeAfter(), maxExamined);
                // With the time of this step: purges and audits rely on it.
                Revocation revocation = request.by(caller.actor(), act, clock);
                int revoked = 0;
                for (Token token : page.tokens()) {
                    if (token.createdAt().isBefore(instant) && isRevoked(token, revocation)) {
                        revoked++;
                    }
                }
                stands = soFar.plus(maxExamined, revoked, page.resumeAfter());
                progress.accept(stands);
                return stands;
            });
            failures.throwIfAny();
            return end;
        }

        /** Returns whether the token itself certainly carries the revocation. */
        private boolean isRevoked(Token token, Revocation revocation) {
            Revocation first = token.revocation();
            boolean mayBeOurs = first == null || first.id().equals(revocation.id());
            if (!mayBeOurs
                    && !(request.revokesSuccessors()
                            && Succession.successorOf(token).isPresent())) {
                return false; // The first one wins permanently, so a write would change nothing.
            }
            try {
                boolean done = mayBeOurs && store.revoke(token.owner(), token.id(), revocation);
                if (done) {
                    tell(caller, new Revoked(token.owner(), token.id(), revocation));
                } else if (request.revokesSuccessors()) {
                    revokeSuccessors(mayBeOurs ? store.find(token.id()).orElse(token) : token, revocation);
                }
                failures.endTheRow();
                return done;
            } catch (RuntimeException e) {
                journal.passedOver(token.id(), e);
                failures.add(token.id(), e);
                return false;
            }
        }

        /** Skips a successor that was itself issued before the instant: it has its own turn, so no chain is followed twice. */
        private void revokeSuccessors(Token token, Revocation revocation) {
            Succession.successorOf(token)
                    .flatMap(store::find)
                    .filter(next -> next.owner().equals(token.owner())
                            && !next.createdAt().isBefore(instant))
                    .map(next -> Succession.revoke(store, next.owner(), next.id(), revocation, true))
                    .ifPresent(last -> tell(caller, new Revoked(token.owner(), last, revocation)));
        }

        private String howFar() {
            return ", " + stands.matched() + " tokens"
                    + (stands.resumeAfter() == null ? "" : " up to " + stands.resumeAfter());
        }
    }
}
