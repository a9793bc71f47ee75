package io.tokenstore.memory;

import io.tokenstore.Owner;
import io.tokenstore.TokenId;

/** The id of a token with its owner, ordered so that an owner's ids are adjacent and ascending. */
record OwnedId(Owner owner, TokenId id) implements Comparable<OwnedId> {

    /** Compares owners as strings: any order of owners is right, and this one needs no allocation. */
    @Override
    public int compareTo(OwnedId other) {
        int byOwner = owner.value().compareTo(other.owner.value());
        return byOwner == 0 ? id.compareTo(other.id) : byOwner;
    }
}
