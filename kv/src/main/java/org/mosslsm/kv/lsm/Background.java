package org.mosslsm.kv.lsm;

/**
 * A daemon thread that works whenever there is something to do, until it is stopped or fails.
 *
 * <p>Invariants: (1) a {@link #signal} is never lost: the task runs after it once more. Without one it runs at every tick,
 * for what becomes due with time. (2) Whatever the task throws, an
 * OutOfMemoryError too, ends the thread and is told to {@link Failure}: nothing dies silently.
 *
 * <p>Thread-safe.
 */
final class Background {
    /** One round of work. */
    interface Task {
        /** Does the most urgent piece of work, if there is one; returns whether there was. */
        boolean run() throws Exception;
    }

    /** Learns of what ended a thread. */
    interface Failure {
        /** Called in the thread that fails. */
        void failed(Throwable cause);
    }

    private final Task task;
    private final Failure failure;
    private final Thread thread;
    private final long tickMillis;
    private boolean signalled;
    private boolean stopped;

    /** A thread of the given name, started by {@link #start}; it works when it is signalled only. */
    Background(String name, Task task, Failure failure) {
        this(name, task, failure, 0);
    }

    /** As above; it looks for work every {@code tickMillis} too, unless that is 0. */
    Background(String name, Task task, Failure failure, long tickMillis) {
        this.tickMillis = tickMillis;
        this.task = task;
        this.failure = failure;
        this.thread = new Thread(this::loop, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Says that there may be something to do. */
    synchronized void signal() {
        signalled = true;
        notifyAll();
    }

    private void loop() {
        try {
            while (awaitSignal()) {
                while (!isStopped() && task.run()) {
                    // on to the next piece
                }
            }
        } catch (Throwable t) {
            failure.failed(t);
        }
    }

    private synchronized boolean awaitSignal() {
        boolean ticked = false;
        while (!signalled && !stopped && !ticked) {
            try {
                wait(tickMillis);
                ticked = tickMillis > 0; // or woken for no reason: a look too often is no harm
            } catch (InterruptedException e) {
                // Not ours to obey: only stop() ends the thread.
            }
        }
        signalled = false;
        return !stopped;
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /** Lets the piece under way finish, takes up no other, and waits for the thread to end. */
    void stop() {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        join(thread);
    }

    /** Waits for a thread to end, whatever interrupts the caller; null, itself and one never started are no wait. */
    static void join(Thread thread) {
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
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
