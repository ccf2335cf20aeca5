package org.mosslsm.jdbc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Blob;
import java.sql.SQLException;
import java.util.Arrays;

/** A byte string held in memory, as a JDBC handle; valid until {@code free}. Not thread-safe. */
final class MossBlob implements Blob {
    private byte[] bytes;

    MossBlob(byte[] bytes) {
        this.bytes = bytes;
    }

    private byte[] bytes() throws SQLException {
        if (bytes == null) {
            throw Errors.closedObject("the blob");
        }
        return bytes;
    }

    @Override
    public long length() throws SQLException {
        return bytes().length;
    }

    @Override
    public byte[] getBytes(long position, int length) throws SQLException {
        int from = start(position);
        if (length < 0) {
            throw Errors.badArgument("length " + length + " is negative");
        }
        return Arrays.copyOfRange(bytes(), from, (int) Math.min(bytes().length, (long) from + length));
    }

    private int start(long position) throws SQLException {
        if (position < 1 || position > bytes().length + 1L) {
            throw Errors.badArgument("position " + position + " is not within 1.." + (bytes().length + 1L));
        }
        return (int) (position - 1);
    }

    @Override
    public InputStream getBinaryStream() throws SQLException {
        return new ByteArrayInputStream(bytes());
    }

    @Override
    public InputStream getBinaryStream(long position, long length) throws SQLException {
        return new ByteArrayInputStream(getBytes(position, Math.toIntExact(length)));
    }

    @Override
    public long position(byte[] pattern, long start) throws SQLException {
        for (int at = start(start); at + pattern.length <= bytes().length; at++) {
            if (Arrays.equals(bytes(), at, at + pattern.length, pattern, 0, pattern.length)) {
                return at + 1L;
            }
        }
        return -1;
    }

    @Override
    public long position(Blob pattern, long start) throws SQLException {
        return position(pattern.getBytes(1, Math.toIntExact(pattern.length())), start);
    }

    @Override
    public int setBytes(long position, byte[] source) throws SQLException {
        return setBytes(position, source, 0, source.length);
    }

    @Override
    public int setBytes(long position, byte[] source, int offset, int length) throws SQLException {
        int at = start(position);
        if (at + length > bytes().length) {
            bytes = Arrays.copyOf(bytes(), at + length);
        }
        System.arraycopy(source, offset, bytes, at, length);
        return length;
    }

    @Override
    public OutputStream setBinaryStream(long position) throws SQLException {
        int at = start(position);
        return new ByteArrayOutputStream() {
            @Override
            public void close() {
                byte[] written = toByteArray();
                byte[] old = bytes == null ? new byte[0] : bytes;
                byte[] joined = Arrays.copyOf(old, Math.max(old.length, at + written.length));
                System.arraycopy(written, 0, joined, at, written.length);
                bytes = joined;
            }
        };
    }

    @Override
    public void truncate(long length) throws SQLException {
        bytes = Arrays.copyOf(bytes(), Math.toIntExact(Math.min(length, bytes().length)));
    }

    @Override
    public void free() {
        bytes = null;
    }
}
