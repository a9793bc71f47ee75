package io.tokenstore.memory;

import io.tokenstore.Username;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one owner in the order of their ids, in an array with room at its end: new ids are mostly the greatest.
 *
 * <p>Reads never block, and run beside the one thread at a time that writes. An array changes only at its end, and any other
 * change makes a new one. A reader may see an entry there before the field is written: so a slot is released with what is in
 * it and in those before it, and acquired where the end is looked for.
 */
final class OwnedEntries {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Entry[].class);

    private static final int FEWEST_SLOTS = 2;

    /** How many entries there are for each that was removed and is still here. */
    private static final int KEPT_FOR_REMOVED = 8;

    private final Username owner;
    private volatile @Nullable Entry[] slots = new Entry[FEWEST_SLOTS];
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
        @Nullable Entry[] now = slots;
        int from = id == null ? 0 : firstAfter(now, id);
        return Arrays.asList(now).subList(from, Math.max(from, count(now, entry -> true)));
    }

    /** Adds an entry whose id is not kept. */
    void add(Entry entry) {
        @Nullable Entry[] now = slots;
        int at = firstAfter(now, entry.id());
        if (at < filled || filled == now.length) {
            @Nullable Entry[] wider = new Entry[filled + 1 + filled / 4];
            System.arraycopy(now, 0, wider, 0, at);
            System.arraycopy(now, at, wider, at + 1, filled - at);
            now = wider;
        }
        SLOT.setRelease(now, at, entry);
        filled++;
        slots = now;
    }

    /** Makes room once in a while, after an entry was removed; returns whether none is left. */
    boolean removed() {
        removed++;
        if (removed * KEPT_FOR_REMOVED >= filled) {
            Entry[] rest =
                    after(null).stream().filter(entry -> !entry.isRemoved()).toArray(Entry[]::new);
            filled = rest.length;
            removed = 0;
            slots = rest;
        }
        return filled == 0;
    }

    private static int firstAfter(@Nullable Entry[] slots, String id) {
        return count(slots, entry -> entry.id().compareTo(id) <= 0);
    }

    /** Returns how many entries there are in front of which that holds: for all up to some one, and for none from it on. */
    private static int count(@Nullable Entry[] slots, Predicate<Entry> inFront) {
        int low = 0;
        int high = slots.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            Entry entry = (Entry) SLOT.getAcquire(slots, middle);
            if (entry != null && inFront.test(entry)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
