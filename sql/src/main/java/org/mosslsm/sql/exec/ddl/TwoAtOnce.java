// Two processors for one statement.
package org.mosslsm.sql.exec.ddl;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Runs two pieces of work at once: one in the thread at hand, the other in a thread made for it.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>When {@link #run} returns or throws, both have ended, and the thread with them.
 *   <li>When one fails, the other's next look at {@link #check} ends it; what failed first by itself is thrown.
 *   <li>An interrupt ends neither, and is still pending afterwards: only cancelling ends a statement.
 *   <li>Where the system has no more threads, the second runs after the first, in the thread at hand.
 * </ol>
 *
 * <p>Not thread-safe, but for {@link #check}.
 */
final class TwoAtOnce {
    private final Runnable cancelCheck;
    private final Consumer<Thread> starter;
    private final AtomicBoolean failed = new AtomicBoolean();

    /** For work of a statement; {@code cancelCheck} is called by both threads. */
    TwoAtOnce(Runnable cancelCheck) {
        this(cancelCheck, Thread::start);
    }

    TwoAtOnce(Runnable cancelCheck, Consumer<Thread> starter) {
        this.cancelCheck = cancelCheck;
        this.starter = starter;
    }

    /** Ends the work that calls it, by an exception, when the statement was cancelled or the other work failed. */
    void check() {
        cancelCheck.run();
        if (failed.get()) {
            throw new CancellationException("the other half of the work failed");
        }
    }

    /** Runs both, {@code here} in this thread. */
    void run(Runnable here, Runnable beside) {
        FutureTask<Void> first = task(here);
        FutureTask<Void> second = task(beside);
        Thread thread = new Thread(second, Thread.currentThread().getName() + "-half");
        thread.setDaemon(true);
        boolean started = true;
        try {
            starter.accept(thread);
        } catch (OutOfMemoryError e) {
            started = false;
        }
        first.run();
        if (!started) {
            second.run();
        }
        Throwable failure = outcome(first);
        Throwable other = outcome(second);
        if (started) {
            join(thread);
        }
        if (failure == null || (failure instanceof CancellationException && other != null)) {
            failure = other;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        if (failure != null) {
            throw (RuntimeException) failure; // a Runnable throws no other
        }
    }

    private FutureTask<Void> task(Runnable work) {
        return new FutureTask<>(() -> {
            try {
                work.run();
                return null;
            } catch (Throwable e) {
                failed.set(true);
                throw e;
            }
        });
    }

    /** What the task ended with, when it has; null where it was done. */
    private static Throwable outcome(FutureTask<Void> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return null;
                } catch (ExecutionException e) {
                    return e.getCause();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
