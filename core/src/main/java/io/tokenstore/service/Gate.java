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

/** Checks a request before a service works on it, always in this order: the caller, the arguments, the permission. */
record Gate(AccessPolicy policy, UsernameRule usernames) {

    /**
     * Does the work if the request is admitted; refuses it before any look-up otherwise.
     *
     * @param otherViolations what else is wrong with the request; not asked for an anonymous caller, and may throw
     * @param itself whether the request is about the token that authenticated the caller
     * @param nobody the answer if a secret was pasted as the username: a store, driver or log must never see it
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
            if (TokenId.mayHoldSecret(owner.value())) { // A policy might log it, or pass it to a driver.
                return AccessPolicy.ownerOrAdmin().permits(new AccessRequest(caller, action, owner))
                        ? nobody.apply(owner)
                        : Result.refused(Status.FORBIDDEN);
            }
            if (!caller.mayBy(action, owner, itself)) { // Before the policy, so that no policy can forget it.
                return Result.lackingScope(caller.neededScope(action, owner));
            }
            return policy.permits(new AccessRequest(caller, action, owner))
                    ? work.apply(owner)
                    : Result.refused(Status.FORBIDDEN);
        });
    }

    /** Admits a request about one token as {@link #admit} does. A string that is not a valid id counts as an unknown id. */
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

    /** Admits a request about the tokens of all owners as {@link #admit} does. A caller with a token needs a scope for it. */
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
            if (!caller.mayBy(action, null, false)) { // Before the policy, so that no policy can forget it.
                return Result.lackingScope(caller.neededScope(action, null));
            }
            return policy.permits(new AccessRequest(caller, action, null))
                    ? work.get()
                    : Result.refused(Status.FORBIDDEN);
        });
    }

    /** Rewords an owner's violations for clients, who know only usernames. */
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

    /** Returns the violations that a value's constructor reports. */
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

    /** Turns the work's exception into a failed result; an Error propagates. */
    static <T> Result<T> guard(Work<T> work) {
        try {
            return work.answer();
        } catch (Exception e) {
            return Result.failed(e);
        }
    }
}
