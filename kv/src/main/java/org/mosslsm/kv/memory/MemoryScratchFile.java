package org.mosslsm.kv.memory;

import java.util.Arrays;
import org.mosslsm.kv.Store.ScratchFile;

/** The scratch file of a store that has no directory: bytes in memory, more compact than the rows they stand for. */
final class MemoryScratchFile implements ScratchFile {
    private static final int CHUNK = 1 << 16;

    private byte[][] chunks = new byte[4][];
    private long size;

    @Override
    public void append(byte[] bytes, int offset, int length) {
        for (int done = 0; done < length; ) {
            int chunk = (int) (size / CHUNK);
            int at = (int) (size % CHUNK);
            if (chunk == chunks.length) {
                chunks = Arrays.copyOf(chunks, 2 * chunk);
            }
            if (chunks[chunk] == null) {
                chunks[chunk] = new byte[CHUNK];
            }
            int n = Math.min(length - done, CHUNK - at);
            System.arraycopy(bytes, offset + done, chunks[chunk], at, n);
            done += n;
            size += n;
        }
    }

    @Override
    public void read(long position, byte[] into, int offset, int length) {
        if (position < 0 || length < 0 || position + length > size) {
            throw new IllegalArgumentException("bytes " + position + " to " + (position + length) + " of " + size);
        }
        for (int done = 0; done < length; ) {
            int at = (int) ((position + done) % CHUNK);
            int n = Math.min(length - done, CHUNK - at);
            System.arraycopy(chunks[(int) ((position + done) / CHUNK)], at, into, offset + done, n);
            done += n;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void close() {
        chunks = new byte[4][];
        size = 0;
    }
}
