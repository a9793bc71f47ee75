package io.tokenstore.memory;

import io.tokenstore.Username;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one owner in the order of their ids, in an array with room at its end: new ids are mostly the greatest.
 *
 * <p>Reads never block, and run beside the one thread at a time that writes. An array changes at its end alone; for any other
 * change there is a new one.
 */
final class OwnedEntries {

    private static final int FEWEST_SLOTS = 2;

    /** How many entries there are for each that was removed and is still here. */
    private static final int FILLED_FOR_REMOVED = 8;

    private final Username owner;
    private volatile AtomicReferenceArray<@Nullable Entry> slots = new AtomicReferenceArray<>(FEWEST_SLOTS);
    private int filled;
    private int removed;

    OwnedEntries(Username owner) {
        this.owner = owner;
    }

    /** Returns the owner's name, which all the entries share. */
    Username owner() {
        return owner;
    }

    /** Returns the entries that are there now, some of which may be removed, after an id or from the first on. */
    List<Entry> after(@Nullable String id) {
        AtomicReferenceArray<@Nullable Entry> now = slots;
        int from = id == null ? 0 : firstAfter(now, id);
        int size = Math.max(0, count(now, entry -> true) - from);
        return new AbstractList<>() {
            @Override
            public Entry get(int index) {
                return now.get(from + index);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** Adds an entry whose id is not kept. */
    void add(Entry entry) {
        AtomicReferenceArray<@Nullable Entry> now = slots;
        int at = firstAfter(now, entry.id());
        if (at == filled && filled < now.length()) {
            now.set(at, entry);
        } else {
            AtomicReferenceArray<@Nullable Entry> wider = new AtomicReferenceArray<>(filled + 1 + filled / 4);
            for (int i = 0; i < filled; i++) {
                wider.setPlain(i < at ? i : i + 1, now.getPlain(i));
            }
            wider.setPlain(at, entry);
            slots = wider;
        }
        filled++;
    }

    /** Makes room once in a while, after an entry was removed; returns whether none is left. */
    boolean removed() {
        removed++;
        if (removed * FILLED_FOR_REMOVED >= filled) {
            Entry[] rest =
                    after(null).stream().filter(entry -> !entry.isRemoved()).toArray(Entry[]::new);
            filled = rest.length;
            removed = 0;
            slots = new AtomicReferenceArray<>(rest);
        }
        return filled == 0;
    }

    private static int firstAfter(AtomicReferenceArray<@Nullable Entry> slots, String id) {
        return count(slots, entry -> entry.id().compareTo(id) <= 0);
    }

    /** Returns how many entries there are in front of which that holds: for all up to some one, and for none from it on. */
    private static int count(AtomicReferenceArray<@Nullable Entry> slots, Predicate<Entry> inFront) {
        int low = 0;
        int high = slots.length();
        while (low < high) {
            int middle = (low + high) >>> 1;
            Entry entry = slots.get(middle);
            if (entry != null && inFront.test(entry)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
