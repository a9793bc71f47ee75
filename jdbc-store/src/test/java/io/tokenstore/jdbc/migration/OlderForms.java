package io.tokenstore.jdbc.migration;

import io.tokenstore.SecretHash;
import io.tokenstore.TokenId;
import io.tokenstore.service.TokenFormat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

// tag::forms[]
/** The forms of an older scheme's tokens: which id and which hash a presented string has. */
final class OlderForms {

    private OlderForms() {}

    /** {@code 12|secret}, kept by SHA-256 of the secret. */
    static Optional<TokenFormat.Parsed> numbered(String presented) {
        String id = presented.substring(0, Math.max(presented.indexOf('|'), 0));
        return id.matches("[1-9][0-9]{0,18}")
                ? Optional.of(new TokenFormat.Parsed(
                        new TokenId(id),
                        sha256(presented.substring(id.length() + 1).getBytes(StandardCharsets.UTF_8))))
                : Optional.empty();
    }

    /** {@code ab12cd34.secret}, kept by SHA-256 of the whole string; the prefix tells the id from a number. */
    static Optional<TokenFormat.Parsed> withPublicId(String presented) {
        String id = presented.substring(0, Math.max(presented.indexOf('.'), 0));
        return id.matches("[0-9a-z]{8}")
                ? Optional.of(new TokenFormat.Parsed(
                        new TokenId("keys." + id), sha256(presented.getBytes(StandardCharsets.UTF_8))))
                : Optional.empty();
    }

    /** 40 to 80 letters and digits, behind a prefix or not, kept by SHA-256 of the whole string. */
    static Optional<TokenFormat.Parsed> secretAlone(String presented) {
        if (!presented.matches("(\\w{1,20}_)?[0-9A-Za-z]{40,80}")) {
            return Optional.empty();
        }
        SecretHash hash = sha256(presented.getBytes(StandardCharsets.UTF_8));
        return Optional.of(new TokenFormat.Parsed(idOf(hash), hash));
    }

    /** {@code 12|secret} or the secret alone, for a table of both: the number is not looked at, and the secret decides. */
    static Optional<TokenFormat.Parsed> numberedOrAlone(String presented) {
        return secretAlone(presented.replaceFirst("^[1-9][0-9]{0,18}\\|", ""));
    }

    /** Lists and logs show ids, and must not show the hash: so the id is a second hash. */
    static TokenId idOf(SecretHash hash) {
        return new TokenId(HexFormat.of().formatHex(sha256(hash.toBytes()).toBytes()));
    }

    private static SecretHash sha256(byte[] bytes) {
        try {
            return new SecretHash(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
// end::forms[]
