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
     * @param name of the table, which was written at sequence number 0 throughout
     * @throws KvIoException when the disk refuses; the table is then worthless
     */
    public static void put(Vfs vfs, String name, long number, long seq) {
        try {
            TableFooter footer;
            TableProperties properties;
            try (RandomFile file = vfs.openRead(name)) {
                footer = footer(file, name, number);
                properties = properties(file, footer, name, number);
            }
            ByteWriter content = new ByteWriter(footer.propertiesLength());
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

    private static TableFooter footer(RandomFile file, String name, long number) throws IOException {
        long at = file.size() - TableFooter.BYTES;
        return TableFooter.decode(read(file, at, TableFooter.BYTES), name, number, at);
    }

    private static TableProperties properties(RandomFile file, TableFooter footer, String name, long number)
            throws IOException {
        long at = footer.propertiesOffset();
        byte[] stored = read(file, at, footer.propertiesLength() + BlockCodec.TRAILER_BYTES);
        return TableProperties.decode(
                BlockCodec.decode(stored, 0, footer.propertiesLength(), name, number, at), name, at);
    }

    private static byte[] read(RandomFile file, long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int have = 0; have < length; ) {
            int n = file.read(at + have, bytes, have, length - have);
            if (n <= 0) {
                throw new IOException("the file ends too early");
            }
            have += n;
        }
        return bytes;
    }
}
