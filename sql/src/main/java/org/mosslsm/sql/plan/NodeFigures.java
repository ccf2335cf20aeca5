// What EXPLAIN says of a node besides what it does.
package org.mosslsm.sql.plan;

import java.util.Locale;

/**
 * Expectation and outcome of a node.
 *
 * @param expected rows that the optimiser expects each time the node is opened
 * @param ran whether the statement ran at all, so that the rest means something
 * @param loops how often the node was opened
 * @param rows it gave, of all loops
 * @param nanos in it and the nodes below
 * @param memory what it held and wrote itself
 */
public record NodeFigures(double expected, boolean ran, long loops, long rows, long nanos, Memory memory) {
    /**
     * Memory and files of a node alone.
     *
     * @param heldBytes most memory of rows at a time
     * @param files scratch files it made: a run of a sort or a part of a divided table each
     * @param spilledRows rows written to them
     * @param spilledBytes bytes written to them
     */
    public record Memory(long heldBytes, long files, long spilledRows, long spilledBytes) {
        /** Nothing. */
        public static final Memory NONE = new Memory(0, 0, 0, 0);

        private String text() {
            String held = heldBytes == 0 ? "" : "; " + kilobytes(heldBytes) + " kB held";
            return files == 0
                    ? held
                    : held + "; " + spilledRows + " rows, " + kilobytes(spilledBytes) + " kB in " + files
                            + (files == 1 ? " file" : " files");
        }

        private static long kilobytes(long bytes) {
            return (bytes + 1023) / 1024;
        }
    }

    /** The expectation alone. */
    public static NodeFigures expecting(double rows) {
        return new NodeFigures(rows, false, 0, 0, 0, Memory.NONE);
    }

    /** The figures for a line of text. */
    String text() {
        if (!ran) {
            return " (expected " + count() + ")";
        }
        if (loops == 0) {
            return " (never ran, expected " + count() + ")";
        }
        String each = loops == 1 ? "" : " in " + loops + " loops";
        return " (rows " + rows + each + ", expected " + count() + (loops == 1 ? "" : " each")
                + String.format(Locale.ROOT, "; %.3f ms", (double) nanos / 1e6) + memory.text() + ")";
    }

    /** The expected rows as a whole number; nothing is expected to give none at all. */
    long count() {
        return Math.max(1, Math.round(expected));
    }
}
