package org.mosslsm.sql.exec;

/**
 * Room for columns of many rows at a time, reused from batch to batch: what one column test or aggregate reads is
 * overwritten by the next. Each array is made when it is first asked for. Thread safety: none.
 */
final class Lanes {
    private long[] longs = {};
    private long[] otherLongs = {};
    private final long[][] levels = new long[LaneNumbers.MOST_LEVELS][];
    private double[] doubles = {};
    private boolean[] nulls = {};
    private boolean[] otherNulls = {};
    private int[] offsets = {};
    private int[] lengths = {};
    private int[] rows = {};
    private byte[][] arrays = {};

    long[] longs(int count) {
        if (longs.length < count) {
            longs = new long[count];
        }
        return longs;
    }

    long[] otherLongs(int count) {
        if (otherLongs.length < count) {
            otherLongs = new long[count];
        }
        return otherLongs;
    }

    /** Of what stands on that level of an expression, below {@link LaneNumbers#MOST_LEVELS}. */
    long[] level(int level, int count) {
        if (levels[level] == null || levels[level].length < count) {
            levels[level] = new long[count];
        }
        return levels[level];
    }

    double[] doubles(int count) {
        if (doubles.length < count) {
            doubles = new double[count];
        }
        return doubles;
    }

    boolean[] nulls(int count) {
        if (nulls.length < count) {
            nulls = new boolean[count];
        }
        return nulls;
    }

    boolean[] otherNulls(int count) {
        if (otherNulls.length < count) {
            otherNulls = new boolean[count];
        }
        return otherNulls;
    }

    int[] offsets(int count) {
        if (offsets.length < count) {
            offsets = new int[count];
        }
        return offsets;
    }

    int[] lengths(int count) {
        if (lengths.length < count) {
            lengths = new int[count];
        }
        return lengths;
    }

    int[] rows(int count) {
        if (rows.length < count) {
            rows = new int[count];
        }
        return rows;
    }

    byte[][] arrays(int count) {
        if (arrays.length < count) {
            arrays = new byte[count][];
        }
        return arrays;
    }
}
