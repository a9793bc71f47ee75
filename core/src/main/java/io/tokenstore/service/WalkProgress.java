package io.tokenstore.service;

import io.tokenstore.TokenId;
import org.jspecify.annotations.Nullable;

/**
 * Progress of a walk over all tokens.
 *
 * @param examined the most tokens that it can have examined so far
 * @param matched how many tokens it has removed, revoked, found or counted so far
 * @param resumeAfter the {@code after} with which another walk continues this one; null at the end of the walk
 */
public record WalkProgress(
        long examined, long matched, @Nullable TokenId resumeAfter) {

    WalkProgress plus(int moreExamined, int moreMatched, @Nullable TokenId newResumeAfter) {
        return new WalkProgress(examined + moreExamined, matched + moreMatched, newResumeAfter);
    }
}
