package org.mosslsm.kv.vfs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of the operating system being written.
 *
 * <p>No {@code FileChannel} on this path: an interrupt of the writing thread closes one, with an append half done or a
 * failed sync hidden behind the interrupt. {@code RandomAccessFile.write} and {@code AsynchronousFileChannel.force} know
 * no interrupts; a sync through a second descriptor covers the whole file, and reports every failed write since it was
 * opened.
 */
final class OsWritableFile implements WritableFile {
    /** Zeros are written in pieces of so many bytes: few calls, no large array. */
    private static final int ZEROS = 1 << 18;

    private final Path path;
    private final RandomAccessFile file;
    private final AsynchronousFileChannel syncs;
    private volatile long size;

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
            this.syncs = AsynchronousFileChannel.open(path, StandardOpenOption.WRITE);
        } catch (Throwable t) {
            file.close();
            throw t;
        }
    }

    @Override
    public void append(byte[] bytes, int offset, int length) throws IOException {
        long position = size; // written here alone
        try {
            file.write(bytes, offset, length);
        } catch (IOException e) {
            throw NoSpace.explain(e, path, length);
        }
        size = position + length;
    }

    @Override
    public void truncate(long newSize) throws IOException {
        file.setLength(newSize);
        file.seek(newSize);
        size = newSize;
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
        if (have >= bytes) {
            return;
        }
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
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            syncs.close();
        }
    }
}
