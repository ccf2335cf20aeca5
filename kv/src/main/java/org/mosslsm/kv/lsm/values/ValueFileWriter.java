package org.mosslsm.kv.lsm.values;

import java.io.IOException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.table.BlockCodec;
import org.mosslsm.kv.lsm.table.ByteWriter;
import org.mosslsm.kv.lsm.table.Compression;
import org.mosslsm.kv.lsm.table.ValuePointer;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * Writes a value file, one value after the other; {@link ValueFileFormat} draws it.
 *
 * <p>Errors: {@link KvIoException} when the disk refuses; the file is then worthless. Not thread-safe.
 */
final class ValueFileWriter implements AutoCloseable {
    /** Bytes handed to the file at once. */
    private static final int WRITE_BYTES = 128 << 10;

    private final WritableFile file;
    private final String name;
    private final long number;
    private final BlockCodec.Packer packer;
    private final ByteWriter pending = new ByteWriter(WRITE_BYTES / 4);
    private final ByteWriter value = new ByteWriter(1 << 10);
    private long written;
    private long values;
    private long valueBytes;
    private boolean finished;
    private boolean closed;

    /** Creates the file. */
    ValueFileWriter(Vfs vfs, String name, long number, Compression compression) {
        this.name = name;
        this.number = number;
        this.packer = BlockCodec.Packer.of(compression);
        try {
            this.file = vfs.create(name);
        } catch (IOException e) {
            throw failed("create", e);
        }
        ValueFileFormat.encodeHeader(number, pending);
        written = pending.size();
    }

    /** Writes a value. */
    ValuePointer add(byte[] array, int offset, int length) {
        value.clear();
        value.raw(array, offset, length);
        int start = pending.size();
        long record = written;
        pending.u32(0);
        int bodyLength = BlockCodec.encode(value, packer, number, record + Integer.BYTES, pending);
        putLength(start, bodyLength);
        added(start, length);
        return new ValuePointer(number, record, bodyLength, length);
    }

    /** Copies a record as it is stored: what {@link ValueFileReader#stored} gave, body and compression and no more. */
    ValuePointer addStored(byte[] stored, int length, int valueLength) {
        int start = pending.size();
        long record = written;
        pending.u32(length - 1).raw(stored, 0, length);
        pending.u32(BlockCodec.checksum(stored, 0, length, number, record + Integer.BYTES));
        added(start, valueLength);
        return new ValuePointer(number, record, length - 1, valueLength);
    }

    private void putLength(int at, int length) {
        for (int i = 0; i < Integer.BYTES; i++) {
            pending.array()[at + i] = (byte) (length >>> (8 * i));
        }
    }

    private void added(int start, int length) {
        written += pending.size() - start;
        values++;
        valueBytes += length;
        if (pending.size() >= WRITE_BYTES) {
            writePending();
        }
    }

    private void writePending() {
        try {
            file.append(pending.array(), 0, pending.size());
        } catch (IOException e) {
            throw failed("write", e);
        }
        pending.clear();
    }

    /** Bytes written so far. */
    long size() {
        return written;
    }

    long number() {
        return number;
    }

    long values() {
        return values;
    }

    long valueBytes() {
        return valueBytes;
    }

    /** Writes the footer and syncs the file, not its directory. */
    void finish() {
        ValueFileFormat.encodeFooter(
                new ValueFileFormat.Footer(values, valueBytes, written - ValueFileFormat.HEADER_BYTES),
                number,
                written,
                pending);
        written += ValueFileFormat.FOOTER_BYTES;
        writePending();
        try {
            file.sync();
        } catch (IOException e) {
            throw failed("write", e);
        }
        finished = true;
        close();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            file.close();
        } catch (IOException e) {
            if (finished) {
                throw failed("close", e);
            }
        }
    }

    private KvIoException failed(String what, IOException e) {
        return new KvIoException("cannot " + what + " value file " + name + ": " + e.getMessage(), e);
    }
}
