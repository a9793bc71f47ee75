package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Whatever its scopes, its owner's role, the policy and the request are: no token does what its scopes do not permit, and no
 * policy can widen it. What is expected is stated here once more, in other words.
 */
class ScopesPropertyTest {

    /** 1,000,000 in the profile fuzz. */
    private static final int CASES = Integer.getInteger("scopes.cases", 100_000);

    private static final long SEED = Long.getLong("fuzz.seed", 1);

    private static final List<String> KNOWN = List.of("repo:read", "repo:write", "tokens", "tokens:admin");
    private static final List<Owner> OWNERS = List.of(new Owner("alice"), new Owner("bob"), new Owner("root"));
    private static final RevocationRequest PLAIN = RevocationRequest.plain();

    private enum Call {
        ISSUE,
        ROTATE,
        LIST,
        REVOKE,
        REVOKE_WITH_SUCCESSORS,
        REVOKE_ALL,
        REVOKE_CURRENT
    }

    /** Any function of what a policy can learn of a request. */
    private record AnyPolicy(long decisions) {

        boolean permits(boolean admin, boolean own, boolean byToken, Action action) {
            int question = action.ordinal() * 8 + (admin ? 4 : 0) + (own ? 2 : 0) + (byToken ? 1 : 0);
            return (decisions >> question & 1) == 1;
        }
    }

    /** Who asks, as this test knows it: the token is null for one who logged in, and the user for one who is none. */
    private record Asker(Caller caller, Owner user, boolean admin, IssuedToken token) {

        boolean hasScope(String scope) {
            return token == null || token.scopes().toList().contains("*") || scopes().contains(scope);
        }

        Set<String> scopes() {
            return Set.copyOf(token.scopes().toList());
        }
    }

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final RecordingStore store = new RecordingStore();
    private final List<IssuedToken> issued = new ArrayList<>();
    private final Map<TokenId, Token> kept = new TreeMap<>();
    private final TokenServices tokens = TokenServices.builder(store)
            .scopes("repo:read", "repo:write")
            .roles(this::roleOf)
            .policy(this::decide)
            .build();

    private Role roleNow = Role.USER;
    private AnyPolicy policyNow = new AnyPolicy(-1);
    private AccessRequest decidedOn;

    private Role roleOf(Owner owner) {
        return roleNow;
    }

    private boolean decide(AccessRequest request) {
        decidedOn = request;
        Caller caller = request.caller();
        return policyNow.permits(
                caller.isAdmin(), caller.isUser(request.owner()), caller.token() != null, request.action());
    }

    @Test
    void no_token_does_what_its_scopes_do_not_permit_and_no_policy_can_widen_it() {
        keepATokenOfEachOwnerForEachSetOfScopes();
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < CASES; i++) {
            try {
                outcomes.merge(tryOne(), 1, Integer::sum);
            } catch (AssertionError e) {
                throw new AssertionError("-Dfuzz.seed=" + SEED + ", case " + i + ": " + e.getMessage(), e);
            }
        }
        System.out.printf("%d cases of scopes, seed %d: %s%n", CASES, SEED, outcomes);
        assertThat(outcomes.keySet())
                .contains("token OK", "token FORBIDDEN", "token UNAUTHORIZED", "login OK", "login FORBIDDEN");
    }

    private void keepATokenOfEachOwnerForEachSetOfScopes() {
        for (Owner owner : OWNERS) {
            for (int set = 0; set <= 1 << KNOWN.size(); set++) {
                TokenRequest request = TokenRequest.named("t")
                        .withTtl(Duration.ofDays(1))
                        .withRenewableUntil(Instant.now().plus(Duration.ofDays(30)))
                        .withScopes(set == 1 << KNOWN.size() ? List.of("*") : subset(set));
                issued.add(tokens.issuance()
                        .issue(Caller.user(owner), owner.value(), request)
                        .orElseThrow());
            }
        }
        kept.putAll(store.tokens);
    }

    private static List<String> subset(int set) {
        List<String> scopes = new ArrayList<>();
        for (int i = 0; i < KNOWN.size(); i++) {
            if ((set >> i & 1) == 1) {
                scopes.add(KNOWN.get(i));
            }
        }
        return scopes;
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private String tryOne() {
        policyNow = new AnyPolicy(random.nextInt(4) == 0 ? -1 : random.nextLong());
        roleNow = Role.values()[random.nextInt(Role.values().length)];
        Asker asker = someAsker();
        Call call = Call.values()[random.nextInt(Call.values().length)];
        IssuedToken target = random.nextInt(3) == 0 && asker.token() != null ? asker.token() : oneOf(issued);
        List<String> wanted = subset(random.nextInt(1 << KNOWN.size()));
        decidedOn = null;
        store.asked.clear();

        Result<?> answer = answer(call, asker.caller(), target, wanted);

        Status status = answer.status();
        equal("status", status, expected(call, asker, target));
        equal("what the policy was asked", decidedOn != null, isDecided(call, asker, target));
        if (decidedOn != null) {
            equal("an administrator to the policy", decidedOn.caller().isAdmin(), asker.admin());
            equal("whose tokens", decidedOn.owner(), target.owner());
        }
        equal("the store was asked", !store.asked.isEmpty(), status == Status.OK);
        assertWhatChanged(call, asker, target, wanted, answer);
        for (String scope : KNOWN) {
            equal(scope, asker.caller().permits(scope), !asker.caller().isAnonymous() && asker.hasScope(scope));
        }
        return (asker.token() == null ? "login " : "token ") + status;
    }

    private Asker someAsker() {
        Owner user = oneOf(OWNERS);
        return switch (random.nextInt(6)) {
            case 0 -> new Asker(Caller.user(user), user, false, null);
            case 1 -> new Asker(Caller.admin(user), user, true, null);
            case 2 -> new Asker(Caller.admin("ops"), null, true, null);
            default -> {
                IssuedToken token = oneOf(issued);
                Caller caller = tokens.authenticator().authenticateToken(token.secret());
                boolean admin = roleNow == Role.ADMIN
                        && (token.scopes().toList().contains("*")
                                || token.scopes().toList().contains("tokens:admin"));
                equal("anonymous", caller.isAnonymous(), roleNow == Role.NONE);
                equal("an administrator", caller.isAdmin(), admin);
                if (roleNow != Role.NONE) {
                    equal(
                            "the current token",
                            Objects.requireNonNull(caller.token()).id(),
                            token.id());
                }
                yield new Asker(caller, token.owner(), admin, token);
            }
        };
    }

    private Result<?> answer(Call call, Caller caller, IssuedToken target, List<String> wanted) {
        String username = target.owner().value();
        return switch (call) {
            case ISSUE ->
                tokens.issuance()
                        .issue(
                                caller,
                                username,
                                TokenRequest.named("t")
                                        .withTtl(Duration.ofDays(1))
                                        .withScopes(wanted));
            case ROTATE ->
                tokens.issuance().rotate(caller, username, target.id().value(), null);
            case REVOKE_WITH_SUCCESSORS ->
                tokens.revocation().revoke(caller, username, target.id().value(), PLAIN.andSuccessors());
            case LIST -> tokens.query().list(caller, username, PageRequest.first(10));
            case REVOKE ->
                tokens.revocation().revoke(caller, username, target.id().value());
            case REVOKE_ALL -> tokens.revocation().revokeAll(caller, username, PLAIN);
            case REVOKE_CURRENT -> tokens.revocation().revokeCurrent(caller, PLAIN);
        };
    }

    private Status expected(Call call, Asker asker, IssuedToken target) {
        if (asker.caller().isAnonymous()) {
            return Status.UNAUTHORIZED;
        }
        if (call == Call.REVOKE_CURRENT) {
            return asker.token() == null ? Status.NOT_FOUND : Status.OK;
        }
        boolean own = target.owner().equals(asker.user());
        return isDecided(call, asker, target)
                        && policyNow.permits(asker.admin(), own, asker.token() != null, actionOf(call))
                ? Status.OK
                : Status.FORBIDDEN;
    }

    /** Whether the scopes leave it to the policy. */
    private static boolean isDecided(Call call, Asker asker, IssuedToken target) {
        if (asker.caller().isAnonymous() || call == Call.REVOKE_CURRENT) {
            return false;
        }
        if (call == Call.ROTATE) { // An owner's own, and by a token that very one.
            return target.owner().equals(asker.user()) && (asker.token() == null || target == asker.token());
        }
        if (asker.token() == null || (call == Call.REVOKE && target == asker.token())) {
            return true;
        }
        return call != Call.ISSUE && asker.hasScope(target.owner().equals(asker.user()) ? "tokens" : "tokens:admin");
    }

    private static Action actionOf(Call call) {
        return EnumSet.of(Call.ISSUE, Call.ROTATE, Call.LIST).contains(call)
                ? Action.valueOf(call.name())
                : Action.REVOKE;
    }

    private void assertWhatChanged(Call call, Asker asker, IssuedToken target, List<String> wanted, Result<?> answer) {
        if (answer.status() != Status.OK || call == Call.LIST) {
            return; // the store was asked for nothing, or for a list
        }
        if (call == Call.ISSUE || call == Call.ROTATE) {
            IssuedToken another = (IssuedToken) answer.value();
            Token added = store.tokens.remove(another.id());
            List<String> scopes = call == Call.ISSUE ? wanted : target.scopes().toList();
            equal("scopes of the new token", new HashSet<>(added.scopes().toList()), new HashSet<>(scopes));
            equal("its predecessor", added.predecessor(), call == Call.ISSUE ? null : target.id());
            equal("owner of the new token", added.owner(), target.owner());
            return;
        }
        int revoked = 0;
        for (Map.Entry<TokenId, Token> entry : store.tokens.entrySet()) {
            Token before = kept.get(entry.getKey());
            if (entry.getValue() != before) {
                boolean meant = call == Call.REVOKE_ALL
                        ? before.owner().equals(target.owner())
                        : before.id().equals((call == Call.REVOKE_CURRENT ? asker.token() : target).id());
                equal("a token that was meant", meant, true);
                equal(
                        "the token that acted",
                        entry.getValue().revocation().by().token(),
                        asker.token() == null ? null : asker.token().id());
                entry.setValue(before);
                revoked++;
            }
        }
        equal("revoked tokens", revoked, call == Call.REVOKE_ALL ? kept.size() / OWNERS.size() : 1);
    }

    private static void equal(String what, Object actual, Object expected) {
        if (!Objects.equals(actual, expected)) {
            throw new AssertionError(what + " is " + actual + " and should be " + expected);
        }
    }
}
