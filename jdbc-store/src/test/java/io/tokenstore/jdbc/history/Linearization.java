package io.tokenstore.jdbc.history;

import io.tokenstore.Token;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The search for an order of the calls on one token id that explains every answer, where each call takes effect at an instant
 * between its begin and its end: Wing and Gong's, but all orders at a time, in one pass that keeps what may be true by now.
 *
 * <p>Lincheck, which checks the store in memory, runs short scenarios of its own and asks for one sequential answer of each call.
 * This history was recorded, and a purge or a revokeAll takes effect on each token at an instant of its own.
 */
final class Linearization {

    /** What the id may have, and which of the calls under way have taken effect then. */
    private record Possibility(Optional<Token> kept, Set<Call> effective) {

        Possibility after(Call call, Optional<Token> left) {
            Set<Call> calls = new HashSet<>(effective);
            calls.add(call);
            return new Possibility(left, calls);
        }

        Possibility ended(Call call) {
            Set<Call> calls = new HashSet<>(effective);
            calls.remove(call);
            return new Possibility(kept, calls);
        }

        /** What changes nothing and may take effect again is best taken at once: that excludes nothing. */
        Possibility withWhatChangesNothing(Set<Call> underWay) {
            Set<Call> calls = new HashSet<>(effective);
            for (Call call : underWay) {
                if (!call.takesEffectOnce() && call.effectOn(kept).contains(kept)) {
                    calls.add(call);
                }
            }
            return new Possibility(kept, calls);
        }
    }

    private Linearization() {}

    /** Returns the first call that no order explains, if there is one; at first the id has no token. */
    static Optional<Call> firstUnexplained(Collection<Call> calls) {
        Map<Long, Call> events = new TreeMap<>();
        for (Call call : calls) {
            events.put(call.began(), call);
            events.put(call.ended(), call);
        }
        Set<Call> underWay = new HashSet<>();
        Set<Possibility> possible = Set.of(new Possibility(Optional.empty(), Set.of()));
        for (Map.Entry<Long, Call> event : events.entrySet()) {
            Call call = event.getValue();
            if (event.getKey() == call.began()) {
                underWay.add(call);
                continue;
            }
            possible = reachable(possible, underWay).stream()
                    .filter(now -> now.effective().contains(call))
                    .map(now -> now.ended(call))
                    .collect(Collectors.toSet());
            underWay.remove(call);
            if (possible.isEmpty()) {
                return Optional.of(call);
            }
        }
        return Optional.empty();
    }

    private static Set<Possibility> reachable(Set<Possibility> possible, Set<Call> underWay) {
        Set<Possibility> reached = new HashSet<>();
        Deque<Possibility> open = new ArrayDeque<>(possible);
        while (!open.isEmpty()) {
            Possibility now = open.pop().withWhatChangesNothing(underWay);
            if (!reached.add(now)) {
                continue;
            }
            for (Call call : underWay) {
                if (!call.takesEffectOnce() || !now.effective().contains(call)) {
                    call.effectOn(now.kept()).forEach(left -> open.push(now.after(call, left)));
                }
            }
        }
        return reached;
    }
}
