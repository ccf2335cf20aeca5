package org.mosslsm.kv.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The bytes of a file in memory: as the process sees them, as they are on the device, and the writes that lie between.
 *
 * <p>Invariant: {@code durable} with all of {@code unsynced} applied in order is {@code bytes[0..length)}.
 *
 * <p>Thread safety: none; guarded by the disk's monitor.
 */
final class MemFile {
    /** What a device writes in one piece. */
    private static final int SECTOR = 512;

    private static final class Write {
        final int position;
        final byte[] bytes;

        Write(int position, byte[] bytes) {
            this.position = position;
            this.bytes = bytes;
        }
    }

    private byte[] bytes = new byte[256];
    private int length;
    private byte[] durable = {};
    private final List<Write> unsynced = new ArrayList<>();

    int length() {
        return length;
    }

    void write(long position, byte[] from, int offset, int count) {
        Write write = new Write(Math.toIntExact(position), Arrays.copyOfRange(from, offset, offset + count));
        unsynced.add(write);
        apply(write);
    }

    private void apply(Write write) {
        int end = write.position + write.bytes.length;
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
        }
        System.arraycopy(write.bytes, 0, bytes, write.position, write.bytes.length);
        length = Math.max(length, end);
    }

    int read(long position, byte[] into, int offset, int count) {
        if (position >= length) {
            return -1;
        }
        int n = (int) Math.min(count, length - position);
        System.arraycopy(bytes, (int) position, into, offset, n);
        return n;
    }

    byte[] content() {
        return Arrays.copyOf(bytes, length);
    }

    void sync() {
        durable = content();
        unsynced.clear();
    }

    void corrupt(int position, int mask) {
        bytes[position] ^= (byte) mask;
        sync();
    }

    void truncate(int newLength) {
        length = Math.min(length, newLength);
        Arrays.fill(bytes, length, bytes.length, (byte) 0);
        sync();
    }

    /** The file as it may be found after a power loss. */
    MemFile afterCrash(Random random, CrashPolicy policy) {
        MemFile survivor = new MemFile();
        survivor.apply(new Write(0, policy == CrashPolicy.KEPT ? content() : durable));
        if (policy == CrashPolicy.TORN) {
            for (Write write : unsynced) {
                survivor.applyTorn(write, random);
            }
        }
        survivor.sync();
        return survivor;
    }

    /** Applies all, nothing or any sectors of a write. */
    private void applyTorn(Write write, Random random) {
        int fate = random.nextInt(3);
        if (fate == 0) {
            apply(write);
        } else if (fate == 1) {
            int from = 0;
            while (from < write.bytes.length) {
                int sectorEnd = (write.position + from) / SECTOR * SECTOR + SECTOR - write.position;
                int to = Math.min(sectorEnd, write.bytes.length);
                if (random.nextBoolean()) {
                    apply(new Write(write.position + from, Arrays.copyOfRange(write.bytes, from, to)));
                }
                from = to;
            }
        }
    }
}
