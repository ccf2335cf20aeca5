package org.mosslsm.it.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs an operation again and again in one or more threads until a number of operations or a time is reached, and
 * prints the {@link Figure}. Each operation is timed by one clock reading (about 25 ns, the same for every engine).
 */
public final class Timed {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final com.sun.management.OperatingSystemMXBean PROCESS =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Timed() {}

    /** An operation; {@code i} counts from 0 in each thread. Returns how many units of work it did, usually 1. */
    public interface Operation {
        /** Does it once. */
        long run(long i) throws Exception;
    }

    /** Makes the operation of one thread. */
    public interface Operations {
        /** The operation of thread {@code thread}, counted from 0. */
        Operation of(int thread) throws Exception;
    }

    /** What one thread did. */
    private record Share(long operations, long units, long allocated, Latency latency) {}

    /** Runs one thread and prints units per second; returns the units done. */
    public static long run(String row, long operations, double seconds, Operation operation) throws Exception {
        return run(row, 1, operations, seconds, thread -> operation);
    }

    /** Runs {@code threads} threads, each at most {@code operations} times, and prints units per second of all together. */
    public static long run(String row, int threads, long operations, double seconds, Operations each) throws Exception {
        List<Operation> work = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            work.add(each.of(t));
        }
        long cpu = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        List<Share> shares =
                threads == 1 ? List.of(loop(work.get(0), operations, seconds)) : together(work, operations, seconds);
        double took = (System.nanoTime() - start) / 1e9;
        Latency latency = new Latency();
        long units = 0;
        long done = 0;
        long allocated = 0;
        for (Share share : shares) {
            latency.addAll(share.latency());
            units += share.units();
            done += share.operations();
            allocated += share.allocated();
        }
        double cpuMicros = (PROCESS.getProcessCpuTime() - cpu) / 1e3;
        // Where an operation has many units (a batch, a walk), bytes and processor time are per unit, as the rate is.
        new Figure(
                        row,
                        Figure.PER_SECOND,
                        units / took,
                        done < 20 ? Double.NaN : latency.micros(0.5),
                        done < 1000 ? Double.NaN : latency.micros(0.999),
                        (double) allocated / Math.max(1, units),
                        cpuMicros / Math.max(1, units))
                .print();
        return units;
    }

    private static List<Share> together(List<Operation> work, long operations, double seconds) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(work.size());
        try {
            CountDownLatch ready = new CountDownLatch(work.size());
            List<Future<Share>> running = new ArrayList<>();
            for (Operation operation : work) {
                Callable<Share> task = () -> {
                    ready.countDown();
                    ready.await();
                    return loop(operation, operations, seconds);
                };
                running.add(pool.submit(task));
            }
            List<Share> shares = new ArrayList<>();
            for (Future<Share> one : running) {
                shares.add(one.get());
            }
            return shares;
        } finally {
            pool.shutdownNow();
        }
    }

    private static Share loop(Operation operation, long operations, double seconds) throws Exception {
        Latency latency = new Latency();
        long self = Thread.currentThread().getId();
        long allocated = THREADS.getThreadAllocatedBytes(self);
        long last = System.nanoTime();
        long deadline = last + (long) (seconds * 1e9);
        long units = 0;
        long i = 0;
        while (i < operations) {
            units += operation.run(i++);
            long now = System.nanoTime();
            latency.add(now - last);
            last = now;
            if (now >= deadline) {
                break;
            }
        }
        return new Share(i, units, THREADS.getThreadAllocatedBytes(self) - allocated, latency);
    }
}
