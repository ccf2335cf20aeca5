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
 */
public record NodeFigures(double expected, boolean ran, long loops, long rows, long nanos) {
    /** The expectation alone. */
    public static NodeFigures expecting(double rows) {
        return new NodeFigures(rows, false, 0, 0, 0);
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
                + String.format(Locale.ROOT, "; %.3f ms)", (double) nanos / 1e6);
    }

    /** The expected rows as a whole number; nothing is expected to give none at all. */
    long count() {
        return Math.max(1, Math.round(expected));
    }
}
