package io.tokenstore;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says about the token to issue; what breaks a rule is answered with {@link Status#BAD_REQUEST}.
 *
 * @param name what the owner calls it: 1 to 255 code points, no control characters, line separators or unpaired
 *     surrogates; required
 * @param ttl how long it lives, within the {@link TokenLifetimes} of the service; null for one that does not expire
 */
public record TokenRequest(@Nullable String name, @Nullable Duration ttl) {}
