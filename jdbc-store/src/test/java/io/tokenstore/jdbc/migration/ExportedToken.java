package io.tokenstore.jdbc.migration;

import io.tokenstore.InvalidInputException;
import io.tokenstore.Owner;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

// tag::exported[]
/**
 * A row of the export, as the older scheme kept it.
 *
 * @param id null if the id is made from the hash
 * @param hash SHA-256 in hex
 * @param scopes one alone may be {@code *}, which permits everything
 */
record ExportedToken(
        String id,
        String owner,
        String name,
        String hash,
        Column<List<String>> scopes,
        Column<Instant> createdAt,
        Column<Instant> expiresAt) {

    /** Reads a column, so that what can't be read is one rejected row, and not the end of the import. */
    interface Column<T> {
        T read() throws Exception;
    }

    private static final TokenId ANY_ID = new TokenId("any");
    private static final Owner ANYBODY = new Owner("anybody");
    private static final List<String> EVERYTHING = Scopes.all().toList();
    private static final SecretHash ANY_HASH = new SecretHash(new byte[32]);

    /** Returns the token; if the row breaks rules, adds each of them, and then the token must not be kept. */
    Token toToken(List<String> broken) {
        SecretHash validHash = valid(
                "hash", ANY_HASH, broken, () -> new SecretHash(HexFormat.of().parseHex(hash)));
        TokenId validId = valid("id", ANY_ID, broken, () -> id == null ? OlderForms.idOf(validHash) : new TokenId(id));
        Owner validOwner = valid("owner", ANYBODY, broken, () -> new Owner(owner));
        Scopes validScopes = valid("scopes", Scopes.none(), broken, () -> scopesOf(scopes.read()));
        return valid(
                "name, created_at or expires_at",
                null,
                broken,
                () -> Token.builder(validId, validOwner, name, createdAt.read())
                        .hash(validHash)
                        .scopes(validScopes)
                        .expiresAt(expiresAt.read())
                        .build());
    }

    private static Scopes scopesOf(List<String> scopes) {
        return scopes.equals(EVERYTHING) ? Scopes.all() : Scopes.of(scopes);
    }

    private static <T> T valid(String columns, T otherwise, List<String> broken, Column<T> value) {
        try {
            return Objects.requireNonNull(value.read());
        } catch (InvalidInputException e) { // It names the rules, and never the value.
            e.violations().forEach(violation -> broken.add(violation.message()));
        } catch (Exception e) { // Its message may show the value.
            broken.add(columns + " is missing or can't be read");
        }
        return otherwise;
    }

    @Override
    public String toString() {
        return "ExportedToken[masked]";
    }
}
// end::exported[]
