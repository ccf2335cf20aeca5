package org.mosslsm.sql.exec;

/**
 * Room for columns of many rows at a time, reused from batch to batch: what one column test or aggregate reads is
 * overwritten by the next. Each array is made when it is first asked for. Thread safety: none.
 */
final class Lanes {
    private long[] longs = {};
    private long[] otherLongs = {};
    private double[] doubles = {};
    private boolean[] nulls = {};
    private boolean[] otherNulls = {};
    private int[] offsets = {};
    private int[] lengths = {};
    private int[] rows = {};
    private byte[][] arrays = {};

    long[] longs(int count) {
        return longs = longs.length >= count ? longs : new long[count];
    }

    long[] otherLongs(int count) {
        return otherLongs = otherLongs.length >= count ? otherLongs : new long[count];
    }

    double[] doubles(int count) {
        return doubles = doubles.length >= count ? doubles : new double[count];
    }

    boolean[] nulls(int count) {
        return nulls = nulls.length >= count ? nulls : new boolean[count];
    }

    boolean[] otherNulls(int count) {
        return otherNulls = otherNulls.length >= count ? otherNulls : new boolean[count];
    }

    int[] offsets(int count) {
        return offsets = offsets.length >= count ? offsets : new int[count];
    }

    int[] lengths(int count) {
        return lengths = lengths.length >= count ? lengths : new int[count];
    }

    int[] rows(int count) {
        return rows = rows.length >= count ? rows : new int[count];
    }

    byte[][] arrays(int count) {
        return arrays = arrays.length >= count ? arrays : new byte[count][];
    }
}
