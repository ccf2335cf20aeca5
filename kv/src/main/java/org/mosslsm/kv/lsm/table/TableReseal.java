package org.mosslsm.kv.lsm.table;

import java.io.IOException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * Copies a table under another file number: every block's checksum is verified for the old number and computed for the
 * new one, nothing is decompressed. So a table that was written elsewhere joins a store at the cost of reading it once.
 * Its properties are written anew, as those of a table that has not joined yet ({@link TableSeal}). Stateless.
 */
public final class TableReseal {
    /** A finished copy: bytes of its file, and what it says about itself. */
    public record Copy(long size, TableProperties properties) {}

    private TableReseal() {}

    /**
     * Copies {@code table}, which was written with {@code oldNumber}, into an empty file, which is closed in any case; synced but
     * for its directory entry.
     *
     * @throws org.mosslsm.kv.CorruptionException when a block is damaged
     * @throws KvIoException when the disk refuses; the copy is then worthless
     */
    public static Copy copy(TableReader table, long oldNumber, WritableFile target, long newNumber) {
        try (WritableFile out = target) {
            TableIndex blocks = table.parts().index;
            for (int i = 0; i < blocks.count(); i++) {
                block(table, blocks.offset(i), blocks.bodyLength(i), oldNumber, newNumber, out);
            }
            long footerAt = table.fileSize() - TableFooter.BYTES;
            byte[] bytes = new byte[TableFooter.BYTES];
            table.readFully(footerAt, bytes, bytes.length);
            TableFooter footer = TableFooter.decode(bytes, table.name(), oldNumber, footerAt);
            part(table, footer.filterOffset(), footer.filterLength(), oldNumber, newNumber, out);
            part(table, footer.tombstonesOffset(), footer.tombstonesLength(), oldNumber, newNumber, out);
            TableProperties properties = table.readProperties().joinedAt(TableProperties.NOT_YET);
            ByteWriter end = new ByteWriter(footer.indexLength() + footer.propertiesLength() + 512);
            TableFooter moved = footer.withProperties(properties(properties, footer, newNumber, end));
            byte[] index = table.part(footer.indexOffset(), footer.indexLength());
            BlockCodec.encode(new ByteWriter(0).raw(index, 0, index.length), null, newNumber, moved.indexOffset(), end);
            TableFooter.encode(moved, newNumber, footer.propertiesOffset() + end.size(), end);
            out.append(end.array(), 0, end.size());
            out.sync();
            return new Copy(out.size(), properties.withoutBlockCounts());
        } catch (IOException e) {
            throw new KvIoException(
                    "cannot copy table " + table.name() + " as number " + newNumber + ": " + e.getMessage(), e);
        }
    }

    /** Writes the properties, which stand where those of the table did; returns the length of their body. */
    private static int properties(TableProperties properties, TableFooter footer, long newNumber, ByteWriter out) {
        ByteWriter content = new ByteWriter(256);
        properties.encode(content);
        return BlockCodec.encode(content, null, newNumber, footer.propertiesOffset(), out);
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
