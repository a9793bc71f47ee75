package io.tokenstore.service;

import io.tokenstore.Actor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Derives the ids of revocations that can be repeated. */
final class RevocationIds {

    private RevocationIds() {}

    /**
     * Returns an act's id for an actor and a request. The same two get the same id, and any other actor gets another. So a
     * client who knows or guesses a request's id can't pass for its author.
     *
     * <p>An operation that passes its name has its own ids, so that one request id for two operations means two acts.
     *
     * <p>The id is a UUID of version 8 (RFC 9562) from the SHA-256 of both, with each part's length before the part.
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
