package io.tokenstore.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Entries by their ids: a hash table with linear probing, in the order of the hashes, so that a walk can stop anywhere and go on
 * after an id, whatever the table's size is by then. It takes the place of a map's nodes and of a second, ordered map.
 *
 * <p>Reads never block, and run beside the one thread at a time that writes. A slot that was filled is never empty again: a mark
 * takes the place of an entry until the table is copied, and a reader goes on in the array in which it began.
 */
final class EntriesById {

    /** The most entries for which there are arrays. */
    static final int MOST = 1 << 28;

    private static final int FEWEST_BITS = 4;
    private static final int FEWEST_SPARE = 8;
    private static final int GOLDEN_RATIO = 0x9E37_79B9;

    private static final Comparator<Entry> ORDER = (a, b) -> compare(a, b.id(), b.idHash());

    private volatile Slots slots = new Slots(FEWEST_BITS, FEWEST_SPARE);
    private int filled;
    private int kept;

    /** An array in which an entry is at the first slot, from its hash's on, that was free. */
    private static final class Slots extends AtomicReferenceArray<@Nullable Entry> {

        private static final long serialVersionUID = 1L;

        /** How many bits of a hash tell its slot. */
        private final int bits;

        /** How many slots are behind the last that a hash tells, since no probe begins again at the front. */
        private final int spare;

        Slots(int bits, int spare) {
            super((1 << bits) + spare);
            this.bits = bits;
            this.spare = spare;
        }

        int first(int hash) {
            return hash >>> (Integer.SIZE - bits);
        }

        boolean put(Entry entry) {
            int i = first(entry.idHash());
            while (i < length() && get(i) != null) {
                i++;
            }
            if (i == length()) {
                return false;
            }
            set(i, entry);
            return true;
        }
    }

    /** Strings that differ in their last characters alone have near hashes, which the factor spreads. */
    static int hash(String id) {
        return id.hashCode() * GOLDEN_RATIO;
    }

    private static int compare(Entry entry, String id, int hash) {
        int byHash = Integer.compareUnsigned(entry.idHash(), hash);
        return byHash == 0 ? entry.id().compareTo(id) : byHash;
    }

    @Nullable
    Entry get(String id) {
        int hash = hash(id);
        Slots now = slots;
        for (int i = now.first(hash); i < now.length(); i++) {
            Entry entry = now.get(i);
            if (entry == null) {
                return null;
            }
            if (entry.idHash() == hash && entry.id().equals(id) && entry != Entry.GONE) {
                return entry;
            }
        }
        return null;
    }

    /** Returns how many entries are kept, to the thread that writes. */
    int size() {
        return kept;
    }

    /** Adds an entry whose id is not kept. */
    void add(Entry entry) {
        if (filled >= 1 << (slots.bits - 1)) {
            copy(slots.spare);
        }
        while (!slots.put(entry)) {
            copy(2 * slots.spare);
        }
        filled++;
        kept++;
    }

    /** Takes out an entry that is kept. */
    void remove(Entry entry) {
        int i = slots.first(entry.idHash());
        while (slots.get(i) != entry) {
            i++;
        }
        slots.set(i, Entry.GONE);
        kept--;
        if (kept < 1 << (slots.bits - 4)) {
            copy(FEWEST_SPARE);
        }
    }

    /** Moves to an array that is filled to a quarter, or less where it is the smallest. */
    private void copy(int spare) {
        int bits = Math.max(FEWEST_BITS, 2 + Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, kept - 1)));
        Slots copy = new Slots(bits, spare);
        for (int i = 0; i < slots.length(); i++) {
            Entry entry = slots.get(i);
            if (entry != null && entry != Entry.GONE && !copy.put(entry)) {
                copy(2 * spare);
                return;
            }
        }
        slots = copy;
        filled = kept;
    }

    /**
     * Returns the next entries in the order of the hashes, among them all that are kept throughout the walk.
     *
     * @param after the id after which to begin; null to begin with the first
     * @param limit the most entries to return
     */
    List<Entry> list(@Nullable String after, int limit) {
        Slots now = slots;
        List<Entry> page = new ArrayList<>();
        List<Entry> run = new ArrayList<>();
        String last = after;
        int lastHash = after == null ? 0 : hash(after);
        for (int i = now.first(lastHash); i <= now.length() && page.size() < limit; i++) {
            Entry entry = i == now.length() ? null : now.get(i);
            if (entry != null) {
                if (entry != Entry.GONE && (last == null || compare(entry, last, lastHash) > 0)) {
                    run.add(entry);
                }
            } else if (!run.isEmpty()) {
                // All that begin behind an empty slot have greater hashes than all before it.
                run.sort(ORDER);
                page.addAll(run.subList(0, Math.min(run.size(), limit - page.size())));
                run.clear();
                Entry end = page.get(page.size() - 1);
                last = end.id();
                lastHash = end.idHash();
            }
        }
        return page;
    }
}
