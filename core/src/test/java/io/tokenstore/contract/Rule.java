package io.tokenstore.contract;

/** The promises of a {@link io.tokenstore.TokenStore}: the name of each test begins with the number of the rule it proves. */
public enum Rule {
    /** Nothing is lost or changed on the way in and out. */
    R1(
            "A token that was added is found by its id exactly as it was given, in whatever state.",
            "Compare what find builds with what add wrote, field by field, and the nulls among them."),
    /** An audit is only as good as its clock. */
    R2(
            "Every instant is kept to the microsecond, whatever the time zone of the JVM.",
            "Store UTC or an epoch count; a type or a driver that goes through the local zone fails in its overlap or gap."),
    /** Whoever guesses or repeats an id must not replace a token. */
    R3(
            "A second add of an id throws DuplicateTokenException and changes nothing, whoever owns it.",
            "Let a unique key or an atomic put-if-absent decide, and turn its refusal into that exception."),
    /** A revoked secret that works again is the worst that a token store can do. */
    R4(
            "Nothing revives a revoked token: while it is kept, its id can't be added again.",
            "Keep the revoked row; an add that overwrites it brings the token back to life."),
    /** The owner in the path is part of the key. */
    R5(
            "revoke changes a token of this owner only; another's or an unknown id is false, and nothing changes.",
            "The condition on the owner belongs into the same atomic write as the one on the id."),
    /** Who revoked a token, when and why is the audit. */
    R6(
            "A revoked token is found with the id, the instant, the name and the reason of its revocation.",
            "Write all four in the same atomic write."),
    /** History that can be rewritten is none. */
    R7(
            "The first revocation wins for ever: another is false, and no call moves what the first one recorded.",
            "Write when, who and why only where nothing is recorded yet, also when the same revocation is repeated."),
    /** A caller who lost the answer must be able to ask again. */
    R8(
            "The revocation that a token carries is answered true again, however often it is repeated.",
            "Compare the revocation's id with the one that is stored; equal is true."),
    /** Two callers who both believe they revoked a token would both act on it. */
    R9(
            "Of many threads that revoke one token at once, each with its own revocation, exactly one is answered true.",
            "Find-then-write races: make it one conditional write, a compare-and-set, or hold one lock over both."),
    /** Users who look alike to a database are still two users. */
    R10(
            "Owners and ids are compared exactly: case, accents and every supplementary letter count, up to 255 code points.",
            "Look at the collation, at case folding and normalization, and at how the column counts its length."),
    /** A token that is leaked today may be valid on a node whose clock is behind. */
    R11("An expired token is found, and can be revoked.", "Do not look at the expiry in find or revoke."),
    /** After a break-in nothing of the user may stay open. */
    R12(
            "revokeAll revokes every token of the owner that is not revoked yet and no other, and answers how many carry its"
                    + " revocation; repeating it answers the same.",
            "Look for a page or batch that is not the last one, and for a count of changes instead of tokens."),
    /** The two ways of revoking are one. */
    R13(
            "Where revoke and revokeAll race, each token ends with one revocation, and each answer agrees with it.",
            "revokeAll must skip what is revoked in the same atomic write, token by token."),
    /** A page boundary is an id, so ids need one order everywhere. */
    R14(
            "list gives the owner's tokens in ascending byte order of their ids, strictly after the given id, as many as asked"
                    + " for while there are.",
            "Sort by code unit (String.compareTo), not by a locale: A is before _, and _ before a."),
    /** Nobody stops issuing tokens while an administrator pages. */
    R15(
            "A token that is there throughout a walk from page to page appears in it exactly once, whatever is added,"
                    + " revoked or purged.",
            "Continue after the last id of the page; offsets shift when tokens are added."),
    /** A purge is the only thing that forgets. */
    R16(
            "purge removes tokens that were revoked, or else expired, strictly before the instant, and no others.",
            "The end of a revoked token is its revocation, even where it would have expired earlier or later."),
    /** A purge must fit between the work of the day. */
    R17(
            "A purge examines at most as many tokens as asked, and a walk of such steps, resumed after the last one"
                    + " examined, misses none.",
            "Continue after the last token examined, not the last one removed, and don't expect it to be still there."),
    /** An answered revocation is kept as long as its own instant says. */
    R18(
            "A purge that races a revoke never removes a token that the revoke was answered true for.",
            "Check the token's end in the same atomic step that removes it."),
    /** A programming error is told where it is made. */
    R19(
            "A null argument is a NullPointerException; a limit outside 1 to 1,000 or nothing to examine is an"
                    + " IllegalArgumentException.",
            "Check the arguments before anything else."),
    /** A leaked token that still works somewhere is not revoked. */
    R20(
            "Once revoke or revokeAll has answered, every find and list that begins later, on any thread, shows it.",
            "Look for a cache, a read replica that may be behind, and a transaction that was left open with its old snapshot.");

    private final String promise;
    private final String whereToLook;

    Rule(String promise, String whereToLook) {
        this.promise = promise;
        this.whereToLook = whereToLook;
    }

    /**
     * Returns what a store promises.
     *
     * @return one sentence
     */
    public String promise() {
        return promise;
    }

    /**
     * Returns where the author of a store that breaks the rule should look.
     *
     * @return one sentence
     */
    public String whereToLook() {
        return whereToLook;
    }

    /** Returns the number, the promise and where to look: what a failed test says. */
    @Override
    public String toString() {
        return name() + ": " + promise + " " + whereToLook;
    }
}
