package io.tokenstore.service;

import io.tokenstore.TokenId;
import org.jspecify.annotations.Nullable;

/**
 * Progress of a purge.
 *
 * @param examined the most tokens it can have examined so far
 * @param removed how many it removed so far
 * @param resumeAfter what to hand to another purge as {@code after}; null at the end of the walk
 */
public record PurgeProgress(
        long examined, long removed, @Nullable TokenId resumeAfter) {}
