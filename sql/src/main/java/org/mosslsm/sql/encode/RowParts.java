// Which rows are counted together.
package org.mosslsm.sql.encode;

import java.util.Arrays;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.txn.CountedParts;
import org.mosslsm.sql.catalog.Table;

/** The parts of the keyspace whose entries are counted: the rows of each table, by the number of its primary index. */
public final class RowParts implements CountedParts {
    private static final byte[] ROWS = {IndexKeys.ROWS};
    private static final byte[] BEHIND_ROWS = {IndexKeys.ROWS + 1};

    /** The part that holds the rows of the table. */
    public static long of(Table table) {
        return table.primary().id();
    }

    @Override
    public long partOf(byte[] key) {
        return key.length == 0 || key[0] != IndexKeys.ROWS ? NO_PART : IndexKeys.idAt(key, 1);
    }

    @Override
    public long partOf(KeyRange range) {
        byte[] lo = range.lo();
        byte[] hi = range.hiOrNull();
        if (Arrays.compareUnsigned(lo, BEHIND_ROWS) >= 0 || (hi != null && Arrays.compareUnsigned(hi, ROWS) <= 0)) {
            return NO_PART;
        }
        long part = partOf(lo);
        if (part < 0 || hi == null || Arrays.compareUnsigned(hi, range(part).hiOrNull()) > 0) {
            return SEVERAL;
        }
        return part;
    }

    /** The whole index: rows, or unique keys; or what stands for the existence of its keys. */
    @Override
    public KeyRange lockedTogether(byte[] key) {
        int at = key.length > 0 && key[0] == IndexKeys.EXISTENCE ? 1 : 0;
        boolean ofIndex = key.length > at && (key[at] == IndexKeys.ROWS || key[at] == IndexKeys.SECONDARY);
        int id = ofIndex ? IndexKeys.idAt(key, at + 1) : -1;
        if (id < 0) {
            return null;
        }
        byte[] index = IndexKeys.prefix(key[at], id);
        return KeyRange.prefix(at == 0 ? index : IndexKeys.existence(index));
    }

    @Override
    public KeyRange range(long part) {
        return KeyRange.prefix(IndexKeys.prefix(IndexKeys.ROWS, (int) part));
    }
}
