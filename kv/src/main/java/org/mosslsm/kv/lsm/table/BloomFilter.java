package org.mosslsm.kv.lsm.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A blocked Bloom filter over the user keys of a table: all probes of a key fall into one line of 64 bytes, so that a
 * lookup costs one cache miss.
 *
 * <pre>
 * filter block := type:u8 (1)  probes:u8  lines:u32le  line*      line := 64 bytes = 8 words u64le
 *
 * hash  = BloomFilter.hash(user key)                              the same for every table of a store
 * line  = (hash >>> 32) * lines >>> 32
 * probe = 9 bits of remix(hash) each: 3 choose the word, 6 the bit within it
 * </pre>
 *
 * The hash is computed once per get and serves every table. It is part of the file format: a change of it needs a new
 * filter type.
 *
 * <p>Immutable and thread-safe.
 */
public final class BloomFilter {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int TYPE_BLOCKED = 1;
    private static final int HEADER_BYTES = 6;
    private static final int LINE_BYTES = 64;
    private static final int WORDS_A_LINE = 8;
    private static final int PROBE_BITS = 9;

    /** More probes would need more than the 64 bits a hash has. */
    private static final int MAX_PROBES = 7;

    private static final long K0 = 0xA0761D6478BD642FL;
    private static final long K1 = 0xE7037ED1A0B428DBL;
    private static final long K2 = 0x8EBC6AF09C88C6E3L;

    /** Lets all keys pass. */
    static final BloomFilter ALL = new BloomFilter(new long[0], 0);

    private final long[] words;
    private final int lines;
    private final int probes;

    private BloomFilter(long[] words, int probes) {
        this.words = words;
        this.lines = words.length / WORDS_A_LINE;
        this.probes = probes;
    }

    /** Whether a key of this hash may be in the table; false is certain. */
    public boolean mayContain(long hash) {
        int line = line(hash, lines) * WORDS_A_LINE;
        long bits = remix(hash);
        for (int i = 0; i < probes; i++) {
            if ((words[line + (int) (bits & 7)] & (1L << (bits >>> 3))) == 0) {
                return false;
            }
            bits >>>= PROBE_BITS;
        }
        return true;
    }

    /** Memory held, in bytes. */
    int byteSize() {
        return words.length * Long.BYTES;
    }

    /**
     * The 64-bit hash of a user key: a chain of 64x64 to 128 bit multiplications over 8 bytes each, the rest of up to 7
     * bytes packed into one word.
     */
    public static long hash(byte[] key, int offset, int length) {
        long h = K0 ^ (length * K2);
        int at = offset;
        int left = length;
        for (; left >= 8; left -= 8, at += 8) {
            h = fold((long) LONG.get(key, at) ^ K1, h ^ K2);
        }
        long rest = 0;
        if (left >= 4) {
            rest = ((int) INT.get(key, at) & 0xFFFFFFFFL) << 32 | ((int) INT.get(key, at + left - 4) & 0xFFFFFFFFL);
        } else if (left > 0) {
            rest = (key[at] & 0xFFL) << 16 | (key[at + (left >> 1)] & 0xFFL) << 8 | (key[at + left - 1] & 0xFFL);
        }
        h = fold(rest ^ K1, h ^ K0);
        return fold(h ^ K2, K1);
    }

    /** As {@link #hash(byte[], int, int)}, of the whole array. */
    public static long hash(byte[] key) {
        return hash(key, 0, key.length);
    }

    /** Both halves of the 128-bit product, folded into one word. */
    private static long fold(long a, long b) {
        // multiplyHigh is signed; the two terms make it the unsigned high half.
        long high = Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
        return (a * b) ^ high;
    }

    private static int line(long hash, int lines) {
        return (int) (((hash >>> 32) * lines) >>> 32);
    }

    private static long remix(long hash) {
        long mixed = hash * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 32);
    }

    /** Appends the filter block for these hashes (one for each distinct key; repeats do no harm). */
    static void encode(long[] hashes, int count, int bitsPerKey, ByteWriter out) {
        long bits = Math.max(1L, (long) count * bitsPerKey);
        int lines = (int) Math.min((bits + LINE_BYTES * 8 - 1) / (LINE_BYTES * 8), (1 << 30) / LINE_BYTES);
        // Optimal is ln 2 * bits per key; a blocked filter wants slightly fewer.
        int probes = Math.max(1, Math.min(MAX_PROBES, (int) (bitsPerKey * 0.65)));
        long[] words = new long[lines * WORDS_A_LINE];
        for (int i = 0; i < count; i++) {
            int line = line(hashes[i], lines) * WORDS_A_LINE;
            long probe = remix(hashes[i]);
            for (int p = 0; p < probes; p++) {
                words[line + (int) (probe & 7)] |= 1L << (probe >>> 3);
                probe >>>= PROBE_BITS;
            }
        }
        out.u8(TYPE_BLOCKED).u8(probes).u32(lines);
        for (long word : words) {
            out.u64(word);
        }
    }

    /** Reads a filter block. */
    static BloomFilter decode(byte[] block, String file, long offset) {
        ByteReader in = new ByteReader(block, 0, block.length, file, offset);
        int type = in.u8();
        if (type != TYPE_BLOCKED) {
            throw in.damage("filter of the unknown type " + type);
        }
        int probes = in.u8();
        int lines = in.u32();
        if (probes < 1
                || probes > MAX_PROBES
                || lines < 1
                || (long) lines * LINE_BYTES != block.length - HEADER_BYTES) {
            throw in.damage("filter of " + lines + " lines and " + probes + " probes in " + block.length + " bytes");
        }
        long[] words = new long[lines * WORDS_A_LINE];
        ByteBuffer.wrap(block, HEADER_BYTES, block.length - HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(words);
        return new BloomFilter(words, probes);
    }
}
