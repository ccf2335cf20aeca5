package org.mosslsm.kv.vfs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;

/**
 * A file of the operating system being written.
 *
 * <p>No {@code FileChannel} on this path: an interrupt of the writing thread closes one, with an append half done or a
 * failed sync hidden behind the interrupt. {@code RandomAccessFile.write} and {@code AsynchronousFileChannel.force} know
 * no interrupts; a sync through a second descriptor covers the whole file, and reports every failed write since it was
 * opened.
 *
 * <p>An append into mapped room ({@link #mapAhead}) is a copy into the page cache, which outlives the process like what a write
 * puts there, at a tenth of the cost. A full disk shows when room is made, as an error of a write. A page may still be lost: to
 * a device that cannot read it again, to somebody who cuts the file or shares its blocks. A store to such a page does nothing,
 * and compiled code goes on, for as long as it makes no call of the virtual machine: 100,000 appends long, in a test. So each
 * copy is read back.
 *
 * <p>Invariants: (1) the mapping lies within the file, so it is let go of before the file is cut. (2) {@code file} stands at
 * {@code size} unless {@code strayed}. (3) Every mapped byte was written before by this object, as a zero, and not found in the
 * file, where it may be a hole: so it has its room on the device.
 */
final class OsWritableFile implements WritableFile {
    /** Zeros are written in pieces of so many bytes: few calls, no large array. */
    private static final int ZEROS = 1 << 18;

    /** Shorter pieces {@link MappedByteBuffer} reads byte by byte, and where there is none makes something up. */
    private static final int LEAST_COPY = 8;

    /** What is there or not as a whole; where pages are larger, a part of one. Copies are read back in as large pieces. */
    private static final int PAGE = 4096;

    /** Elsewhere a mapped file cannot be cut or renamed, or was never tried. */
    private static final boolean CAN_MAP = System.getProperty("os.name", "").equals("Linux");

    /** File systems that write in place, so that a page has its room on the device once and for all. */
    private static final Set<String> STORES = Set.of("ext3", "ext4", "xfs", "tmpfs");

    private final Path path;
    private final RandomAccessFile file;
    private final AsynchronousFileChannel syncs;
    private volatile long size;

    private boolean mapsAhead;

    /** Bytes of the file from {@code mappedAt} on; null where none are mapped. Unmapped by the garbage collector. */
    private MappedByteBuffer mapped;

    private long mappedAt;

    /** What is read back. */
    private byte[] seen;

    /** Where the file ended when it was found, or was cut since: behind it all bytes are ours. */
    private long found;

    /** Whether appends went past {@code file}. */
    private boolean strayed;

    /** Opens an empty file, or one to be written over from its start. */
    OsWritableFile(Path path) throws IOException {
        this(path, 0);
    }

    /** Opens a file to be written from {@code size} on. */
    OsWritableFile(Path path, long size) throws IOException {
        this.path = path;
        this.size = size;
        this.file = new RandomAccessFile(path.toFile(), "rw");
        try {
            file.seek(size);
            this.found = file.length();
            this.syncs = AsynchronousFileChannel.open(path, StandardOpenOption.WRITE);
        } catch (Throwable t) {
            file.close();
            throw t;
        }
    }

    @Override
    public void append(byte[] bytes, int offset, int length) throws IOException {
        long position = size; // written here alone
        if (mapped != null && length >= LEAST_COPY && position + length <= mappedAt + mapped.capacity()) {
            copy(position, bytes, offset, length);
        } else {
            write(position, bytes, offset, length);
        }
        size = position + length;
    }

    private void copy(long position, byte[] bytes, int offset, int length) throws IOException {
        strayed = true;
        int at = (int) (position - mappedAt);
        try {
            mapped.put(at, bytes, offset, length);
            if (!arrived(at, bytes, offset, length)) {
                throw lost(null); // its stack trace is a call of the virtual machine, which may tell then
            }
        } catch (InternalError e) { // how the virtual machine tells of a page that cannot be had
            throw lost(e);
        }
    }

    private IOException lost(InternalError causeOrNull) {
        mapped = null;
        return new IOException("a page of " + path + " cannot be brought into memory", causeOrNull);
    }

    /** Whether what was copied is there. What cannot be read leaves {@code seen} as it is, page by page. */
    private boolean arrived(int at, byte[] bytes, int offset, int length) {
        byte[] read = seen;
        for (int done = 0; done < length; done += PAGE) {
            int from = Math.min(done, length - LEAST_COPY);
            int n = Math.min(length - from, PAGE);
            int start = offset + from;
            read[0] = (byte) ~bytes[start];
            int nextPage = PAGE - (((int) mappedAt + at + from) & (PAGE - 1));
            if (nextPage < n) {
                read[nextPage] = (byte) ~bytes[start + nextPage];
            }
            mapped.get(at + from, read, 0, n);
            if (!Arrays.equals(read, 0, n, bytes, start, start + n)) {
                return false;
            }
        }
        return true;
    }

    private void write(long position, byte[] bytes, int offset, int length) throws IOException {
        if (strayed) {
            file.seek(position);
            strayed = false;
        }
        try {
            file.write(bytes, offset, length);
        } catch (IOException e) {
            throw NoSpace.explain(e, path, length);
        }
    }

    @Override
    public void truncate(long newSize) throws IOException {
        mapped = null;
        strayed = false;
        file.setLength(newSize);
        file.seek(newSize);
        size = newSize;
        found = Math.min(found, newSize);
        sync();
    }

    @Override
    public void sync() throws IOException {
        syncs.force(false); // fdatasync: the size, but not the time stamps
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void preallocate(long bytes) throws IOException {
        long have = file.length();
        if (have < bytes) {
            writeZeros(have, bytes);
        }
        if (mapsAhead && size >= found && file.length() >= bytes) {
            map(bytes);
        }
    }

    private void writeZeros(long have, long bytes) throws IOException {
        byte[] zeros = new byte[(int) Math.min(ZEROS, bytes - have)];
        file.seek(have);
        try {
            for (long at = have; at < bytes; at += zeros.length) {
                file.write(zeros, 0, (int) Math.min(zeros.length, bytes - at));
            }
        } catch (IOException e) {
            file.setLength(Math.max(size, have)); // no room ahead: give back what was taken, and do without
        }
        file.seek(size);
        strayed = false;
    }

    @Override
    public boolean mapAhead(boolean wanted) {
        mapsAhead = wanted && CAN_MAP && storeCanMap();
        if (!mapsAhead) {
            mapped = null;
        }
        return mapsAhead;
    }

    private boolean storeCanMap() {
        try {
            return STORES.contains(Files.getFileStore(path).type());
        } catch (IOException e) {
            return false;
        }
    }

    /** Maps what follows the end, up to {@code bytes}; where that fails, appends are written. */
    private void map(long bytes) {
        mapped = null;
        // A channel of its own, since an interrupt closes it.
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = size;
            seen = seen == null ? new byte[PAGE] : seen;
            mapped = channel.map(FileChannel.MapMode.READ_WRITE, at, bytes - at);
            mappedAt = at;
        } catch (IOException | UnsupportedOperationException e) {
            mapped = null;
        }
    }

    @Override
    public void close() throws IOException {
        mapped = null;
        try {
            file.close();
        } finally {
            syncs.close();
        }
    }
}
