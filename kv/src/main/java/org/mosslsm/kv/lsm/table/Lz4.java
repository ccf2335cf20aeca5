package org.mosslsm.kv.lsm.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The LZ4 block format, in plain Java over byte arrays.
 *
 * <pre>
 * block    := sequence*
 * sequence := token:u8  literal lengths:u8*  literals  offset:u16le  match lengths:u8*      the last ends with its literals
 *
 * token    = literal length << 4 | match length - 4; where one of the two is 15, bytes follow that add to it, up to and
 *            with the first that is not 255
 * match    = `match length` bytes, copied from `offset` bytes before; it may overlap what it writes
 * </pre>
 *
 * <p>Copies go eight bytes at a time and may write beyond what they copy, where the array has room for that: the next
 * sequence writes there anyway. Source of the format: the LZ4 block format description, version 1.5; no code is taken over.
 *
 * <p>Thread-safe: no state.
 */
final class Lz4 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int LEAST_MATCH = 4;

    private Lz4() {}

    /** Says that bytes are no LZ4 block, or none of that length. Without a stack trace: the caller knows where. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String what) {
            super(what, null, false, false);
        }
    }

    /**
     * Decompresses {@code length} bytes at {@code from} of {@code in}, which must give exactly the whole of {@code out}.
     *
     * @throws MalformedException when they do not
     */
    static void decompress(byte[] in, int from, int length, byte[] out) throws MalformedException {
        int at = from;
        int end = from + length;
        int to = 0;
        while (at < end) {
            int token = in[at++] & 0xFF;
            int literals = token >>> 4;
            if (literals == 15) {
                int more;
                do {
                    if (at == end) {
                        throw new MalformedException("ends within a length");
                    }
                    more = in[at++] & 0xFF;
                    literals += more;
                } while (more == 255 && literals >= 0);
            }
            if (literals < 0 || literals > end - at || literals > out.length - to) {
                throw new MalformedException("has literals that leave the block");
            }
            if (literals <= 16 && in.length - at >= 16 && out.length - to >= 16) {
                LONG.set(out, to, (long) LONG.get(in, at));
                LONG.set(out, to + 8, (long) LONG.get(in, at + 8));
            } else {
                System.arraycopy(in, at, out, to, literals);
            }
            at += literals;
            to += literals;
            if (at == end) {
                if (to != out.length) {
                    throw new MalformedException("gives " + to + " bytes instead of " + out.length);
                }
                return;
            }
            if (end - at < 2) {
                throw new MalformedException("ends within an offset");
            }
            int offset = (short) SHORT.get(in, at) & 0xFFFF;
            at += 2;
            int match = token & 15;
            if (match == 15) {
                int more;
                do {
                    if (at == end) {
                        throw new MalformedException("ends within a length");
                    }
                    more = in[at++] & 0xFF;
                    match += more;
                } while (more == 255 && match >= 0);
            }
            match += LEAST_MATCH;
            if (offset == 0 || offset > to || match < 0 || match > out.length - to) {
                throw new MalformedException("has a match that leaves the block");
            }
            copyMatch(out, to, offset, match);
            to += match;
        }
        throw new MalformedException("does not end with literals");
    }

    private static void copyMatch(byte[] out, int to, int offset, int length) {
        int from = to - offset;
        if (offset >= 8 && out.length - to >= length + 7) {
            int done = 0;
            do {
                LONG.set(out, to + done, (long) LONG.get(out, from + done));
                done += 8;
            } while (done < length);
        } else if (offset == 1) {
            Arrays.fill(out, to, to + length, out[from]);
        } else if (offset >= length) {
            System.arraycopy(out, from, out, to, length);
        } else {
            for (int i = 0; i < length; i++) {
                out[to + i] = out[from + i];
            }
        }
    }

    /**
     * Compresses blocks, one after another: greedy, one candidate a place, found by a hash of four bytes. Not thread-safe.
     */
    static final class Compressor {
        private static final int HASH_BITS = 12;

        /** The format: no match begins within the last 12 bytes, and the last 5 are literals. */
        private static final int MATCH_END = 12;

        private static final int LAST_LITERALS = 5;
        private static final int MAX_OFFSET = 0xFFFF;

        /** After so many places (as a power of two) without a match the search skips one more at a time. */
        private static final int SKIP_BITS = 6;

        /** Place of the last four bytes met of each hash, plus one; 0 for none. */
        private final int[] places = new int[1 << HASH_BITS];

        private byte[] out = {};
        private int to;

        /** Compresses the first {@code length} bytes of {@code in} into {@link #output}; returns the compressed length. */
        int compress(byte[] in, int length) {
            int bound = length + length / 255 + 16;
            if (out.length < bound) {
                out = new byte[bound];
            }
            Arrays.fill(places, 0);
            to = 0;
            int anchor = 0;
            int at = 0;
            int last = length - MATCH_END;
            while (at <= last) {
                int four = (int) INT.get(in, at);
                int hash = hash(four);
                int candidate = places[hash] - 1;
                places[hash] = at + 1;
                if (candidate < 0 || at - candidate > MAX_OFFSET || (int) INT.get(in, candidate) != four) {
                    at += 1 + ((at - anchor) >>> SKIP_BITS);
                    continue;
                }
                while (at > anchor && candidate > 0 && in[at - 1] == in[candidate - 1]) {
                    at--;
                    candidate--;
                }
                int match = matchLength(in, at, candidate, length - LAST_LITERALS);
                sequence(in, anchor, at - anchor, at - candidate, match);
                at += match;
                anchor = at;
                if (at <= last) {
                    places[hash((int) INT.get(in, at - 2))] = at - 1;
                }
            }
            literals(in, anchor, length - anchor, 0);
            return to;
        }

        /** What the last block was compressed to stands at its start. */
        byte[] output() {
            return out;
        }

        private static int hash(int four) {
            return (four * 0x9E3779B1) >>> (32 - HASH_BITS);
        }

        private static int matchLength(byte[] in, int at, int candidate, int end) {
            int n = LEAST_MATCH;
            while (at + n + 8 <= end) {
                long differs = (long) LONG.get(in, at + n) ^ (long) LONG.get(in, candidate + n);
                if (differs != 0) {
                    return n + (Long.numberOfTrailingZeros(differs) >>> 3);
                }
                n += 8;
            }
            while (at + n < end && in[at + n] == in[candidate + n]) {
                n++;
            }
            return n;
        }

        private void sequence(byte[] in, int from, int count, int offset, int match) {
            int rest = match - LEAST_MATCH;
            literals(in, from, count, Math.min(rest, 15));
            SHORT.set(out, to, (short) offset);
            to += 2;
            if (rest >= 15) {
                length(rest - 15);
            }
        }

        private void literals(byte[] in, int from, int count, int tokenRest) {
            out[to++] = (byte) (Math.min(count, 15) << 4 | tokenRest);
            if (count >= 15) {
                length(count - 15);
            }
            System.arraycopy(in, from, out, to, count);
            to += count;
        }

        private void length(int rest) {
            int left = rest;
            while (left >= 255) {
                out[to++] = (byte) 255;
                left -= 255;
            }
            out[to++] = (byte) left;
        }
    }
}
