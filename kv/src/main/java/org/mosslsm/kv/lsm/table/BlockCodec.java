package org.mosslsm.kv.lsm.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.mosslsm.kv.CorruptionException;

/**
 * What stands around every block of a table: compression, and a checksum bound to the block's place.
 *
 * <pre>
 * stored block := body  compression:u8  checksum:u32le
 * body         := the block                                      compression 0
 *              |  uncompressedLength:u32le  LZ4 block            compression 1
 *              |  uncompressedLength:u32le  zstd frame           compression 2
 * checksum     := CRC32C(body, compression) xor fold(fileNumber, offset)
 * </pre>
 *
 * The fold makes a block that is whole but stands in the wrong file or at the wrong offset (a misdirected write, a stale
 * page, two files exchanged) as damaged as one with a flipped bit.
 *
 * <p>Thread-safe: no state.
 */
public final class BlockCodec {
    /** Bytes after the body: compression and checksum. */
    public static final int TRAILER_BYTES = 5;

    /** No block is larger, compressed or not: a length beyond it is damage. Fits the largest value. */
    static final int MAX_BLOCK_BYTES = 1 << 30;

    private static final int LENGTH_BYTES = 4;

    /** LZ4 cannot expand more: each extra length byte stands for at most 255. */
    private static final long MAX_EXPANSION = 255;

    /** A block of one byte repeated takes some twenty bytes; beyond this a length is not believed. */
    private static final long MAX_ZSTD_EXPANSION = 1 << 16;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private BlockCodec() {}

    /** Compresses the blocks of one file, one after the other. Not thread-safe. */
    public static final class Packer {
        private final Compression wanted;
        private final Lz4.Compressor lz4;

        private Packer(Compression wanted) {
            this.wanted = wanted;
            this.lz4 = wanted == Compression.LZ4 ? new Lz4.Compressor() : null;
        }

        /** One that compresses so, where it helps. */
        public static Packer of(Compression wanted) {
            return new Packer(wanted);
        }
    }

    /**
     * Appends {@code block} to {@code out} as it will stand in the file; returns the length of its body.
     *
     * @param packer compresses it; null leaves it as it is
     * @param offset where in the file the body will begin
     */
    public static int encode(ByteWriter block, Packer packer, long fileNumber, long offset, ByteWriter out) {
        int bodyStart = out.size();
        Compression used = Compression.NONE;
        if (packer != null && packer.wanted == Compression.LZ4) {
            int packedLength = packer.lz4.compress(block.array(), block.size());
            if (LENGTH_BYTES + packedLength <= block.size() - block.size() / 8) {
                out.u32(block.size()).raw(packer.lz4.output(), 0, packedLength);
                used = Compression.LZ4;
            }
        }
        if (packer != null && packer.wanted == Compression.ZSTD) {
            byte[] packed = Zstd.compress(block.array(), block.size());
            if (LENGTH_BYTES + packed.length <= block.size() - block.size() / 8) {
                out.u32(block.size()).raw(packed, 0, packed.length);
                used = Compression.ZSTD;
            }
        }
        if (used == Compression.NONE) {
            out.raw(block.array(), 0, block.size());
        }
        out.u8(used.code());
        int bodyLength = out.size() - bodyStart - 1;
        out.u32(checksum(out.array(), bodyStart, bodyLength + 1, fileNumber, offset));
        return bodyLength;
    }

    /**
     * Verifies the stored block of {@code bodyLength} bytes at {@code start} of {@code stored} and returns its content
     * as an array of its own.
     */
    public static byte[] decode(byte[] stored, int start, int bodyLength, String file, long fileNumber, long offset) {
        byte[] content = unpack(stored, start, bodyLength, file, fileNumber, offset);
        return content == null ? Arrays.copyOfRange(stored, start, start + bodyLength) : content;
    }

    /**
     * As {@link #decode}; null where the body is the content. One method, and so too large for HotSpot to inline into each of
     * those that may come to a new block: in a young process what they wait for is the compiler.
     */
    public static byte[] unpack(byte[] stored, int start, int bodyLength, String file, long fileNumber, long offset) {
        int end = start + bodyLength;
        int expected = (int) INT.get(stored, end + 1);
        CRC32C crc = new CRC32C();
        crc.update(stored, start, bodyLength + 1);
        int actual = (int) crc.getValue() ^ fold(fileNumber, offset);
        if (expected != actual) {
            throw damaged(bodyLength, expected, actual, file, offset);
        }
        int code = stored[end];
        if (code == Compression.NONE.code()) {
            return null;
        }
        boolean zstd = code == Compression.ZSTD.code();
        if (zstd) {
            Zstd.require(Zstd.present(), file);
        } else if (code != Compression.LZ4.code()) {
            throw new CorruptionException(file, offset, "block has the unknown compression " + code);
        }
        int packed = bodyLength - LENGTH_BYTES;
        if (packed < 0) {
            throw new CorruptionException(file, offset, "a compressed block of " + bodyLength + " bytes");
        }
        int length = (int) INT.get(stored, start);
        long expansion = zstd ? MAX_ZSTD_EXPANSION : MAX_EXPANSION;
        if (length < 0 || length > MAX_BLOCK_BYTES || length > expansion * packed) {
            throw new CorruptionException(
                    file,
                    offset,
                    "a block that is said to have " + Integer.toUnsignedString(length) + " bytes uncompressed");
        }
        byte[] block = new byte[length];
        String wrong = null;
        if (zstd) {
            wrong = Zstd.decompress(stored, start + LENGTH_BYTES, packed, block);
        } else {
            try {
                Lz4.decompress(stored, start + LENGTH_BYTES, packed, block);
            } catch (Lz4.MalformedException e) {
                wrong = e.getMessage();
            }
        }
        if (wrong != null) {
            throw new CorruptionException(file, offset, "not " + (zstd ? "a zstd" : "an LZ4") + " block: it " + wrong);
        }
        return block;
    }

    /** Checks the trailer of a stored block. */
    public static void verify(byte[] stored, int start, int bodyLength, String file, long fileNumber, long offset) {
        int expected = (int) INT.get(stored, start + bodyLength + 1);
        int actual = checksum(stored, start, bodyLength + 1, fileNumber, offset);
        if (expected != actual) {
            throw damaged(bodyLength, expected, actual, file, offset);
        }
    }

    private static CorruptionException damaged(int bodyLength, int expected, int actual, String file, long offset) {
        return new CorruptionException(
                file,
                offset,
                "block of " + bodyLength + " bytes has checksum " + Integer.toHexString(actual) + ", expected "
                        + Integer.toHexString(expected));
    }

    /** Verifies a stored block for one file number, and gives it the checksum for another, at the same offset. */
    static void reseal(byte[] stored, int bodyLength, String file, long oldNumber, long newNumber, long offset) {
        verify(stored, 0, bodyLength, file, oldNumber, offset);
        int sealed = checksum(stored, 0, bodyLength + 1, newNumber, offset);
        for (int i = 0; i < Integer.BYTES; i++) {
            stored[bodyLength + 1 + i] = (byte) (sealed >>> (8 * i));
        }
    }

    /** Checksum of {@code length} bytes as they stand in the file of this number at this offset. */
    public static int checksum(byte[] bytes, int start, int length, long fileNumber, long offset) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start, length);
        return (int) crc.getValue() ^ fold(fileNumber, offset);
    }

    private static int fold(long fileNumber, long offset) {
        long place = (fileNumber * 0x9E3779B97F4A7C15L) ^ (offset + 0x632BE59BD9B4E019L);
        place = (place ^ (place >>> 32)) * 0xD6E8FEB86659FD93L;
        return (int) (place >>> 32);
    }
}
