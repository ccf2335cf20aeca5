package org.mosslsm.kv.lsm;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what scans walk over in vain: versions that newer ones hide, deletes, and places where a memtable or a table of level
 * 0 comes between what lies below, so that entries are taken one by one. Where that comes to several times what a flush and a
 * merge of level 0 would walk over, these are worth doing, though nothing is full: the scans that follow do not meet what is
 * gone then. It is what LevelDB does with seeks, and RocksDB with its {@code memtable_op_scan_flush_trigger}.
 *
 * <p>Thread-safe. Figures are taken without a lock; who is late by one scan loses nothing.
 */
final class ScanWaste {
    /** Entries a cursor collects before it tells of them, so that short scans share no counter. */
    static final int WORTH_TELLING = 1024;

    /** Entries between two calls of who may do something about it. */
    private static final long STEP = 100_000;

    /** Walking over an entry costs a fraction of what rewriting one does. */
    private static final int FLUSH_TIMES = 2;

    private final LongAdder passed = new LongAdder();
    private volatile long answered;
    private volatile long flushedAt;
    private volatile Runnable listener = () -> {};

    /** Calls {@code whenMore} whenever much was added. */
    void whenMore(Runnable whenMore) {
        listener = whenMore;
    }

    /** A scan has passed over so many entries more. */
    void add(long entries) {
        long before = passed.sum();
        passed.add(entries);
        if (before / STEP != (before + entries) / STEP) {
            listener.run();
        }
    }

    /** Entries passed over since the last answer. */
    long entries() {
        return passed.sum() - answered;
    }

    /**
     * Whether what was passed over since the last answer, and since the last time this was true, is worth a flush that has so
     * many entries written, now or by the merge it brings nearer: one flush does not call for the next.
     */
    boolean outweighsFlush(long entries) {
        long now = passed.sum();
        boolean outweighs = now - Math.max(answered, flushedAt) >= FLUSH_TIMES * entries;
        if (outweighs) {
            flushedAt = now;
        }
        return outweighs;
    }

    /** Level 0 was merged for it. */
    void answer() {
        answered = passed.sum();
    }
}
