package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.TokenId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The ids of revocations, which say which act is which. */
class RevocationIdsTest {

    private static final UUID REQUEST = UUID.fromString("6f1c1a4e-0d0a-4c27-9a53-5f0d5c9b7e11");
    private static final TokenId T1 = new TokenId("t1");

    @Test
    void the_id_is_a_digest_of_the_actor_and_the_request() throws Exception {
        for (Actor actor : actors()) {
            assertThat(RevocationIds.of(actor, REQUEST))
                    .isEqualTo(digest(actor, REQUEST))
                    .returns(8, UUID::version)
                    .returns(2, UUID::variant);
        }
    }

    /** A request that is repeated after an update, or on a node of another release, must be the same act. */
    @Test
    void the_id_is_the_same_in_every_release() {
        assertThat(RevocationIds.of(new Actor(Actor.Kind.ADMIN, "\u00E1lice", T1), REQUEST))
                .hasToString("048be24b-470a-8dae-b9ae-f0c955ce48c9");
    }

    @Test
    void another_actor_or_another_request_is_another_act() {
        Set<UUID> ids = new HashSet<>();
        List<UUID> requests = List.of(REQUEST, new UUID(0, 0), new UUID(-1, -1), new UUID(0, 1), new UUID(1, 0));
        for (Actor actor : actors()) {
            for (UUID request : requests) {
                assertThat(ids.add(RevocationIds.of(actor, request))).isTrue();
                assertThat(RevocationIds.of(actor, request)).isEqualTo(RevocationIds.of(actor, request));
                assertThat(ids.add(RevocationIds.of(actor, request, "REVOKE_LEAKED")))
                        .isTrue();
                assertThat(ids.add(RevocationIds.of(actor, request, "REVOKE_ISSUED_BEFORE")))
                        .isTrue();
            }
        }
        assertThat(ids).doesNotContainAnyElementsOf(requests);
    }

    @Test
    void no_request_of_a_client_has_the_id_of_a_rotation() {
        List<UUID> rotations = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Actor rotation = new Actor(Actor.Kind.ROTATION, "alice", new TokenId("successor-" + i));
            rotations.add(RevocationIds.of(rotation, REQUEST));
        }
        Set<UUID> ids = new HashSet<>(rotations);
        // A client who knows what is stored can ask for just that, and for what it was made of.
        List<UUID> chosen = new ArrayList<>(rotations);
        chosen.add(REQUEST);
        for (UUID request : chosen) {
            for (Actor.Kind kind : List.of(Actor.Kind.USER, Actor.Kind.ADMIN, Actor.Kind.PRESENTER)) {
                for (TokenId token : new TokenId[] {null, new TokenId("successor-0"), T1}) {
                    assertThat(ids).doesNotContain(RevocationIds.of(new Actor(kind, "alice", token), request));
                }
            }
        }
    }

    private static List<Actor> actors() {
        List<Actor> actors = new ArrayList<>();
        for (Actor.Kind kind : Actor.Kind.values()) {
            for (TokenId token : new TokenId[] {null, T1, new TokenId("alicet1")}) {
                // Strings that are the same when they are put together.
                for (String name : List.of("alice", "a", "alicealice", "alicet1", "USER", "\u00E1lice")) {
                    actors.add(new Actor(kind, name, token));
                }
            }
        }
        return actors;
    }

    private static UUID digest(Actor actor, UUID request) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        String token = actor.token() == null ? "" : actor.token().value();
        for (String part : List.of(actor.kind().name(), actor.name(), token)) {
            byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        }
        out.writeLong(request.getMostSignificantBits());
        out.writeLong(request.getLeastSignificantBits());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        digest[6] = (byte) (0x80 | (digest[6] & 0x0F));
        digest[8] = (byte) (0x80 | (digest[8] & 0x3F));
        ByteBuffer first = ByteBuffer.wrap(digest);
        return new UUID(first.getLong(), first.getLong());
    }
}
