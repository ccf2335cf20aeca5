// Closing several things that may each fail.
package org.mosslsm.sql.exec;

import java.util.Collection;

/** Closes what may hold files: all of it, whatever one of them throws. Stateless. */
public final class AllClosed {
    private AllClosed() {}

    /** Closes each, once; throws what the first that failed threw, with the others suppressed. */
    public static void of(Collection<? extends AutoCloseable> all) {
        Throwable failure = null;
        for (AutoCloseable one : all) {
            try {
                one.close();
            } catch (Throwable e) { // an Error, too, must not keep the others from being closed
                if (failure == null) {
                    failure = e;
                } else if (failure != e) {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure instanceof Error e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure != null) {
            throw new IllegalStateException("closing failed", failure);
        }
    }
}
