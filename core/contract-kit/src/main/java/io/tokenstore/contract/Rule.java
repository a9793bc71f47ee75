package io.tokenstore.contract;

/** The promises of a {@link io.tokenstore.TokenStore}: the name of each test begins with the number of the rule it proves. */
public enum Rule {
    /** A store returns a token as it was given. */
    R1(
            "A token that was added is found by its id exactly as it was given, whatever its state.",
            "Check the component that the message names, nulls, and the separators, escapes and lengths in the"
                    + " written form."),
    /** An audit is only as good as its clock. */
    R2(
            "Every instant is kept to the microsecond, whatever the time zone of the JVM.",
            "Store UTC or an epoch count; a type or a driver that goes through the local zone fails in its overlap or gap."),
    /** Somebody who guesses or repeats an id must not replace a token. */
    R3(
            "A second add of an id throws DuplicateTokenException and changes nothing, whoever the owner is.",
            "Let a unique key or an atomic put-if-absent decide, and turn its refusal into that exception."),
    /** The worst failure of a token store is a revoked secret that works again. */
    R4(
            "Nothing revives a revoked token: while it is kept, its id can't be added again.",
            "Keep the revoked row; an add that overwrites it brings the token back to life."),
    /** The owner in the path is part of the key. */
    R5(
            "revoke changes only a token of this owner; for another owner's or an unknown id it returns false and changes"
                    + " nothing.",
            "The condition on the owner belongs in the same atomic write as the condition on the id."),
    /** The audit is who revoked a token, when and why. */
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
            "revoke returns true again for the revocation that a token carries, however often it is repeated.",
            "Compare only the revocation's id with the id in the token's own row: a retry has a new instant."),
    /** Two callers who both believe they revoked a token would both act on it. */
    R9(
            "Of many threads that revoke one token at once, each with its own revocation, exactly one gets true.",
            "A find before the write is a race: make both one conditional write or a compare-and-set, or hold one lock over both."),
    /** Users that a database treats as equal are still two users. */
    R10(
            "Owners and ids are compared exactly: case, accents, quotes, pattern characters and every supplementary letter count, up"
                    + " to 255 code points.",
            "Look at the collation, at case folding and normalization, at LIKE and values written into SQL, at keys"
                    + " that join an owner and an id, at ==, and at how the column counts its length."),
    /** A token that leaks today may be valid on a node whose clock is behind. */
    R11(
            "An expired token is found, listed, and can be revoked, by revoke and by revokeAll.",
            "Look at the expiry only in purge."),
    /** After a break-in no token of the user may stay valid. */
    R12(
            "revokeAll revokes every token of the owner that is not revoked yet, and no other; it returns how many carry its"
                    + " revocation, and the same again when repeated.",
            "Look for a condition on anything except the owner and the revocation, for a page or batch that is"
                    + " wrongly treated as the last, and for a count of changes instead of tokens."),
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
            "A token that is kept throughout a walk from page to page appears in it exactly once, whatever is added,"
                    + " revoked or purged.",
            "Continue after the last id of the page; an offset shifts when tokens are added."),
    /** Only a purge removes a token. */
    R16(
            "purge removes tokens that were revoked, or else expired, strictly before the instant, and no others.",
            "The end of a revoked token is its revocation, even if it would have expired earlier or later; compare instants, or"
                    + " texts of one length."),
    /** A purge must not delay other work. */
    R17(
            "A purge examines at most as many tokens as asked for; a walk of such steps ends and misses none.",
            "Continue after the last token that was examined, not the last that was removed, and don't expect it to"
                    + " be still there."),
    /** How long a revoked token is kept depends on the instant of its revocation. */
    R18(
            "A purge that races a revoke never removes a token for which the revoke returned true.",
            "Check the token's end in the same atomic step that removes it."),
    /** A programming error is reported to the caller who made it. */
    R19(
            "A null argument causes a NullPointerException; a limit outside 1 to 1,000 or nothing to examine causes"
                    + " an IllegalArgumentException.",
            "Check the arguments before anything else."),
    /** A leaked token that still works on some node is not revoked. */
    R20(
            "Once revoke or revokeAll has returned, every look that begins later, on any thread, shows the revocation.",
            "Look for a cache, a read replica that may be behind, and a transaction that was left open with its old snapshot."),
    /** A backup or a migration reads every token. */
    R21(
            "A walk by scan returns every token of every owner exactly once, whole, strictly after any given id, at most as"
                    + " many on a page as asked for; a walk ends.",
            "Continue after the last token of the page in the order of the scan; look for a page that is wrongly"
                    + " treated as the last."),
    /** A walk can change from reading to removing. */
    R22(
            "scan and purge walk in the same order, so each can continue where the other stopped.",
            "Use the same order and the same condition on the place to continue in both statements."),
    /** The first use of a successor makes it valid. */
    R23(
            "activate clears the predecessor of the owner's token if it is not revoked, and nothing else; it returns"
                    + " true, even if repeated or for a token without a predecessor.",
            "Return whether the row matched, not whether it changed: some drivers count only rows that change."),
    /** The worst failure of a token store is a revoked token that becomes valid again. */
    R24(
            "activate returns false for a revoked token, another owner's and an unknown one, and changes nothing; it revives no"
                    + " token in a race with a revoke.",
            "Put the owner, the id and the condition that the token is not revoked into one atomic write of the predecessor"
                    + " alone."),
    /** A migration adds many tokens. */
    R25(
            "addAll keeps each token as add does, refuses an id that is kept or occurs twice with a"
                    + " DuplicateTokenException, and refuses more than 1,000 with an IllegalArgumentException before"
                    + " it adds any.",
            "Look for a batch that replaces or skips a duplicate, and for a check of the size after the first write."),
    /** A host asks for many tokens at once. */
    R26(
            "findAll returns the tokens with these ids that are kept, whole, by id, and refuses more than 1,000 ids with an"
                    + " IllegalArgumentException.",
            "Key the map by each token's own id, and leave out unknown ids."),
    /** A caller may keep what a call returned. */
    R27(
            "A call's result is unmodifiable, and no other call changes it, later or at the same time.",
            "Return a copy, not a view; share no buffer between calls."),
    /** A successor is added and used while an administrator revokes all tokens of its owner. */
    R28(
            "When revokeAll returns, no token of the owner is valid because it was activated meanwhile by the revocation of"
                    + " another one.",
            "Repeat the pass until a fresh look finds no token that is not revoked; one statement misses what is added after its"
                    + " snapshot."),
    /** A token that shows only half of a revocation or of an activation is another token. */
    R29(
            "While a write of a token is under way, a look shows all of it or none of it.",
            "Look for components that are written, read or removed in a second step; replace the token as a whole, or use one"
                    + " transaction."),
    /** A host that was told that a token is kept, or gone, relies on it. */
    R30(
            "Once add, addAll, activate or purge has returned, every call that begins later, on any thread, finds the tokens as"
                    + " they are then.",
            "Look for a cache of unknown or purged tokens, and for a reader that fills it late."),
    /** A purge runs while everybody works. */
    R31(
            "A purge that races other calls brings nothing back, undoes nothing, removes and hides no token that has not ended,"
                    + " and counts each removal once.",
            "Remove token by token, each only if it is still the one that was examined; don't write back what stays."),
    /** A store that forgets a token forgets its revocation too, and its id is free again. */
    R32(
            "Every token is kept, whole and with its revocation, until a purge removes it: however many there are, and however"
                    + " long ago it ended.",
            "Look for a bounded cache or map that alone keeps something, and for a time to live."),
    /** A host has more than one node. */
    R33(
            "Two instances of the store on the same data keep every promise together: what one has answered, the"
                    + " other shows, and if calls race on both, one wins.",
            "Other instances do not know a lock, a cache, an index or a place in a walk that one instance keeps:"
                    + " decide in the shared data, in one atomic write."),
    /** A caller who is told that a token is revoked relies on it. */
    R34(
            "A call that the store can't carry out throws; it says that nothing was applied only if that is certain, and shows"
                    + " no hash. Afterwards the store works again, and repeating the same call completes it.",
            "Look for a catch that returns something, for a NO after a request was sent, and for a driver's exception"
                    + " that shows its parameters."),
    /** A service tells its host whether a revocation holds only once the host has committed. */
    R35(
            "inHostTransaction is false outside the host's transaction.",
            "Ask what manages the host's transactions, on this thread and now; do not remember it."),
    /** After a break-in one act revokes all that an attacker had, and each token's audit is its own. */
    R36(
            "One revocation may end several tokens, by revoke and by revokeAll; each keeps the instant, the actor and the reason that"
                    + " it was revoked with.",
            "Keep them with the token; a table keyed by the revocation's id shows the first or the last token's data for all"
                    + " tokens."),
    /** A host has many threads. */
    R37(
            "Calls at the same time all end, and calls for other tokens do not change a call's answer.",
            "Look for a connection or a lock that is taken while another one is held, for locks that are taken in the"
                    + " order of the arguments, and for a busy lock that is treated as an answer."),
    /** Services may remember a token only if the age of what they remember is bounded. */
    R38(
            "With maxStaleness, no authentication succeeds that begins more than the bound after its token's revocation was"
                    + " answered, on any node.",
            "The bound counts from a look: let no cache, replica or old snapshot of the store answer find."),
    /** People decide by a list which token to end. */
    R39(
            "The latest recorded use of a token stays, whatever the order, the node and the token's state, and is returned"
                    + " by the token's id to the microsecond.",
            "Write only a later instant, in one atomic step; look for local time, for lost digits, for ids that a collation"
                    + " folds, and for conditions on the token or on other uses."),
    /** A request's write must not undo a revocation. */
    R40(
            "Recording a use never changes, revives or adds a token, whatever the token's state.",
            "Keep uses separately from tokens; reading a token and writing it back undoes writes in between."),
    /** An id that is free again belongs to another token. */
    R41(
            "When a purge's walk has ended, the uses of the tokens that it removed are gone, and no others.",
            "Remove a use with its token, or after each step the uses without a token."),
    /** A refused flush leaves nothing half done. */
    R42(
            "record and lastUses take up to 1,000 tokens; more, or a null, is refused before anything is written; what lastUses returns is unmodifiable and does not change.",
            "Check the size and copy the map first; return a copy."),
    /** Each of a host's nodes flushes whenever it likes. */
    R43(
            "Calls that record uses at the same time, in any order, all return, keep the latest use of all, and never"
                    + " move a use back.",
            "Lock in the order of the ids, and wait for a lock instead of skipping a use; compare and write in one"
                    + " step.");

    private final String promise;
    private final String whereToLook;

    Rule(String promise, String whereToLook) {
        this.promise = promise;
        this.whereToLook = whereToLook;
    }

    /**
     * Returns the promise of this rule.
     *
     * @return one sentence
     */
    public String promise() {
        return promise;
    }

    /**
     * Returns where the author of a store that breaks this rule should look.
     *
     * @return one sentence
     */
    public String whereToLook() {
        return whereToLook;
    }

    /** Returns the text of a failed test: the number, the promise and where to look. */
    @Override
    public String toString() {
        return name() + ": " + promise + " " + whereToLook;
    }
}
