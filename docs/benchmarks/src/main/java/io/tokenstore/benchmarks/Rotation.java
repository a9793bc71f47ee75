package io.tokenstore.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * The contenders of an operation take turns, one for each iteration, in a new order in each round: whatever the machine does
 * meanwhile, it does to all of them alike, and the ratios within a round hold. JMH by itself runs one after the other.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Rotation {

    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** What is measured. */
    @Param("REVOKE")
    public Operation operation = Operation.REVOKE;

    /** Where. */
    @Param("H2_MEMORY")
    public Database database = Database.H2_MEMORY;

    /** The size of the table. */
    @Param("10000")
    public int rows;

    /** How many operations a thread does in a turn. */
    @Param("500")
    public int shot;

    private final List<Contender> contenders = new ArrayList<>();
    private Site site;
    private Contender current;
    private int iteration;

    /** Bytes that a thread allocated in its turn. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Allocation {

        /** The counter's name in the results. */
        public long allocated;
    }

    /** Returns which contender has which turn of a round. */
    static List<Integer> order(int round, int contenders) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, contenders).boxed().toList());
        Collections.shuffle(order, new Random(round));
        return order;
    }

    /** Starts the database and prepares the contenders. */
    @Setup(Level.Trial)
    public void start(BenchmarkParams params) throws Exception {
        site = new Site(database, rows, params.getThreads());
        for (Way way : operation.ways()) {
            contenders.add(way.contender().on(site));
        }
        warmUp(shot * params.getThreads());
    }

    /** By time, since a turn may be a few microseconds or seconds long; one after the other in turns, as they are measured. */
    private void warmUp(int operations) throws Exception {
        long end = System.nanoTime() + WARM_UP_NANOS * contenders.size();
        do {
            for (Contender contender : contenders) {
                contender.prepare(operations);
                contender.run(0, operations);
            }
        } while (System.nanoTime() < end);
    }

    /** Gives the next contender fresh subjects. */
    @Setup(Level.Iteration)
    public void nextTurn() throws Exception {
        int turns = contenders.size();
        current = contenders.get(order(iteration / turns, turns).get(iteration % turns));
        current.prepare(shot * site.threads());
        if (database == Database.NONE) {
            // Else the caches hold what the one before looked at.
            current.run(0, shot * site.threads());
            current.prepare(shot * site.threads());
        }
        iteration++;
    }

    /** Stops the database. */
    @TearDown(Level.Trial)
    public void stop() throws Exception {
        site.close();
    }

    /** One turn. */
    @Benchmark
    public void turn(ThreadParams thread, Allocation allocation) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        int first = thread.getThreadIndex() * shot;
        current.run(first, first + shot);
        allocation.allocated =
                threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
