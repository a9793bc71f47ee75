package io.tokenstore.project;

import io.tokenstore.service.Caller;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.Verdict;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

// tag::partner[]
/**
 * Revokes the tokens that GitHub found in public places, and tells GitHub which of them are real.
 *
 * @param keys GitHub's public keys by their identifiers, P-256, from {@code api.github.com/meta/public_keys/secret_scanning}
 * @param parse reads the body by the host's JSON library
 */
record SecretScanningPartner(TokenServices tokens, Map<String, PublicKey> keys, Function<byte[], List<Found>> parse) {

    /** What GitHub says of each match; it has more members, such as the URL. */
    record Found(String token, String type) {
        @Override
        public String toString() {
            return type; // The token is a secret, which a log must not show.
        }
    }

    /** The answer to GitHub: a list of these as JSON, with these names. */
    record Feedback(String token_raw, String token_type, String label) {
        @Override
        public String toString() {
            return token_type + " " + label;
        }
    }

    /**
     * Handles a message.
     *
     * @param keyId the header {@code Github-Public-Key-Identifier}, null if there is none
     * @param signature the header {@code Github-Public-Key-Signature}, null if there is none
     * @param body the bytes as they came in: those of JSON that was parsed and written again may be others
     * @throws SignatureException if it is not from GitHub: answer 401
     */
    List<Feedback> handle(String keyId, String signature, byte[] body) throws SignatureException {
        check(keyId, signature, body);
        List<Found> found = parse.apply(body);
        List<Feedback> feedback = new ArrayList<>();
        RevocationRequest request = RevocationRequest.plain()
                .withId(UUID.nameUUIDFromBytes(body)) // A message that is sent again has the same verdicts.
                .withReason("found by secret scanning")
                .andSuccessors(); // Whoever found the token may have rotated it.
        tokens.revocation()
                .revokeLeaked(
                        Caller.admin("secret scanning"),
                        found.stream().map(Found::token).toList(),
                        request,
                        (token, verdict) -> feedback.add(
                                new Feedback(token, found.get(feedback.size()).type(), label(verdict))))
                .orElseThrow(); // No answer if a token failed: alert, and handle the same body again.
        return feedback;
    }

    private static String label(Verdict verdict) {
        return switch (verdict) {
            case REVOKED_NOW, REVOKED_ALREADY -> "true_positive";
            case UNKNOWN, NO_TOKEN -> "false_positive";
            case FAILED -> "not known"; // Nobody sees it, since the answer is not OK then.
        };
    }

    private void check(String keyId, String signature, byte[] body) throws SignatureException {
        PublicKey key = keyId == null ? null : keys.get(keyId);
        if (key == null || signature == null) {
            throw new SignatureException("a header is missing, or the key is not known");
        }
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(signature);
        } catch (IllegalArgumentException e) {
            throw new SignatureException("the signature is not Base64", e);
        }
        try {
            Signature ecdsa = Signature.getInstance("SHA256withECDSA");
            ecdsa.initVerify(key);
            ecdsa.update(body);
            if (!ecdsa.verify(decoded)) {
                throw new SignatureException("the body is not what was signed");
            }
        } catch (InvalidKeyException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("the set-up is wrong: key " + keyId + " can't verify", e);
        }
    }
}
// end::partner[]
