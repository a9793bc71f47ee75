package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.fixtures.TreeMapStore;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecentLooksTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Duration BOUND = Duration.ofMillis(500);
    private static final Owner ALICE = new Owner("alice");
    private static final Caller OWNER = Caller.user(ALICE);

    private final CountingStore store = new CountingStore();
    private final PresentedToken presented = keep(ALICE, "laptop");
    private long nanos = Long.MAX_VALUE - 1_000_000; // the monotonic clock may overflow
    private long millis = 1_000;
    private final InstantSource wall = () -> Instant.ofEpochMilli(millis);
    private Role role = Role.USER;
    private final RecentLooks recent = new RecentLooks(BOUND, 64, () -> nanos);
    private final TokenServices tokens = TokenServices.builder(store)
            .clock(wall.withZone(ZoneOffset.UTC))
            .roles(owner -> role)
            .build(recent);

    /** Counts its looks, does something in the middle of one, and fails if it is told to. */
    private static final class CountingStore extends TreeMapStore {
        private int looks;
        private boolean fails;
        private boolean inHostTransaction;
        private Runnable afterTheNextLook = () -> {};

        @Override
        public Optional<Token> find(TokenId id) {
            Optional<Token> found;
            synchronized (this) {
                looks++;
                fail();
                found = super.find(id);
            }
            Runnable now = afterTheNextLook;
            afterTheNextLook = () -> {};
            now.run();
            return found;
        }

        @Override
        public boolean inHostTransaction() {
            return inHostTransaction;
        }

        private void fail() {
            if (fails) {
                throw new TokenStoreException("away", Applied.UNKNOWN, null);
            }
        }

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            boolean revoked = super.revoke(owner, id, revocation);
            fail();
            return revoked;
        }

        @Override
        public synchronized int revokeAll(Owner owner, Revocation revocation) {
            int revoked = super.revokeAll(owner, revocation);
            fail();
            return revoked;
        }
    }

    private PresentedToken keep(Owner owner, String name) {
        PresentedToken token = PresentedToken.create(new TokenPrefix("pat"), NOW);
        store.add(Token.builder(token.id(), owner, name, NOW)
                .hash(token.hash())
                .scopes(Scopes.all())
                .build());
        return token;
    }

    private boolean authenticates(PresentedToken token) {
        return !tokens.authenticator().authenticateToken(token.text()).isAnonymous();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        millis += time.toMillis();
    }

    private void revokeElsewhere() {
        store.revoke(ALICE, presented.id(), new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null));
    }

    @Test
    void a_token_authenticates_again_without_a_look_until_the_bound_has_passed() {
        for (int i = 0; i < 10; i++) {
            assertThat(authenticates(presented)).isTrue();
            pass(BOUND.dividedBy(10).minusNanos(1));
        }
        assertThat(store.looks).isEqualTo(1);
        pass(Duration.ofMillis(1));
        assertThat(authenticates(presented)).isTrue();
        assertThat(store.looks).isEqualTo(2);
    }

    @Test
    void a_revocation_elsewhere_takes_effect_once_the_bound_has_passed() {
        assertThat(authenticates(presented)).isTrue();
        revokeElsewhere();
        assertThat(authenticates(presented)).isTrue();
        pass(BOUND.plusNanos(1));
        assertThat(authenticates(presented)).isFalse();
    }

    @Test
    void the_bound_counts_from_before_the_look_began() {
        store.afterTheNextLook = () -> {
            revokeElsewhere();
            pass(BOUND);
        };
        assertThat(authenticates(presented)).isTrue();
        pass(Duration.ofMillis(1));
        assertThat(authenticates(presented)).isFalse();
    }

    @Test
    void a_wall_clock_that_went_on_while_the_machine_slept_ends_it() {
        assertThat(authenticates(presented)).isTrue();
        revokeElsewhere();
        millis += BOUND.toMillis();
        assertThat(authenticates(presented)).isFalse();
    }

    @Test
    void a_monotonic_clock_that_went_on_while_the_wall_clock_stood_still_ends_it() {
        assertThat(authenticates(presented)).isTrue();
        revokeElsewhere();
        nanos += BOUND.toNanos();
        assertThat(authenticates(presented)).isTrue();
        nanos++;
        assertThat(authenticates(presented)).isFalse();
    }

    @Test
    void a_monotonic_clock_that_began_anew_prolongs_nothing() {
        assertThat(authenticates(presented)).isTrue();
        revokeElsewhere();
        nanos--;
        assertThat(authenticates(presented)).isFalse();
    }

    @Test
    void a_look_that_lasted_displaces_none_that_began_later() {
        store.afterTheNextLook = () -> {
            pass(Duration.ofMillis(1));
            revokeElsewhere();
            assertThat(authenticates(presented)).isFalse();
        };
        assertThat(authenticates(presented)).isTrue();
        assertThat(authenticates(presented)).isFalse();
        assertThat(store.looks).isEqualTo(2);
    }

    @Test
    void a_token_that_expires_during_the_look_does_not_authenticate() {
        PresentedToken expiring = PresentedToken.create(new TokenPrefix("pat"), NOW);
        store.add(Token.builder(expiring.id(), ALICE, "laptop", NOW)
                .hash(expiring.hash())
                .expiresAt(Instant.ofEpochMilli(millis + 10))
                .build());
        store.afterTheNextLook = () -> pass(Duration.ofMillis(10));
        assertThat(authenticates(expiring)).isFalse();
    }

    @Test
    void a_remembered_token_is_not_authenticated_within_the_hosts_transaction() {
        assertThat(authenticates(presented)).isTrue();
        store.inHostTransaction = true;
        assertThatIllegalStateException().isThrownBy(() -> authenticates(presented));
        assertThatIllegalStateException()
                .isThrownBy(() -> tokens.authenticator().isLive(presented.id().value()));
        assertThat(tokens.authenticator()
                        .authenticateToken(withAnotherDigit(presented.text().length() - 1))
                        .isAnonymous())
                .isTrue();
    }

    @Test
    void the_store_that_ends_what_is_remembered_hands_on_every_call() {
        assertThat(Arrays.stream(TokenStore.class.getMethods())
                        .filter(method -> !Modifier.isStatic(method.getModifiers())))
                .hasSizeGreaterThan(8)
                .allSatisfy(
                        method -> assertThat(WatchedStore.class.getMethod(method.getName(), method.getParameterTypes()))
                                .returns(WatchedStore.class, Method::getDeclaringClass));
    }

    @Test
    void a_wall_clock_that_was_set_back_prolongs_nothing() {
        assertThat(authenticates(presented)).isTrue();
        revokeElsewhere();
        millis -= 1;
        assertThat(authenticates(presented)).isFalse();
    }

    static Stream<EndsAToken> endsThroughTheSameServices() {
        return Stream.of(
                test -> test.tokens
                        .revocation()
                        .revoke(OWNER, "alice", test.presented.id().value()),
                test -> test.tokens.revocation().revokeAll(OWNER, "alice", RevocationRequest.plain()),
                test -> test.tokens.revocation().revokePresented(test.presented.text()),
                test -> test.tokens
                        .revocation()
                        .revokeCurrent(
                                test.tokens.authenticator().authenticateToken(test.presented.text()),
                                RevocationRequest.plain()),
                test -> test.tokens
                        .withStore(test.store)
                        .revocation()
                        .revoke(OWNER, "alice", test.presented.id().value()),
                test -> test.store.fails = true);
    }

    interface EndsAToken {
        void end(RecentLooksTest test);
    }

    @ParameterizedTest
    @MethodSource("endsThroughTheSameServices")
    void a_revocation_through_the_same_services_takes_effect_at_once(EndsAToken end) {
        assertThat(authenticates(presented)).isTrue();
        end.end(this);
        if (store.fails) { // after the write
            assertThat(tokens.revocation()
                            .revoke(OWNER, "alice", presented.id().value())
                            .status())
                    .isEqualTo(Status.INTERNAL_SERVER_ERROR);
            store.fails = false;
        }
        assertThat(authenticates(presented)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("endsThroughTheSameServices")
    void a_revocation_through_the_same_services_takes_effect_against_a_look_under_way(EndsAToken end) {
        store.afterTheNextLook = () -> {
            end.end(this);
            if (store.fails) {
                tokens.revocation().revokeAll(OWNER, "alice", RevocationRequest.plain());
                store.fails = false;
            }
        };
        authenticates(presented);
        assertThat(authenticates(presented)).isFalse();
    }

    @Test
    void once_the_bound_has_passed_a_store_that_fails_is_a_failure() {
        assertThat(authenticates(presented)).isTrue();
        store.fails = true;
        assertThat(authenticates(presented)).isTrue();
        pass(BOUND);
        assertThatExceptionOfType(TokenStoreException.class).isThrownBy(() -> authenticates(presented));
    }

    @Test
    void a_revoked_token_is_remembered_for_longer() {
        revokeElsewhere();
        assertThat(authenticates(presented)).isFalse();
        pass(BOUND.multipliedBy(100));
        assertThat(authenticates(presented)).isFalse();
        assertThat(store.looks).isEqualTo(1);
    }

    @Test
    void a_wrong_secret_asks_the_store_and_authenticates_nobody() {
        assertThat(authenticates(presented)).isTrue();
        String wrong = TokenText.withAnotherSecret(presented.text());
        assertThat(tokens.authenticator().authenticateToken(wrong).isAnonymous())
                .isTrue();
        assertThat(authenticates(presented)).isTrue();
        assertThat(store.looks).as("the wrong one displaces nothing").isEqualTo(2);
    }

    private String withAnotherDigit(int place) {
        StringBuilder text = new StringBuilder(presented.text());
        text.setCharAt(place, text.charAt(place) == '0' ? '1' : '0');
        return text.toString();
    }

    @Test
    void a_remembered_token_with_another_checksum_is_malformed_and_costs_no_look() {
        authenticates(presented);
        int length = presented.text().length();
        for (int place = length - 6; place < length; place++) {
            assertThat(tokens.authenticator()
                            .authenticateToken(withAnotherDigit(place))
                            .isAnonymous())
                    .as("place %d", place)
                    .isTrue();
        }
        assertThat(authenticates(presented)).isTrue();
        assertThat(store.looks).isEqualTo(1);
    }

    @Test
    void an_id_that_is_given_again_after_a_purge_is_another_token() {
        revokeElsewhere();
        assertThat(authenticates(presented)).isFalse();
        store.purge(NOW.plusSeconds(1), null, 10);
        Token again = Token.builder(presented.id(), ALICE, "again", NOW).build();
        store.add(again);
        pass(BOUND);
        assertThat(tokens.authenticator().isLive(presented.id().value())).isTrue();
    }

    @Test
    void the_role_is_asked_at_every_request() {
        assertThat(authenticates(presented)).isTrue();
        role = Role.NONE;
        assertThat(authenticates(presented)).isFalse();
        role = Role.ADMIN;
        assertThat(tokens.authenticator().authenticateToken(presented.text()).isAdmin())
                .isTrue();
        assertThat(store.looks).isEqualTo(1);
    }

    private PresentedToken keepSuccessor() {
        PresentedToken successor = PresentedToken.create(new TokenPrefix("pat"), NOW);
        store.add(Token.builder(successor.id(), ALICE, "laptop", NOW)
                .hash(successor.hash())
                .predecessor(presented.id())
                .build());
        return successor;
    }

    @Test
    void a_successor_that_was_revoked_elsewhere_before_its_first_use_ends_no_predecessor() {
        PresentedToken successor = keepSuccessor();
        role = Role.NONE;
        assertThat(authenticates(successor)).isFalse();
        role = Role.USER;
        store.revoke(ALICE, successor.id(), new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null));
        assertThat(authenticates(successor)).isFalse();
        assertThat(authenticates(presented)).isTrue();
    }

    @Test
    void a_successor_is_used_and_its_predecessor_ends_at_once() {
        assertThat(authenticates(presented)).isTrue();
        PresentedToken successor = keepSuccessor();
        assertThat(authenticates(successor)).isTrue();
        assertThat(authenticates(presented)).isFalse();
        assertThat(authenticates(successor)).isTrue();
        int looks = store.looks;
        assertThat(authenticates(successor)).isTrue();
        assertThat(store.looks).isEqualTo(looks);
    }

    @Test
    void other_owners_tokens_are_remembered_when_all_tokens_of_one_are_revoked() {
        PresentedToken bobs = keep(new Owner("bob"), "laptop");
        authenticates(presented);
        authenticates(bobs);
        tokens.revocation().revokeAll(OWNER, "alice", RevocationRequest.plain());
        assertThat(authenticates(bobs)).isTrue();
        assertThat(store.looks).isEqualTo(2);
        assertThat(authenticates(presented)).isFalse();
    }

    @Test
    void no_more_tokens_are_remembered_than_agreed() {
        List<PresentedToken> many =
                IntStream.range(0, 1_000).mapToObj(i -> keep(ALICE, "t" + i)).toList();
        many.forEach(this::authenticates);
        int looks = store.looks;
        many.forEach(token -> assertThat(authenticates(token)).isTrue());
        assertThat(store.looks - looks).isBetween(1_000 - 64, 1_000);
    }

    private Token look(RecentLooks at, String id) {
        nanos++;
        TokenId tokenId = new TokenId(id);
        if (!store.tokens.containsKey(tokenId)) {
            store.add(Token.builder(tokenId, ALICE, "laptop", NOW).build());
        }
        return at.look(store, tokenId, null, NOW).orElseThrow();
    }

    @Test
    void a_look_replaces_the_tokens_older_look_or_else_the_oldest() {
        nanos = 0;
        RecentLooks four = new RecentLooks(BOUND, 4, () -> nanos);
        for (String id : List.of("a", "b", "c", "d", "a", "a", "e", "b", "f")) {
            look(four, id);
        }
        assertThat(Stream.of("a", "b", "c", "d", "e", "f").filter(id -> four.find(new TokenId(id), NOW) != null))
                .containsExactly("a", "b", "e", "f");
    }

    @Test
    void of_two_looks_at_one_instant_of_the_clock_the_later_one_counts() {
        RecentLooks four = new RecentLooks(BOUND, 4, () -> 1);
        look(four, "a");
        store.revoke(ALICE, new TokenId("a"), new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null));
        Token revoked = look(four, "a");
        assertThat(four.find(new TokenId("a"), NOW)).isSameAs(revoked);
        assertThat(revoked.revocation()).isNotNull();
    }

    /** Nobody who chooses ids may be able to make all of them share a few places. */
    @Test
    void ids_whose_hashes_end_alike_spread_over_the_table() {
        RecentLooks places = new RecentLooks(BOUND, 1_024, () -> nanos);
        List<String> alike = IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "t" + i)
                .filter(id -> (new TokenId(id).hashCode() & 0xFFFF) == 0)
                .limit(64)
                .toList();
        alike.forEach(id -> look(places, id));
        assertThat(alike.stream().filter(id -> places.find(new TokenId(id), NOW) != null))
                .hasSizeGreaterThan(56);
    }

    @Test
    void a_watched_store_returns_what_the_store_returns() {
        TokenStore watched = new WatchedStore(store, recent);
        Token pending = Token.builder(new TokenId("pending"), ALICE, "laptop", NOW)
                .predecessor(presented.id())
                .build();
        Token other = Token.builder(new TokenId("other"), ALICE, "laptop", NOW).build();
        watched.addAll(List.of(pending, other));
        Revocation revocation = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
        TokenId unknown = new TokenId("unknown");
        assertThat(watched.activate(ALICE, unknown)).isFalse();
        assertThat(watched.activate(ALICE, pending.id())).isTrue();
        assertThat(watched.revoke(ALICE, unknown, revocation)).isFalse();
        assertThat(watched.revoke(ALICE, other.id(), revocation)).isTrue();
        assertThat(watched.revokeAll(ALICE, revocation)).isEqualTo(3);
        assertThat(watched.findAll(List.of(pending.id(), other.id(), unknown)))
                .hasSize(2)
                .isEqualTo(store.findAll(List.of(pending.id(), other.id())));
    }

    @Test
    void what_can_not_be_a_bound_is_refused() {
        TokenServicesBuilder builder = TokenServices.builder(store);
        assertThat(builder.maxStaleness(Duration.ofMillis(10), 4).maxStaleness(Duration.ofHours(1), 10_000_000))
                .isSameAs(builder);
        for (Duration wrong :
                List.of(Duration.ZERO, Duration.ofMillis(9), Duration.ofHours(1).plusNanos(1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> builder.maxStaleness(wrong));
        }
        for (int wrong : new int[] {-1, 0, 3, 10_000_001}) {
            assertThatIllegalArgumentException().isThrownBy(() -> builder.maxStaleness(BOUND, wrong));
        }
    }
}
