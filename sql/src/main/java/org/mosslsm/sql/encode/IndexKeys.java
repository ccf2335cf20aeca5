// The first bytes of keys.
package org.mosslsm.sql.encode;

import org.mosslsm.kv.KeyRange;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;

/** Spaces, and the prefix of every index: where its entries lie. */
public final class IndexKeys {
    /** Catalog. */
    public static final int SYSTEM = 0x01;
    /** Rows: the entries of primary indexes. */
    public static final int ROWS = 0x02;
    /** Entries of the other indexes. */
    public static final int SECONDARY = 0x03;
    /** Positions of sequences and of row ids. */
    public static final int SEQUENCES = 0x04;
    /** Statistics. */
    public static final int STATISTICS = 0x05;

    /** Before a key: stands for its existence, and is locked only; no entry lies there. */
    public static final int EXISTENCE = 0x0F;

    private IndexKeys() {}

    /** What stands for the existence of a key, or of those that begin so. */
    public static byte[] existence(byte[] key) {
        byte[] existence = new byte[key.length + 1];
        existence[0] = EXISTENCE;
        System.arraycopy(key, 0, existence, 1, key.length);
        return existence;
    }

    /** What all keys of the index begin with. */
    public static byte[] prefix(Table table, Index index) {
        return prefix(table.primary().id() == index.id() ? ROWS : SECONDARY, index.id());
    }

    /** Where the entries of the index lie. */
    public static KeyRange range(Table table, Index index) {
        return KeyRange.prefix(prefix(table, index));
    }

    /** Space and number. */
    public static byte[] prefix(int space, int id) {
        KeyWriter out = new KeyWriter();
        out.u8(space);
        orderedId(id, out);
        return out.toBytes();
    }

    /**
     * Writes a number so that greater ones come later: 0xxxxxxx, 10xxxxxx +1, 110xxxxx +2, 1110xxxx +3 bytes, F0 + 4
     * bytes.
     */
    static void orderedId(int id, KeyWriter out) {
        if (id < 0) {
            throw new IllegalArgumentException("negative id " + id);
        }
        if (id < 0x80) {
            out.u8(id);
        } else if (id < 0x4000) {
            out.u16(0x8000 | id);
        } else if (id < 0x20_0000) {
            out.u8(0xC0 | id >> 16).u16(id);
        } else if (id < 0x1000_0000) {
            out.u32(0xE000_0000 | id);
        } else {
            out.u8(0xF0).u32(id);
        }
    }

    /** The number that {@link #orderedId} wrote at {@code offset}; negative where the key ends before it does. */
    static int idAt(byte[] key, int offset) {
        int left = key.length - offset;
        if (left < 1) {
            return -1;
        }
        int first = key[offset] & 0xFF;
        int more = first < 0x80 ? 0 : first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (left <= more) {
            return -1;
        }
        int id = more == 4 ? 0 : first & (0xFF >> (more + 1));
        for (int i = 1; i <= more; i++) {
            id = id << 8 | (key[offset + i] & 0xFF);
        }
        return id;
    }
}
