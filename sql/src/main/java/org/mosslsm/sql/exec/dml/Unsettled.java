// Foreign keys of several changes in one statement.
package org.mosslsm.sql.exec.dml;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.exec.AllClosed;

/**
 * What the foreign keys of several changes in one statement ask for: it is done at the end of the last of them, as if they
 * were one. One object an execution; not thread-safe.
 */
public final class Unsettled implements AutoCloseable {
    private final List<References> waiting = new ArrayList<>();
    private boolean last;

    /** One more change is done; where it is the last one, all are settled. */
    void add(References references) {
        waiting.add(references);
        if (last) {
            settle();
        }
    }

    /** The change that follows is the last. */
    public void lastFollows() {
        last = true;
    }

    /** Settles all; throws 23503 where a foreign key is violated. */
    public void settle() {
        waiting.forEach(References::cascade);
        waiting.forEach(References::verify);
    }

    /** Forgets what waits, and its files. */
    @Override
    public void close() {
        AllClosed.of(waiting.stream().map(r -> (AutoCloseable) r::end).toList());
    }
}
