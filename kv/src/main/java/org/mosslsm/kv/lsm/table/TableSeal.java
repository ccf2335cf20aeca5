package org.mosslsm.kv.lsm.table;

import java.io.IOException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * Writes into a finished table which sequence number its entries got when it joined the store, so that the table can be told
 * apart from older and newer ones without the manifest. Only the properties block changes, in its place: the room for the
 * number is there from the beginning.
 *
 * <p>To be called before the manifest names the table: a crash half way leaves a damaged file that nobody needs. Stateless.
 */
public final class TableSeal {
    private TableSeal() {}

    /**
     * Puts {@code seq} into the table; durable on return.
     *
     * @param properties of the table, which was written at sequence number 0 throughout
     * @throws KvIoException when the disk refuses; the table is then worthless
     */
    public static void put(Vfs vfs, String name, long number, TableProperties properties, long seq) {
        try {
            TableFooter footer = footer(vfs, name, number);
            ByteWriter content = new ByteWriter(256);
            properties.joinedAt(seq).encode(content);
            if (content.size() != footer.propertiesLength()) {
                throw new IllegalArgumentException(name + " has no room for a sequence number");
            }
            ByteWriter block = new ByteWriter(content.size() + BlockCodec.TRAILER_BYTES);
            BlockCodec.encode(content, null, number, footer.propertiesOffset(), block);
            try (WritableFile file = vfs.extend(name, footer.propertiesOffset())) {
                file.append(block.array(), 0, block.size());
                file.sync();
            }
        } catch (IOException e) {
            throw new KvIoException("cannot write table " + name + ": " + e.getMessage(), e);
        }
    }

    private static TableFooter footer(Vfs vfs, String name, long number) throws IOException {
        try (RandomFile file = vfs.openRead(name)) {
            long at = file.size() - TableFooter.BYTES;
            byte[] bytes = new byte[TableFooter.BYTES];
            for (int have = 0; have < bytes.length; ) {
                int n = file.read(at + have, bytes, have, bytes.length - have);
                if (n <= 0) {
                    throw new IOException("the file ends in its footer");
                }
                have += n;
            }
            return TableFooter.decode(bytes, name, number, at);
        }
    }
}
