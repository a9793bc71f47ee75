package io.tokenstore.contract;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Collectors;

/**
 * Watches the threads of one test. It reports if they are deadlocked, or if each has long waited in one call, and shows what
 * they do.
 *
 * <p>Time is counted in looks, not by a clock, so that a machine that stood still does not count against the store.
 */
final class ThreadWatch {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int LOOKS = 240;
    /** A store may give up waiting for a lock, and then this is not a deadlock. */
    private static final int LOOKS_AT_A_DEADLOCK = LOOKS / 6;

    /** On a busy machine a database, or a pool that opens a connection, may keep every thread waiting for many seconds. */
    private static final int LOOKS_AT_A_WAIT = LOOKS / 2;

    private static final int MAX_THREADS = 40;
    private static final int MAX_FRAMES = 40;

    private final ThreadGroup group;
    private final Duration limit;
    private Map<Long, Long> deadlock = Map.of();
    private int looksAtTheDeadlock;
    private Map<Long, Long> waits = Map.of();
    private int looksAtTheWaits;

    ThreadWatch(ThreadGroup group, Duration limit) {
        this.group = group;
        this.limit = limit;
    }

    /** Waits for a test to end; if it does not, returns why and what its threads do. */
    Optional<String> await(Thread test) throws InterruptedException {
        long millis = Math.max(1, limit.toMillis() / LOOKS);
        test.join(millis);
        for (int looks = 1; test.isAlive(); looks++) {
            if (isDeadlocked()) {
                return Optional.of("does not end: its threads are deadlocked" + threads());
            }
            if (isWaiting(test)) {
                return Optional.of("does not end: its threads wait in calls that do not return" + threads());
            }
            if (looks >= LOOKS) {
                return Optional.of("took longer than " + limit + threads());
            }
            test.join(millis);
        }
        return Optional.empty();
    }

    private boolean isDeadlocked() {
        Set<Long> deadlocked = deadlocked();
        Map<Long, Long> seen =
                idsOfTheGroup().stream().anyMatch(deadlocked::contains) ? waitsOf(infos(deadlocked, false)) : Map.of();
        looksAtTheDeadlock = seen.isEmpty() || !seen.equals(deadlock) ? 0 : looksAtTheDeadlock + 1;
        deadlock = seen;
        return looksAtTheDeadlock >= LOOKS_AT_A_DEADLOCK;
    }

    /** Returns whether the kit's threads have made no step for long, while no thread of the store runs. */
    private boolean isWaiting(Thread test) {
        List<ThreadInfo> calling = infos(idsOfTheGroup(), false).stream()
                .filter(thread -> !has(thread, Race.class, "await"))
                .toList();
        Map<Long, Long> seen = calling.stream().anyMatch(ThreadWatch::runs)
                ? Map.of()
                : waitsOf(calling.stream()
                        .filter(thread -> thread.getThreadId() == test.getId()
                                || thread.getThreadName().startsWith(Race.CONTENDER)
                                || thread.getThreadName().startsWith(InParallel.CALLER))
                        .toList());
        looksAtTheWaits = seen.isEmpty() || !seen.equals(waits) ? 0 : looksAtTheWaits + 1;
        waits = seen;
        return looksAtTheWaits >= LOOKS_AT_A_WAIT;
    }

    /** The set-up of a store may take long. */
    private static boolean runs(ThreadInfo thread) {
        return thread.getThreadState() == Thread.State.RUNNABLE || has(thread, null, "emptyStore");
    }

    private static boolean has(ThreadInfo thread, Class<?> type, String method) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals(method)
                        && (type == null || frame.getClassName().equals(type.getName())));
    }

    /** Returns how often each thread has begun to wait: if the number stays the same, the thread has made no step. */
    private static Map<Long, Long> waitsOf(List<ThreadInfo> threads) {
        return threads.stream()
                .collect(Collectors.toMap(
                        ThreadInfo::getThreadId, thread -> thread.getBlockedCount() + thread.getWaitedCount()));
    }

    private Set<Long> idsOfTheGroup() {
        Thread[] threads = new Thread[2 * group.activeCount() + 8];
        int found = group.enumerate(threads);
        return Arrays.stream(threads, 0, found).map(Thread::getId).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Long> deadlocked() {
        long[] ids = THREADS.findDeadlockedThreads();
        return Arrays.stream(ids == null ? new long[0] : ids).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<ThreadInfo> infos(Set<Long> ids, boolean withLocks) {
        long[] all = ids.stream().mapToLong(Long::longValue).toArray();
        ThreadInfo[] infos = withLocks
                ? THREADS.getThreadInfo(
                        all, THREADS.isObjectMonitorUsageSupported(), THREADS.isSynchronizerUsageSupported())
                : THREADS.getThreadInfo(all, MAX_FRAMES);
        return Arrays.stream(infos).filter(Objects::nonNull).toList();
    }

    /** Shows the threads of the group and the store's deadlocked threads; the threads that wait for the others come last. */
    private String threads() {
        Set<Long> ids = deadlocked();
        ids.removeAll(idsOfOtherTests());
        ids.addAll(idsOfTheGroup());
        return infos(ids, true).stream()
                .sorted(Comparator.comparing(
                        thread -> has(thread, Race.class, "await") || has(thread, Race.class, "get")))
                .limit(MAX_THREADS)
                .map(ThreadWatch::shown)
                .collect(Collectors.joining());
    }

    private Set<Long> idsOfOtherTests() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> {
                    ThreadGroup its = thread.getThreadGroup();
                    return its != null && its != group && its.getName().equals(group.getName());
                })
                .map(Thread::getId)
                .collect(Collectors.toSet());
    }

    private static String shown(ThreadInfo thread) {
        StringBuilder shown = new StringBuilder(line("", thread.getThreadName() + ", " + thread.getThreadState()));
        LockInfo awaited = thread.getLockInfo();
        if (awaited != null) {
            String holder = thread.getLockOwnerName();
            shown.append(", waits for ").append(awaited).append(holder == null ? "" : ", which " + holder + " holds");
        }
        for (LockInfo lock : thread.getLockedSynchronizers()) {
            if (!lock.getClassName().startsWith(ThreadPoolExecutor.class.getName())) {
                shown.append(line("    ", "holds " + lock));
            }
        }
        StackTraceElement[] frames = thread.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
            if (frames[i].getClassName().startsWith("jdk.internal.reflect.")) {
                break; // JUnit calls it.
            }
            shown.append(line("    ", "at " + frames[i]));
            for (MonitorInfo monitor : thread.getLockedMonitors()) {
                if (monitor.getLockedStackDepth() == i) {
                    shown.append(line("    ", "  holds " + monitor));
                }
            }
        }
        return shown.toString();
    }

    private static String line(String indent, String text) {
        return System.lineSeparator() + indent + text;
    }
}
