package org.mosslsm.kv.lsm.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;

/** A cursor that passes over many blocks reads many at once, and only as long as that lasts. */
class PassedOverBlocksTest {
    private static final int BLOCK_BYTES = 1 << 10;
    private static final int BLOCKS = 600;

    private int mostRead;

    private Vfs watched(MemVfs disk) {
        return (Vfs)
                Proxy.newProxyInstance(Vfs.class.getClassLoader(), new Class<?>[] {Vfs.class}, (p, method, args) -> {
                    try {
                        Object result = method.invoke(disk, args);
                        return result instanceof RandomFile file ? watched(file) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private RandomFile watched(RandomFile file) {
        return new RandomFile() {
            @Override
            public int read(long position, byte[] into, int offset, int length) throws IOException {
                mostRead = Math.max(mostRead, length);
                return file.read(position, into, offset, length);
            }

            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    /** One entry a block. */
    private static void write(MemVfs disk) {
        Random random = new Random(1);
        byte[] value = new byte[BLOCK_BYTES];
        TableOptions options = new TableOptions(BLOCK_BYTES, Compression.NONE, 0, 4);
        try (TableBuilder builder = new TableBuilder(disk, "t", 1, options)) {
            for (int i = 0; i < BLOCKS; i++) {
                random.nextBytes(value);
                byte[] key = ByteBuffer.allocate(4).putInt(i).array();
                builder.add(key, 0, 4, Trailer.of(1, Trailer.PUT), value, 0, value.length);
            }
            builder.finish();
        }
    }

    private int walk(TableCursor cursor, int blocks, boolean over) {
        mostRead = 0;
        cursor.passOver(over);
        for (int i = 0; i < blocks; i++) {
            assertTrue(cursor.next());
        }
        cursor.passOver(false);
        return mostRead;
    }

    @Test
    void whatALongWalkWasGivenEndsWithIt() {
        MemVfs disk = new MemVfs();
        write(disk);
        try (TableReader table = TableReader.open(watched(disk), "t", 1, new BlockCache(64 << 10))) {
            TableCursor cursor = table.cursor(false);
            assertTrue(cursor.seekFirst());
            assertTrue(walk(cursor, 3, true) < 2 * BLOCK_BYTES, "too early");
            int many = walk(cursor, 20, true);
            assertEquals(64 << 10, many);
            walk(cursor, 100, false);
            for (int i = 0; i < 10; i++) {
                int few = walk(cursor, 3, true);
                assertTrue(few > 0 && few < 2 * BLOCK_BYTES, few + " bytes read at once for three blocks");
                assertTrue(walk(cursor, 10, false) < 2 * BLOCK_BYTES);
            }
            assertEquals(64 << 10, walk(cursor, 20, true), "another long walk");
        }
    }
}
