package io.tokenstore.service;

import io.tokenstore.InvalidInputException;
import io.tokenstore.Owner;
import io.tokenstore.TokenId;
import io.tokenstore.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The checks before a service's work, always in one order: who asks, then what, then whether they may. */
record Gate(AccessPolicy policy, UsernameRule usernames) {

    /**
     * Admits a request to the work, or refuses it before anything was looked at.
     *
     * @param otherViolations what else is wrong with the request; not asked for an anonymous caller, and may throw
     * @param itself whether the caller asks for the very token that authenticated them
     * @param nobody the answer if a secret was pasted for the username: no store, driver or log must see it
     */
    <T> Result<T> admit(
            Caller caller,
            Action action,
            @Nullable String username,
            Supplier<List<Violation>> otherViolations,
            boolean itself,
            Function<Owner, Result<T>> nobody,
            Function<Owner, Result<T>> work) {
        if (caller.isAnonymous()) {
            return Result.refused(Status.UNAUTHORIZED);
        }
        return guard(() -> {
            List<Violation> violations =
                    username == null ? List.of(new Violation("username is required")) : usernames.violations(username);
            Owner owner = null;
            if (violations.isEmpty()) {
                try {
                    owner = new Owner(Objects.requireNonNull(username));
                } catch (InvalidInputException e) { // The host's rule may accept what no store could keep.
                    violations = ofUsername(e.violations());
                }
            }
            List<Violation> others = otherViolations.get();
            if (owner == null || !others.isEmpty()) {
                return Result.badRequest(joined(violations, others));
            }
            if (TokenId.mayHoldSecret(owner.value())) { // which a policy might log, or hand to a driver
                return AccessPolicy.ownerOrAdmin().permits(new AccessRequest(caller, action, owner))
                        ? nobody.apply(owner)
                        : Result.refused(Status.FORBIDDEN);
            }
            if (!caller.mayBy(action, owner, itself)) { // before the policy, so that none can forget it
                return Result.lackingScope(caller.neededScope(action, owner));
            }
            return policy.permits(new AccessRequest(caller, action, owner))
                    ? work.apply(owner)
                    : Result.refused(Status.FORBIDDEN);
        });
    }

    /** Admits a request about one token as {@link #admit} does; a string that is not a valid id is one that nobody has. */
    <T> Result<T> admitToToken(
            Caller caller,
            Action action,
            @Nullable String username,
            @Nullable String tokenId,
            Supplier<List<Violation>> otherViolations,
            boolean itself,
            BiFunction<Owner, TokenId, Result<T>> work) {
        List<Violation> missing = tokenId == null ? List.of(new Violation("token_id is required")) : List.of();
        return admit(
                caller,
                action,
                username,
                () -> joined(missing, otherViolations.get()),
                itself,
                secret -> Result.refused(Status.NOT_FOUND),
                owner -> TokenId.of(tokenId).map(id -> work.apply(owner, id)).orElse(Result.refused(Status.NOT_FOUND)));
    }

    /** Admits a request about the tokens of all owners as {@link #admit} does. A caller by a token needs its scope. */
    <T> Result<T> admitToAll(
            Caller caller, Action action, Supplier<List<Violation>> violations, Supplier<Result<T>> work) {
        if (caller.isAnonymous()) {
            return Result.refused(Status.UNAUTHORIZED);
        }
        return guard(() -> {
            List<Violation> found = violations.get();
            if (!found.isEmpty()) {
                return Result.badRequest(found);
            }
            if (!caller.mayBy(action, null, false)) { // before the policy, so that none can forget it
                return Result.lackingScope(caller.neededScope(action, null));
            }
            return policy.permits(new AccessRequest(caller, action, null))
                    ? work.get()
                    : Result.refused(Status.FORBIDDEN);
        });
    }

    /** Says what is wrong with an owner in the words of a client, who knows no owners. */
    static List<Violation> ofUsername(List<Violation> ofOwner) {
        return ofOwner.stream()
                .map(violation -> new Violation(violation.message().replaceFirst("^owner ", "username ")))
                .toList();
    }

    static List<Violation> joined(List<Violation> first, List<Violation> second) {
        List<Violation> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** Returns what the constructor of a value says is wrong with its arguments. */
    static List<Violation> violations(Runnable construction) {
        try {
            construction.run();
            return List.of();
        } catch (InvalidInputException e) {
            return e.violations();
        }
    }

    interface Work<T> {
        Result<T> answer() throws Exception;
    }

    /** Makes a failure of whatever the work throws; an Error propagates. */
    static <T> Result<T> guard(Work<T> work) {
        try {
            return work.answer();
        } catch (Exception e) {
            return Result.failed(e);
        }
    }
}
