package org.mosslsm.kv.lsm.table;

import org.mosslsm.kv.CorruptionException;

/** Goes through a table block by block and past damaged ones, for the tools that verify and repair. Stateless. */
public final class TableWalk {
    /** Told what is met, in the order of the file. */
    public interface Visitor {
        /** An entry; the arrays are views, good during the call. */
        void entry(
                byte[] keyArray,
                int keyOffset,
                int keyLength,
                long trailer,
                byte[] valueArray,
                int valueOffset,
                int valueLength);

        /** A block that cannot be read, or not to its end. */
        void damaged(CorruptionException damage);
    }

    private TableWalk() {}

    /** Walks all blocks, and checks how many keys they are said to have; returns how many blocks there are. */
    public static int walk(TableReader table, Visitor visitor) {
        BlockCursor cursor = new BlockCursor();
        TableCheck.Counted counted = new TableCheck.Counted(table);
        boolean whole = true;
        TableParts parts = table.parts();
        int blocks = parts.index.count();
        for (int ordinal = 0; ordinal < blocks; ordinal++) {
            try {
                Block block = table.block(parts, ordinal, false);
                cursor.reset(block);
                for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
                    counted.entry(ordinal, cursor.keyArray(), cursor.keyOffset(), cursor.keyLength(), cursor.trailer());
                    visitor.entry(
                            cursor.keyArray(),
                            cursor.keyOffset(),
                            cursor.keyLength(),
                            table.shown(cursor.trailer()),
                            block.bytes(),
                            cursor.valueOffset(),
                            cursor.valueLength());
                }
            } catch (CorruptionException e) {
                whole = false;
                visitor.damaged(e);
            }
        }
        if (whole) {
            check(counted, visitor);
        }
        return blocks;
    }

    private static void check(TableCheck.Counted counted, Visitor visitor) {
        try {
            counted.end();
        } catch (CorruptionException e) {
            visitor.damaged(e);
        }
    }
}
