package org.mosslsm.kv.lsm.table;

import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * Checks of a table what checksums cannot: that entries ascend across all blocks, lie within the bounds the properties give,
 * are as many as they say, and that blocks have the keys they are said to have.
 *
 * <p>Not thread-safe.
 */
final class TableCheck {
    private final TableReader table;
    private final TableProperties properties;
    private byte[] last = {};
    private int lastLength;
    private long lastTrailer = Trailer.FIRST;

    private TableCheck(TableReader table) {
        this.table = table;
        this.properties = table.properties();
    }

    /**
     * Reads every block.
     *
     * @throws CorruptionException when a block is damaged, or one of these does not hold
     */
    static void run(TableReader table) {
        new TableCheck(table).run();
    }

    private void run() {
        long entries = 0;
        Counted counted = new Counted(table);
        try (TableCursor cursor = table.sequentialCursor(256 << 10)) {
            for (boolean more = cursor.seekFirst(); more; more = cursor.next()) {
                byte[] key = cursor.keyArray();
                int offset = cursor.keyOffset();
                int length = cursor.keyLength();
                if (EntryOrder.compare(last, 0, lastLength, lastTrailer, key, offset, length, cursor.trailer()) >= 0) {
                    throw damage("entry " + entries + " is not behind the one before");
                }
                counted.entry(cursor.ordinal(), key, offset, length, cursor.trailer());
                remember(key, offset, length, cursor.trailer());
                if (entries++ == 0 && compareTo(properties.smallest(), last, lastLength) > 0) {
                    throw damage("the first key is before the smallest of the properties");
                }
            }
        }
        if (entries != properties.entries()) {
            throw damage(entries + " entries where its properties say " + properties.entries());
        }
        if (entries > 0 && compareTo(properties.largest(), last, lastLength) < 0) {
            throw damage("the last key is behind the largest of the properties");
        }
        counted.end();
    }

    private void remember(byte[] key, int offset, int length, long trailer) {
        if (length > last.length) {
            last = new byte[2 * length];
        }
        System.arraycopy(key, offset, last, 0, length);
        lastLength = length;
        lastTrailer = trailer;
    }

    private CorruptionException damage(String what) {
        return new CorruptionException(table.name(), -1, what);
    }

    private static int compareTo(byte[] bound, byte[] key, int length) {
        return EntryOrder.compareKeys(bound, 0, bound.length, key, 0, length);
    }

    /** Counts the keys of blocks once more, as their entries are met in order, and compares. Not thread-safe. */
    static final class Counted {
        private final TableReader table;
        private final BlockCounts.Builder counts = new BlockCounts.Builder();
        private byte[] last = {};
        private int lastLength = -1;
        private int block;

        Counted(TableReader table) {
            this.table = table;
        }

        void entry(int ordinal, byte[] key, int offset, int length, long trailer) {
            endBlocks(ordinal);
            counts.add(!isLast(key, offset, length), Trailer.hasValue(trailer));
            if (length > last.length) {
                last = new byte[2 * length];
            }
            System.arraycopy(key, offset, last, 0, length);
            lastLength = length;
        }

        private boolean isLast(byte[] key, int offset, int length) {
            return lastLength >= 0 && EntryOrder.sameKey(key, offset, length, last, 0, lastLength);
        }

        private void endBlocks(int ordinal) {
            while (block < ordinal) {
                counts.endBlock();
                block++;
            }
        }

        /** All entries were met: throws where the table says something else of its blocks. */
        void end() {
            BlockCounts said = table.blockCounts(table.parts());
            if (said.size() == 0) {
                return;
            }
            endBlocks(said.size());
            BlockCounts found = counts.build();
            for (int i = 0; i < said.size(); i++) {
                if (said.of(i) != 0 && said.of(i) != found.of(i)) {
                    throw new CorruptionException(
                            table.name(),
                            -1,
                            "block " + i + " is said to have " + said.of(i) + " keys, which stand once, where it has "
                                    + found.of(i));
                }
            }
        }
    }
}
