package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.concurrent.ThreadFactory;

/**
 * Syncs the log for commits of {@code interval} durability: at the latest so many milliseconds after the first of them.
 *
 * <p>Invariant: {@code due} is 0, or the time until which the earliest commit not yet synced may wait. The thread exists
 * from the first such commit on that there was memory for it at; those before sync for themselves. Nothing but {@link #stop} or
 * a failure ends it, no interrupt. Thread-safe.
 */
final class IntervalSync {
    private final ThreadFactory threads;
    private final ActiveLog log;
    private final Background.Failure failure;
    private Thread thread;
    private long due;
    private boolean waiting;
    private boolean stopped;

    IntervalSync(String threadName, ActiveLog log, Background.Failure failure) {
        this(
                run -> {
                    Thread thread = new Thread(run, threadName);
                    thread.setDaemon(true);
                    return thread;
                },
                log,
                failure);
    }

    /** As above; a test lets no thread start. */
    IntervalSync(ThreadFactory threads, ActiveLog log, Background.Failure failure) {
        this.threads = threads;
        this.log = log;
        this.failure = failure;
    }

    /** Has the log synced within {@code millis} milliseconds; at once, where there is no memory for a thread. */
    void request(int millis) {
        if (!noted(millis)) {
            sync();
        }
    }

    /** Whether the thread knows of the request. */
    private synchronized boolean noted(int millis) {
        long wanted = System.nanoTime() + millis * 1_000_000L;
        if (waiting && due - wanted <= 0) {
            return true;
        }
        if (thread == null && !stopped && !start()) {
            return false;
        }
        due = wanted;
        waiting = true;
        notifyAll();
        return true;
    }

    private boolean start() {
        Thread fresh;
        try {
            fresh = threads.newThread(this::run);
            fresh.start();
        } catch (OutOfMemoryError e) { // the commit is in the log and seen by readers: no reason to tell it of this
            return false;
        }
        thread = fresh;
        return true;
    }

    private void run() {
        boolean good = true;
        while (good && awaitDue()) {
            good = sync();
        }
    }

    private boolean sync() {
        try {
            log.syncFlushed();
            return true;
        } catch (IOException | RuntimeException | Error e) {
            failure.failed(e);
            return false;
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
                // Not ours to obey: only stop() ends the thread.
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
