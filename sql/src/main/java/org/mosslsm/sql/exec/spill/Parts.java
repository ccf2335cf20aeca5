package org.mosslsm.sql.exec.spill;

import java.util.ArrayDeque;

/**
 * What did not fit into memory, part by part: each is one file of rows, or a pair of files whose rows meet each other only.
 * Closing deletes all that is left. Thread safety: none.
 */
public final class Parts implements AutoCloseable {
    /** @param other the second file of a pair, else null */
    private record Part(RowFile rows, RowFile other, int level) {
        void finish() {
            rows.finish();
            if (other != null) {
                other.finish();
            }
        }

        void close() {
            rows.close();
            if (other != null) {
                other.close();
            }
        }
    }

    private final ArrayDeque<Part> waiting = new ArrayDeque<>();
    private Part current;

    /** Adds the parts of a division; they are next, before those of divisions added earlier. */
    public void add(Partitions rows) {
        for (int i = 0; i < Partitions.COUNT; i++) {
            push(new Part(rows.file(i), null, rows.nextLevel()));
        }
    }

    /** Adds the parts of two inputs divided alike. */
    public void add(Partitions rows, Partitions others) {
        for (int i = 0; i < Partitions.COUNT; i++) {
            push(new Part(rows.file(i), others.file(i), rows.nextLevel()));
        }
    }

    private void push(Part part) {
        if (part.rows.rows() > 0 || (part.other != null && part.other.rows() > 0)) {
            waiting.push(part);
            part.finish();
        } else {
            part.close();
        }
    }

    /** Takes up the next part and lets go of the one before; false when there is none. */
    public boolean next() {
        if (current != null) {
            current.close();
        }
        current = waiting.poll();
        return current != null;
    }

    /** The rows of the current part, from the first on. */
    public RowFile.Reader rows() {
        return current.rows.read();
    }

    /** The rows of the current part's second file. */
    public RowFile.Reader others() {
        return current.other.read();
    }

    /** The level at which the current part would be divided again. */
    public int level() {
        return current == null ? 0 : current.level;
    }

    /** Whether a part at the current level may be divided again. */
    public boolean mayDivide() {
        return level() < Partitions.LEVELS;
    }

    @Override
    public void close() {
        if (current != null) {
            current.close();
        }
        waiting.forEach(Part::close);
        waiting.clear();
    }
}
