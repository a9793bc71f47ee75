package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenUses;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.Result;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenServices;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The recipe of docs/tokens.md, run on two nodes. */
class InactivityTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIMIT = Duration.ofDays(90);
    private static final Duration MARGIN = Duration.ofDays(1);
    private static final TokenId LAPTOP = new TokenId("laptop");

    private final InMemoryTokenStore store = new InMemoryTokenStore();
    private Instant now = BEGIN;
    private final TokenServices node = services();
    private final TokenServices otherNode = services();

    private TokenServices services() {
        InstantSource clock = () -> now;
        return TokenServices.builder(store)
                .uses(store)
                .clock(clock.withZone(ZoneOffset.UTC))
                .build();
    }

    // tag::inactivity[]
    /** Ends the tokens that nobody used for 90 days and a margin, and returns how many. */
    static int endUnused(
            TokenStore store,
            TokenUses uses,
            TokenServices tokens,
            Instant recordedSince,
            Duration margin,
            Instant now) {
        Instant unusedSince = now.minus(Duration.ofDays(90)).minus(margin);
        if (unusedSince.isBefore(recordedSince)) {
            return 0; // A token may have been used since then without a record of it.
        }
        Caller operator = Caller.admin("inactivity");
        RevocationRequest request = RevocationRequest.plain().withReason("unused for 90 days");
        int ended = 0;
        TokenId after = null;
        do {
            TokenPage page = store.scan(after, TokenStore.MAX_PAGE);
            Map<TokenId, Instant> lastUses =
                    uses.lastUses(page.tokens().stream().map(Token::id).toList());
            for (Token token : page.tokens()) {
                TokenState state = token.stateAt(now);
                if ((state == TokenState.ACTIVE || state == TokenState.PENDING)
                        && token.createdAt().isBefore(unusedSince)
                        && lastUses.getOrDefault(token.id(), token.createdAt()).isBefore(unusedSince)) {
                    Result<Revocation> result = tokens.revocation()
                            .revoke(operator, token.owner().value(), token.id().value(), request);
                    if (result.status() != Status.NOT_FOUND) { // Else somebody has ended it meanwhile.
                        result.orElseThrow();
                        ended++;
                    }
                }
            }
            after = page.resumeAfter();
        } while (after != null);
        return ended;
    }
    // end::inactivity[]

    @Test
    void what_nobody_uses_for_90_days_and_a_margin_is_ended_with_a_reason() {
        add(LAPTOP);
        now = BEGIN.plus(LIMIT).plus(MARGIN);
        assertThat(endUnused(otherNode, MARGIN)).isZero();
        now = now.plusMillis(1);
        assertThat(endUnused(otherNode, MARGIN)).isEqualTo(1);
        assertThat(store.find(LAPTOP).orElseThrow().revocation())
                .returns("unused for 90 days", Revocation::reason)
                .returns("inactivity", revocation -> revocation.by().name());
        assertThat(endUnused(otherNode, MARGIN)).isZero();
    }

    @Test
    void a_token_whose_use_still_waits_in_a_node_is_not_ended() {
        add(LAPTOP);
        now = BEGIN.plus(LIMIT).minusSeconds(1);
        assertThat(node.authenticator().isLive(LAPTOP.value())).isTrue();
        now = now.plus(MARGIN);
        assertThat(store.lastUses(List.of(LAPTOP))).isEmpty();
        assertThat(endUnused(otherNode, MARGIN)).isZero();
        node.flushUses();
        now = BEGIN.plus(LIMIT).minusSeconds(1).plus(LIMIT).plus(MARGIN);
        assertThat(endUnused(otherNode, MARGIN)).isZero();
        now = now.plusMillis(1);
        assertThat(endUnused(otherNode, MARGIN)).isEqualTo(1);
    }

    @Test
    void nothing_is_ended_until_uses_were_recorded_for_all_of_that_time() {
        TokenId phone = new TokenId("phone");
        add(LAPTOP);
        add(phone);
        Instant recordedSince = BEGIN.plus(LIMIT.multipliedBy(3)); // Both are in use, and nobody records it.
        now = recordedSince.plus(LIMIT).plus(MARGIN).minusMillis(1);
        assertThat(endUnused(store, store, otherNode, recordedSince, MARGIN, now))
                .isZero();
        assertThat(node.authenticator().isLive(LAPTOP.value())).isTrue();
        node.flushUses();
        now = now.plusMillis(1);
        assertThat(endUnused(store, store, otherNode, recordedSince, MARGIN, now))
                .isEqualTo(1);
        assertThat(node.authenticator().isLive(phone.value())).isFalse();
    }

    @Test
    void a_successor_that_nobody_uses_is_ended_too_and_its_predecessor_goes_on() {
        TokenId successor = new TokenId("successor");
        add(LAPTOP);
        store.add(Token.builder(successor, new Owner("alice"), "laptop", BEGIN)
                .predecessor(LAPTOP)
                .build());
        now = BEGIN.plus(LIMIT).plus(MARGIN).plusMillis(1);
        assertThat(node.authenticator().isLive(LAPTOP.value())).isTrue();
        node.flushUses();
        assertThat(endUnused(otherNode, MARGIN)).isEqualTo(1);
        assertThat(store.find(successor).orElseThrow().stateAt(now)).isEqualTo(TokenState.REVOKED);
        assertThat(otherNode.authenticator().isLive(LAPTOP.value())).isTrue();
    }

    @Test
    void without_the_margin_it_would_be_ended() {
        add(LAPTOP);
        now = BEGIN.plus(LIMIT).minusSeconds(1);
        assertThat(node.authenticator().isLive(LAPTOP.value())).isTrue();
        now = now.plus(MARGIN);
        assertThat(endUnused(otherNode, Duration.ZERO)).isEqualTo(1);
    }

    @Test
    void of_more_than_a_page_the_unused_are_ended_and_the_rest_goes_on() {
        for (int i = 0; i < 2_500; i++) {
            add(new TokenId("t" + i));
        }
        now = BEGIN.plus(Duration.ofDays(30));
        for (int i = 0; i < 2_500; i += 5) {
            assertThat(node.authenticator().isLive("t" + i)).isTrue();
        }
        node.flushUses();
        now = BEGIN.plus(LIMIT).plus(MARGIN).plusMillis(1);
        assertThat(endUnused(otherNode, MARGIN)).isEqualTo(2_000);
        assertThat(otherNode.authenticator().isLive("t5")).isTrue();
        assertThat(otherNode.authenticator().isLive("t6")).isFalse();
    }

    private int endUnused(TokenServices tokens, Duration margin) {
        return endUnused(store, store, tokens, Instant.EPOCH, margin, now);
    }

    private void add(TokenId id) {
        store.add(Token.builder(id, new Owner("alice"), "laptop", BEGIN).build());
    }
}
