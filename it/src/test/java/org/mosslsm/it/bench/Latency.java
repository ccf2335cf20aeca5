package org.mosslsm.it.bench;

/**
 * A histogram of durations with about 3 % resolution: 32 buckets for each power of two of nanoseconds. Not thread-safe;
 * each thread has its own and they are added up.
 */
public final class Latency {
    private static final int SUB_BITS = 5;

    private final long[] buckets = new long[64 << SUB_BITS];
    private long count;

    /** Records one duration. */
    public void add(long nanos) {
        buckets[bucket(nanos)]++;
        count++;
    }

    /** Adds the recordings of another. */
    public void addAll(Latency other) {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] += other.buckets[i];
        }
        count += other.count;
    }

    /** The duration that the fraction {@code quantile} of the recordings does not exceed, in microseconds. */
    public double micros(double quantile) {
        if (count == 0) {
            return Double.NaN;
        }
        long wanted = (long) Math.ceil(count * quantile);
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen >= wanted) {
                return lowerBound(i) / 1e3;
            }
        }
        throw new AssertionError(seen + " of " + count);
    }

    private static int bucket(long nanos) {
        if (nanos < 1 << SUB_BITS) {
            return (int) Math.max(0, nanos);
        }
        int exponent = 63 - Long.numberOfLeadingZeros(nanos);
        int sub = (int) (nanos >>> (exponent - SUB_BITS)) & ((1 << SUB_BITS) - 1);
        return ((exponent - SUB_BITS + 1) << SUB_BITS) + sub;
    }

    private static long lowerBound(int bucket) {
        if (bucket < 1 << SUB_BITS) {
            return bucket;
        }
        int exponent = (bucket >>> SUB_BITS) + SUB_BITS - 1;
        long sub = bucket & ((1 << SUB_BITS) - 1);
        return ((1L << SUB_BITS) + sub) << (exponent - SUB_BITS);
    }
}
