package io.tokenstore.service;

import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page that a caller asks for. A request that breaks a rule is answered with {@link Status#BAD_REQUEST}.
 *
 * @param after the token id after which to begin, from {@link TokenListing#next}; null for the first page
 * @param limit the most tokens on the page, 1 to 1,000
 */
public record PageRequest(@Nullable String after, int limit) {

    /**
     * Returns a request for the first page.
     *
     * @param limit the most tokens on it, 1 to 1,000
     * @return the request
     */
    public static PageRequest first(int limit) {
        return new PageRequest(null, limit);
    }

    List<Violation> violations() {
        List<Violation> violations = new ArrayList<>();
        if (after != null && TokenId.of(after).isEmpty()) {
            violations.add(new Violation("after must be a token id"));
        }
        if (limit < 1 || limit > TokenStore.MAX_PAGE) {
            violations.add(new Violation("limit must be 1 to " + TokenStore.MAX_PAGE));
        }
        return violations;
    }
}
