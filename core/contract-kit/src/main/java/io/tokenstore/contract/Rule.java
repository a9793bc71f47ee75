package io.tokenstore.contract;

/** The promises of a {@link io.tokenstore.TokenStore}: the name of each test begins with the number of the rule it proves. */
public enum Rule {
    /** A token comes back as it went in. */
    R1(
            "A token that was added is found by its id exactly as it was given, in whatever state.",
            "Look at the component that the message names, at the nulls, and at separators, escapes and lengths in how it is written."),
    /** An audit is only as good as its clock. */
    R2(
            "Every instant is kept to the microsecond, whatever the time zone of the JVM.",
            "Store UTC or an epoch count; a type or a driver that goes through the local zone fails in its overlap or gap."),
    /** Somebody who guesses or repeats an id must not replace a token. */
    R3(
            "A second add of an id throws DuplicateTokenException and changes nothing, whoever owns it.",
            "Let a unique key or an atomic put-if-absent decide, and turn its refusal into that exception."),
    /** A revoked secret that works again is the worst that a token store can do. */
    R4(
            "Nothing revives a revoked token: while it is kept, its id can't be added again.",
            "Keep the revoked row; an add that overwrites it brings the token back to life."),
    /** The owner in the path is part of the key. */
    R5(
            "revoke changes only a token of this owner; for another owner's or an unknown id it returns false and changes"
                    + " nothing.",
            "The condition on the owner belongs in the same atomic write as the condition on the id."),
    /** Who revoked a token, when and why is the audit. */
    R6(
            "A revoked token is found with the id, the instant, the actor and the reason of its revocation; nothing else changes.",
            "Write all of them, with the actor's kind, name and token, in the same atomic write."),
    /** An audit that can be rewritten proves nothing. */
    R7(
            "The first revocation wins permanently: for another one revoke returns false, and no call changes what the first one"
                    + " recorded.",
            "Write when, who and why only if nothing is recorded yet, also when the same revocation is repeated."),
    /** A caller who lost the answer must be able to ask again. */
    R8(
            "For the revocation that a token carries revoke returns true again, however often it is repeated.",
            "Compare the revocation's id with the one in the token's own row, and nothing else of it: a retry has a new instant."),
    /** Two callers who both believe they revoked a token would both act on it. */
    R9(
            "Of many threads that revoke one token at once, each with its own revocation, exactly one gets true.",
            "A find before the write is a race: make both one conditional write or a compare-and-set, or hold one lock over both."),
    /** Users who look alike to a database are still two users. */
    R10(
            "Owners and ids are compared exactly: case, accents, quotes, pattern characters and every supplementary letter count, up"
                    + " to 255 code points.",
            "Look at the collation, at case folding and normalization, at LIKE and values written into SQL, at keys joined of an"
                    + " owner and an id, and at how the column counts its length."),
    /** A token that leaks today may be valid on a node whose clock is behind. */
    R11(
            "An expired token is found, listed, and can be revoked, by revoke and by revokeAll.",
            "Look at the expiry in purge alone."),
    /** After a break-in no token of the user may stay valid. */
    R12(
            "revokeAll revokes every token of the owner that is not revoked yet, and no other; it returns how many carry its"
                    + " revocation, and the same again when repeated.",
            "Look for a condition on anything but the owner and the revocation, for a page or batch that is taken for the last"
                    + " one, and for a count of changes instead of tokens."),
    /** revoke and revokeAll keep one promise. */
    R13(
            "When revoke and revokeAll race, each token ends with one revocation, and each answer agrees with it.",
            "revokeAll must skip what is revoked in the same atomic write, token by token."),
    /** A page boundary is an id, so ids need one order everywhere. */
    R14(
            "list returns the owner's tokens, whole, in ascending byte order of their ids, strictly after the given id, at most as"
                    + " many as asked for; a walk ends and misses none.",
            "Sort by code unit (String.compareTo), not by a locale: A is before _, and _ before a. Only the last page has no"
                    + " resumeAfter."),
    /** Tokens are issued and revoked while somebody walks over the pages. */
    R15(
            "A token that is there throughout a walk from page to page appears in it exactly once, whatever is added,"
                    + " revoked or purged.",
            "Go on after the last id of the page; an offset shifts when tokens are added."),
    /** Nothing but a purge removes a token. */
    R16(
            "purge removes tokens that were revoked, or else expired, strictly before the instant, and no others.",
            "The end of a revoked token is its revocation, even if it would have expired earlier or later; compare instants, or"
                    + " texts of one length."),
    /** A purge must not delay other work. */
    R17(
            "A purge examines at most as many tokens as asked for; a walk of such steps ends and misses none.",
            "Go on after the last token that was examined, not the last one that was removed, and don't expect that it is"
                    + " still there."),
    /** How long a revoked token is kept depends on the instant of its revocation. */
    R18(
            "A purge that races a revoke never removes a token for which the revoke returned true.",
            "Check the token's end in the same atomic step that removes it."),
    /** A programming error is reported to the caller who made it. */
    R19(
            "A null argument is a NullPointerException; a limit outside 1 to 1,000 or nothing to examine is an"
                    + " IllegalArgumentException.",
            "Check the arguments before anything else."),
    /** A leaked token that still works on some node is not revoked. */
    R20(
            "Once revoke or revokeAll has returned, every look that begins later, on any thread, shows the revocation.",
            "Look for a cache, a read replica that may be behind, and a transaction that was left open with its old snapshot."),
    /** A backup or a migration reads every token. */
    R21(
            "A walk by scan returns every token of every owner exactly once, whole, strictly after any given id, at most as"
                    + " many on a page as asked for; a walk ends.",
            "Go on after the last token of the page in the order of the scan; look for a page that is taken for the last one."),
    /** A walk can change from reading to removing. */
    R22(
            "scan and purge walk in the same order, so each goes on where the other one stopped.",
            "Use one order and one condition on the place to go on in both statements."),
    /** The first use of a successor makes it valid. */
    R23(
            "activate clears the predecessor of the owner's token if it is not revoked, and nothing else; it returns true, also"
                    + " when repeated and for a token without a predecessor.",
            "Return whether the row matched, not whether it changed: some drivers count only rows that change."),
    /** A revoked token that becomes valid again is the worst that a token store can do. */
    R24(
            "activate returns false for a revoked token, another owner's and an unknown one, and changes nothing; it revives no"
                    + " token in a race with a revoke.",
            "Put the owner, the id and the condition that the token is not revoked into one atomic write of the predecessor"
                    + " alone."),
    /** A migration adds many tokens. */
    R25(
            "addAll keeps each token as add does, refuses an id that is kept or there twice by a DuplicateTokenException, and"
                    + " refuses more than 1,000 by an IllegalArgumentException before it adds any.",
            "Look for a batch that replaces or skips a duplicate, and for a check of the size after the first write."),
    /** A host asks for many tokens at once. */
    R26(
            "findAll returns those tokens that are kept, whole, by their ids, and refuses more than 1,000 ids by an"
                    + " IllegalArgumentException.",
            "Key the map by each token's own id, and leave out unknown ids."),
    /** A caller may keep what a call returned. */
    R27(
            "What a call returns is unmodifiable, and no other call changes it, later or at the same time.",
            "Return a copy, not a view; share no buffer between calls."),
    /** A successor is added and used while an administrator revokes all tokens of its owner. */
    R28(
            "When revokeAll returns, no token is valid that was activated meanwhile because another token of the owner was"
                    + " revoked.",
            "Repeat the pass until a fresh look finds no token that is not revoked; one statement misses what is added after its"
                    + " snapshot."),
    /** A token that is revoked by nobody, or that waits for nothing, is another token. */
    R29(
            "A look shows a write of a token whole or not at all, while the write is under way.",
            "Look for components that are written, read or removed in a second step; replace the token as a whole, or use one"
                    + " transaction."),
    /** A host that was told that a token is kept, or gone, relies on it. */
    R30(
            "Once add, addAll, activate or purge has returned, every call that begins later, on any thread, finds the tokens as"
                    + " they are then.",
            "Look for a cache of what was not there, or of what was purged, and for a reader that fills it late."),
    /** A purge runs while everybody works. */
    R31(
            "A purge that races other calls brings nothing back, undoes nothing, removes and hides no token that has not ended,"
                    + " and counts each removal once.",
            "Remove token by token, each only if it is still the one that was examined; don't write back what stays."),
    /** A token that is forgotten is let go with its revocation, and its id is free again. */
    R32(
            "Every token is kept, whole and with its revocation, until a purge removes it: however many there are, and however"
                    + " long ago it ended.",
            "Look for a bounded cache or map that is the only place of something, and for a time to live."),
    /** A host has more than one node. */
    R33(
            "Two instances of the store on the same data keep every promise together: what one has answered, the other one"
                    + " shows, and of calls that race on both, one wins.",
            "A lock, a cache, an index or a place in a walk that is kept in an instance is unknown to the others: decide in the"
                    + " shared data, in one atomic write."),
    /** Who is told that a token is revoked believes it. */
    R34(
            "A call that the store can't carry out throws; it says that nothing was applied only if that is certain, and shows"
                    + " no hash. Afterwards the store works again, and repeating the same call completes it.",
            "Look for a catch that returns something, for a NO after a request was sent, and for a driver's exception that shows"
                    + " what it was given."),
    /** A service tells its host that a revocation holds once the host has committed. */
    R35(
            "inHostTransaction is false outside of the host's transaction.",
            "Ask what manages the host's transactions, on this thread and now; do not remember it."),
    /** After a break-in one act revokes all that an attacker had, and each token's audit is its own. */
    R36(
            "One act may revoke several tokens, by revoke and by revokeAll; each keeps the instant, the actor and the reason that"
                    + " it was revoked with.",
            "Keep them with the token; a table of acts, keyed by the act's id, tells of all what it was told of the first or the"
                    + " last."),
    /** A host has many threads. */
    R37(
            "Calls that come at the same time all end, and none is answered otherwise because of the others' tokens.",
            "Look for a connection or a lock that is taken while another one is held, for locks that are taken in the order of the"
                    + " arguments, and for a busy lock that is taken for an answer."),
    /** What services remember of a token is worth something only as long as it is told how old it may be. */
    R38(
            "With maxStaleness, no authentication succeeds that begins more than the bound after its token's revocation was"
                    + " answered, on any node.",
            "The bound counts from a look: let no cache, replica or old snapshot of the store answer find."),
    /** Who looks at a list decides by it which token to end. */
    R39(
            "The latest of the uses that are recorded of a token stays, whatever their order, and comes back by its id to the microsecond.",
            "Write only a later instant, in one atomic step; look for local time, for lost digits, and for ids that a collation folds."),
    /** What a request writes must not cost what a revocation does. */
    R40(
            "Recording a use changes and revives no token, in whatever state it is, and adds none.",
            "Keep uses apart from tokens; a token that is read and written back undoes what came between."),
    /** An id that is free again belongs to another token. */
    R41(
            "When the walk of a purge has ended, the uses of the tokens that it removed are forgotten, and no others.",
            "Remove a use with its token, or what has no token after each step."),
    /** A flush goes on after a mistake as if there had been none. */
    R42(
            "record and lastUses take up to 1,000 tokens; more, or a null, is refused before anything is written; what lastUses returns is unmodifiable and does not change.",
            "Check the size and copy the map first; return a copy."),
    /** Every node of a host flushes when it likes. */
    R43(
            "Calls that record uses at once, in whatever order, all return, keep the latest use of them all, and move no use back.",
            "Lock in the order of the ids, and wait for a lock rather than skip a use; compare and write in one step.");

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
