package org.mosslsm.kv.lsm.table;

import java.io.IOException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * Copies a table under another file number: every block's checksum is verified for the old number and computed for the
 * new one, nothing is decompressed. So a table that was written elsewhere joins a store at the cost of reading it once.
 * Stateless.
 */
public final class TableReseal {
    private TableReseal() {}

    /**
     * Copies {@code table}, which was written with {@code oldNumber}, to {@code name} of {@code target}; synced but for
     * its directory entry.
     *
     * @throws org.mosslsm.kv.CorruptionException when a block is damaged
     * @throws KvIoException when the disk refuses; the copy is then worthless
     */
    public static void copy(TableReader table, long oldNumber, Vfs target, String name, long newNumber) {
        try (WritableFile out = target.create(name)) {
            TableIndex index = table.parts().index;
            for (int i = 0; i < index.count(); i++) {
                block(table, index.offset(i), index.bodyLength(i), oldNumber, newNumber, out);
            }
            long footerAt = table.fileSize() - TableFooter.BYTES;
            byte[] bytes = new byte[TableFooter.BYTES];
            table.readFully(footerAt, bytes, bytes.length);
            TableFooter footer = TableFooter.decode(bytes, table.name(), oldNumber, footerAt);
            part(table, footer.filterOffset(), footer.filterLength(), oldNumber, newNumber, out);
            part(table, footer.tombstonesOffset(), footer.tombstonesLength(), oldNumber, newNumber, out);
            part(table, footer.propertiesOffset(), footer.propertiesLength(), oldNumber, newNumber, out);
            part(table, footer.indexOffset(), footer.indexLength(), oldNumber, newNumber, out);
            ByteWriter end = new ByteWriter(TableFooter.BYTES);
            TableFooter.encode(footer, newNumber, footerAt, end);
            out.append(end.array(), 0, end.size());
            out.sync();
        } catch (IOException e) {
            throw new KvIoException("cannot copy table " + table.name() + " to " + name + ": " + e.getMessage(), e);
        }
    }

    private static void part(
            TableReader table, long offset, int length, long oldNumber, long newNumber, WritableFile out)
            throws IOException {
        if (length > 0) {
            block(table, offset, length, oldNumber, newNumber, out);
        }
    }

    private static void block(
            TableReader table, long offset, int bodyLength, long oldNumber, long newNumber, WritableFile out)
            throws IOException {
        byte[] stored = new byte[bodyLength + BlockCodec.TRAILER_BYTES];
        table.readFully(offset, stored, stored.length);
        BlockCodec.reseal(stored, bodyLength, table.name(), oldNumber, newNumber, offset);
        out.append(stored, 0, stored.length);
    }
}
