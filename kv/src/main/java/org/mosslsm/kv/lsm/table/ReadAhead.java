package org.mosslsm.kv.lsm.table;

/**
 * Reads a table's data blocks in large pieces, for a pass from front to back that should neither ask the disk for each
 * block nor push others' blocks out of the cache. Not thread-safe.
 */
final class ReadAhead {
    private final TableReader table;
    private final TableParts parts;
    private final TableIndex index;
    private final byte[] buffer;
    private long bufferedFrom;
    private long bufferedTo;

    ReadAhead(TableReader table, TableParts parts, int bytes) {
        this.table = table;
        this.parts = parts;
        this.index = parts.index;
        this.buffer = new byte[(int) Math.min(bytes, index.offset(index.count()))];
    }

    Block block(int ordinal) {
        Block cached = parts.blocks.get(ordinal);
        if (cached != null) {
            return cached;
        }
        long from = index.offset(ordinal);
        long to = index.offset(ordinal + 1);
        if (to - from > buffer.length) {
            return table.block(parts, ordinal, false);
        }
        if (from < bufferedFrom || to > bufferedTo) {
            bufferedTo = bufferedFrom; // nothing, should the read fail
            int length = (int) Math.min(buffer.length, index.offset(index.count()) - from);
            table.readFully(from, buffer, length);
            bufferedFrom = from;
            bufferedTo = from + length;
        }
        return table.parse(index, buffer, (int) (from - bufferedFrom), ordinal);
    }
}
