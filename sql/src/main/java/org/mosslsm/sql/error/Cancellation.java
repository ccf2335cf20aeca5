// Whether the statement at hand may go on, where no execution is.
package org.mosslsm.sql.error;

import java.util.function.Supplier;

/**
 * Asks whether the statement that this thread is at was cancelled, from where there is no execution to ask: while its text
 * is parsed, its plan is made, and that is compiled. What runs asks its {@code EvalContext}, which is nearer.
 *
 * <p>The check belongs to the thread, because a parser, a binder and an optimiser have nothing else in common, and a parameter
 * for it would go through every method of all three. Nothing that is ours stays with the thread after {@link #asking}.
 */
public final class Cancellation {
    private static final ThreadLocal<Runnable> CHECK = new ThreadLocal<>();

    /** For loops over what a text may have a million of: {@code (n & MASK) == 0} is often enough, and costs nothing. */
    public static final int MASK = 0xFF;

    private Cancellation() {}

    /** Does the work, in which {@link #ask} runs {@code check}; what that throws ends it. */
    public static <T> T asking(Runnable check, Supplier<T> work) {
        Runnable before = CHECK.get();
        CHECK.set(check);
        try {
            return work.get();
        } finally {
            CHECK.set(before); // a removed one would be made anew, with a weak reference, by each statement
        }
    }

    /** Raises 57014 where the statement was cancelled or its time is up. */
    public static void ask() {
        Runnable check = CHECK.get();
        if (check != null) {
            check.run();
        }
    }
}
