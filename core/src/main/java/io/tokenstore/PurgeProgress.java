package io.tokenstore;

import org.jspecify.annotations.Nullable;

/**
 * How far a purge is.
 *
 * @param examined the most tokens it can have examined so far
 * @param removed how many it removed so far
 * @param last the last one examined, from where another purge goes on; null where it is through
 */
public record PurgeProgress(
        long examined, long removed, @Nullable TokenId last) {}
