package org.mosslsm.kv.lsm;

import java.io.IOException;

/**
 * Syncs the log for commits of {@code interval} durability: at the latest so many milliseconds after the first of them.
 *
 * <p>Invariant: {@code due} is 0, or the time until which the earliest commit not yet synced may wait. The thread exists
 * from the first such commit on. Thread-safe.
 */
final class IntervalSync {
    private final String threadName;
    private final ActiveLog log;
    private final Background.Failure failure;
    private Thread thread;
    private long due;
    private boolean waiting;
    private boolean stopped;

    IntervalSync(String threadName, ActiveLog log, Background.Failure failure) {
        this.threadName = threadName;
        this.log = log;
        this.failure = failure;
    }

    /** Has the log synced within {@code millis} milliseconds. */
    synchronized void request(int millis) {
        long wanted = System.nanoTime() + millis * 1_000_000L;
        if (waiting && due - wanted <= 0) {
            return;
        }
        due = wanted;
        waiting = true;
        if (thread == null && !stopped) {
            thread = new Thread(this::run, threadName);
            thread.setDaemon(true);
            thread.start();
        }
        notifyAll();
    }

    private void run() {
        try {
            while (awaitDue()) {
                log.syncFlushed();
            }
        } catch (IOException | RuntimeException | Error e) {
            failure.failed(e);
        }
    }

    private synchronized boolean awaitDue() {
        while (!stopped) {
            long left = waiting ? due - System.nanoTime() : Long.MAX_VALUE;
            if (left <= 0) {
                waiting = false;
                return true;
            }
            try {
                wait(waiting ? left / 1_000_000 + 1 : 0);
            } catch (InterruptedException e) {
                return false; // nobody but a container that ends interrupts our thread; close() syncs the rest
            }
        }
        return false;
    }

    /** Ends the thread and waits for it; the caller syncs what is left. */
    void stop() {
        Thread running;
        synchronized (this) {
            stopped = true;
            running = thread;
            notifyAll();
        }
        Background.join(running);
    }
}
