package io.tokenstore.service;

import io.tokenstore.Actor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The ids of revocations that can be asked for again. */
final class RevocationIds {

    private RevocationIds() {}

    /**
     * Returns the id of the act that an actor asks for by a request: the same again for the same two, and another for anybody
     * else, so that a client who knows or guesses the id of a request can't pass for who made it.
     *
     * <p>An operation that names itself has ids of its own, so that one request id for two of them is two acts.
     *
     * <p>It is a UUID of version 8 (RFC 9562) from the SHA-256 of both, each part with its length before it.
     */
    static UUID of(Actor actor, UUID request, String... operation) {
        MessageDigest sha256 = PresentedToken.sha256();
        List<String> parts = new ArrayList<>(List.of(
                actor.kind().name(),
                actor.name(),
                actor.token() == null ? "" : actor.token().value()));
        parts.addAll(List.of(operation));
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            sha256.update(bytes);
        }
        sha256.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(0, request.getMostSignificantBits())
                .putLong(Long.BYTES, request.getLeastSignificantBits()));
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
        return new UUID(
                (digest.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x8000L,
                (digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }
}
