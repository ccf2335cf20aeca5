package org.mosslsm.kv.lsm;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.StoreReadOnlyException;

/**
 * Whether the store may be used: open, open for reading only because something failed, or closed.
 *
 * <p>Invariants: (1) the first failure stays the cause. (2) What failed once stays failed until the store is reopened:
 * after a failed write or sync the end of the log is unknown, and trying again would be guessing. (3) Closed is final. (4) Who
 * waits for something that a store in health would do is woken by each change.
 *
 * <p>Thread-safe.
 */
final class Health {
    private final String name;
    private final Shortage shortage;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean closed;
    private volatile Runnable wake = () -> {};

    /** Of the store of that name, used in messages. */
    Health(String name) {
        this.name = name;
        this.shortage = new Shortage(name);
    }

    /** Has {@code wake} called after each change; it must not fail, and is called by any thread. */
    void whenChanged(Runnable wake) {
        this.wake = wake;
    }

    /** Throws unless the store may be read. */
    void checkOpen() {
        if (closed) {
            throw new StoreClosedException("the store " + name);
        }
    }

    /** Throws unless the store may be written. */
    void checkWritable() {
        checkOpen();
        Throwable cause = failure.get();
        if (cause != null) {
            throw new StoreReadOnlyException(
                    "the store " + name + " takes no more writes since a failure (" + describe(cause)
                            + "); remedy its cause and reopen the store",
                    cause);
        }
    }

    /**
     * Turns the store read-only; returns whether this was the first failure. Who is only told of another's failure, as who
     * writes to a manifest that failed under somebody else, may come here before that one: what it tells of counts.
     */
    boolean fail(Throwable cause) {
        boolean told = cause instanceof StoreReadOnlyException && cause.getCause() != null;
        boolean first = failure.compareAndSet(null, told ? cause.getCause() : cause);
        wake();
        return first;
    }

    /** Whether background work waits for space on the device, which is no failure. */
    Shortage shortage() {
        return shortage;
    }

    boolean failed() {
        return failure.get() != null;
    }

    Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Closes; returns whether this was the first call. */
    boolean close() {
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
        }
        wake();
        return first;
    }

    private void wake() {
        try {
            wake.run();
        } catch (Error e) { // no memory even for that
            return; // who waits looks again by himself, within a second; what failed must be told
        }
    }

    boolean closed() {
        return closed;
    }

    private static String describe(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
