package org.mosslsm.kv.lsm.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;

/** Blocks of zstd are read where the library is there, and asked for by name where it is not. */
class ZstdTest {
    private static byte[] content() {
        byte[] content = new byte[5000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * i / 100 % 7);
        }
        return content;
    }

    private static byte[] stored(byte[] content) {
        ByteWriter block = new ByteWriter(content.length).raw(content, 0, content.length);
        ByteWriter out = new ByteWriter(64);
        BlockCodec.encode(block, BlockCodec.Packer.of(Compression.ZSTD), 3, 100, out);
        return out.toByteArray();
    }

    private static byte[] decode(byte[] stored) {
        return BlockCodec.decode(stored, 0, stored.length - BlockCodec.TRAILER_BYTES, "t", 3, 100);
    }

    @Test
    void compressesAndGivesBack() {
        byte[] stored = stored(content());
        assertTrue(stored.length < 2000, () -> stored.length + " bytes");
        assertArrayEquals(content(), decode(stored));
    }

    @Test
    void refusesWhatIsNotAFrameOfThatLength() {
        byte[] block = Arrays.copyOf(stored(content()), 300);
        byte[] out = new byte[5000];
        assertTrue(Zstd.decompress(block, 4, 200, out) != null);
        assertTrue(Zstd.decompress(new byte[50], 0, 50, out) != null);
        byte[] flipped = stored(content());
        flipped[20] ^= 1;
        assertThrows(CorruptionException.class, () -> decode(flipped));
    }

    @Test
    void namesTheLibraryThatIsMissing() {
        StoreOpenException e = assertThrows(StoreOpenException.class, () -> Zstd.require(false, "table 000007.sst"));
        assertEquals(StoreOpenException.Reason.UNSUPPORTED, e.reason());
        assertEquals("table 000007.sst needs zstd: put com.github.luben:zstd-jni on the class path", e.getMessage());
        Zstd.require(true, "anything");
    }
}
