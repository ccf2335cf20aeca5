package org.mosslsm.kv.lsm.values;

import java.io.IOException;
import java.util.function.Consumer;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.table.BlockCodec;
import org.mosslsm.kv.lsm.table.TableClosedException;
import org.mosslsm.kv.lsm.table.ValuePointer;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;

/**
 * An open value file; {@link ValueFileFormat} draws it.
 *
 * <p>Errors: {@link CorruptionException} for bytes that are not what was written, {@link KvIoException} when the disk
 * refuses, {@link TableClosedException} after {@link #close}.
 *
 * <p>Thread-safe. {@code close} may come while others read; they either finish or get {@link TableClosedException}.
 */
public final class ValueFileReader implements AutoCloseable {
    /** Bytes of a file around its records. */
    public static final int OVERHEAD_BYTES = ValueFileFormat.HEADER_BYTES + ValueFileFormat.FOOTER_BYTES;

    private final RandomFile file;
    private final String name;
    private final long number;
    private final long fileSize;
    private final ValueFileFormat.Footer footer;
    private volatile boolean closed;

    /** For a file whose header or footer may be gone: records are found by pointers alone. */
    private ValueFileReader(RandomFile file, String name, long number, long fileSize) {
        this.file = file;
        this.name = name;
        this.number = number;
        this.fileSize = fileSize;
        this.footer = null;
    }

    private ValueFileReader(RandomFile file, String name, long number) throws IOException {
        this.file = file;
        this.name = name;
        this.number = number;
        this.fileSize = file.size();
        if (fileSize < OVERHEAD_BYTES) {
            throw new CorruptionException(name, 0, "a value file of " + fileSize + " bytes");
        }
        byte[] header = new byte[ValueFileFormat.HEADER_BYTES];
        readFully(0, header, header.length);
        ValueFileFormat.checkHeader(header, name, number);
        byte[] bytes = new byte[ValueFileFormat.FOOTER_BYTES];
        readFully(recordsEnd(), bytes, bytes.length);
        this.footer = ValueFileFormat.decodeFooter(bytes, name, number, recordsEnd());
    }

    /** Opens the value file {@code name} of {@code vfs}, which was written with {@code number}. */
    public static ValueFileReader open(Vfs vfs, String name, long number) {
        RandomFile file;
        try {
            file = vfs.openRead(name);
        } catch (IOException e) {
            throw new KvIoException("cannot open value file " + name + ": " + e.getMessage(), e);
        }
        try {
            return new ValueFileReader(file, name, number);
        } catch (IOException e) {
            close(file, e);
            throw new KvIoException("cannot read value file " + name + ": " + e.getMessage(), e);
        } catch (RuntimeException | Error e) { // out of memory, say: the store goes on, and so must the descriptors do
            close(file, e);
            throw e;
        }
    }

    private static void close(RandomFile file, Throwable failure) {
        try {
            file.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** As {@link #open}, for a damaged file: its values are read by their pointers, and nothing else is asked of it. */
    public static ValueFileReader openDamaged(Vfs vfs, String name, long number) {
        RandomFile file = null;
        try {
            file = vfs.openRead(name);
            return new ValueFileReader(file, name, number, file.size());
        } catch (IOException e) {
            if (file != null) {
                close(file, e);
            }
            throw new KvIoException("cannot open value file " + name + ": " + e.getMessage(), e);
        }
    }

    /** Reads the value into {@code into}, whose trailer stays; the array is the caller's. */
    public void read(ValuePointer pointer, FoundEntry into) {
        byte[] record = record(pointer);
        int body = Integer.BYTES;
        long offset = pointer.offset() + body;
        byte[] value = BlockCodec.unpack(record, body, pointer.bodyLength(), name, number, offset);
        if (value == null) {
            checkLength(pointer, pointer.bodyLength());
            into.set(into.trailer(), record, body, pointer.bodyLength());
        } else {
            checkLength(pointer, value.length);
            into.set(into.trailer(), value, 0, value.length);
        }
    }

    private void checkLength(ValuePointer pointer, int length) {
        if (length != pointer.valueLength()) {
            throw new CorruptionException(
                    name,
                    pointer.offset(),
                    "a value of " + length + " bytes where " + pointer.valueLength() + " are expected");
        }
    }

    /** The record behind the pointer without its length in front, verified: body, compression and checksum. */
    byte[] stored(ValuePointer pointer) {
        byte[] record = record(pointer);
        BlockCodec.verify(record, Integer.BYTES, pointer.bodyLength(), name, number, pointer.offset() + Integer.BYTES);
        byte[] stored = new byte[record.length - Integer.BYTES];
        System.arraycopy(record, Integer.BYTES, stored, 0, stored.length);
        return stored;
    }

    /** Reads a record; its checksum is not looked at yet. */
    private byte[] record(ValuePointer pointer) {
        long end = footer == null ? fileSize : recordsEnd();
        if (pointer.offset() < ValueFileFormat.HEADER_BYTES || pointer.recordBytes() > end - pointer.offset()) {
            throw new CorruptionException(name, pointer.offset(), "a pointer leads out of the file: " + pointer);
        }
        byte[] record = new byte[(int) pointer.recordBytes()];
        readFully(pointer.offset(), record, record.length);
        return record;
    }

    /**
     * Reads every record, also those no table points to; hands out what is whole and what is damaged. Behind a length that
     * is damaged nothing can be found.
     */
    public void walk(Consumer<ValuePointer> whole, Consumer<CorruptionException> damaged) {
        long at = ValueFileFormat.HEADER_BYTES;
        long values = 0;
        long valueBytes = 0;
        boolean sound = true;
        while (at < recordsEnd()) {
            int bodyLength = lengthAt(at);
            if (bodyLength < 0 || bodyLength + (long) ValuePointer.RECORD_OVERHEAD > recordsEnd() - at) {
                damaged.accept(new CorruptionException(name, at, "a record of " + bodyLength + " bytes"));
                return;
            }
            try {
                byte[] record = record(new ValuePointer(number, at, bodyLength, 0));
                int length =
                        BlockCodec.decode(record, Integer.BYTES, bodyLength, name, number, at + Integer.BYTES).length;
                valueBytes += length;
                whole.accept(new ValuePointer(number, at, bodyLength, length));
            } catch (CorruptionException e) {
                damaged.accept(e);
                sound = false;
            }
            values++;
            at += bodyLength + (long) ValuePointer.RECORD_OVERHEAD;
        }
        if (sound && (values != footer.values() || valueBytes != footer.valueBytes())) {
            damaged.accept(new CorruptionException(
                    name,
                    recordsEnd(),
                    values + " values of " + valueBytes + " bytes where the footer says " + footer));
        }
    }

    private int lengthAt(long at) {
        if (recordsEnd() - at < Integer.BYTES) {
            return -1;
        }
        byte[] bytes = new byte[Integer.BYTES];
        readFully(at, bytes, bytes.length);
        return (bytes[0] & 0xFF) | (bytes[1] & 0xFF) << 8 | (bytes[2] & 0xFF) << 16 | (bytes[3] & 0xFF) << 24;
    }

    /** Where no record reaches beyond. */
    private long recordsEnd() {
        return fileSize - ValueFileFormat.FOOTER_BYTES;
    }

    private void readFully(long offset, byte[] into, int length) {
        if (closed) {
            throw new TableClosedException(name);
        }
        try {
            int done = 0;
            while (done < length) {
                int n = file.read(offset + done, into, done, length - done);
                if (n <= 0) {
                    throw new CorruptionException(
                            name, offset + done, "the file ends where " + (length - done) + " more bytes should be");
                }
                done += n;
            }
        } catch (IOException e) {
            if (closed) {
                throw new TableClosedException(name);
            }
            throw new KvIoException(
                    "cannot read value file " + name + " at offset " + offset + ": " + e.getMessage(), e);
        }
    }

    /** Name of the file. */
    public String name() {
        return name;
    }

    /** Size of the file, in bytes. */
    public long fileSize() {
        return fileSize;
    }

    /** How many values the footer says the file has. */
    public long values() {
        return footer.values();
    }

    /** Bytes of the values before compression, as the footer says. */
    public long valueBytes() {
        return footer.valueBytes();
    }

    /** Closes the file; harmless when repeated. */
    @Override
    public void close() {
        closed = true;
        try {
            file.close();
        } catch (IOException e) {
            throw new KvIoException("cannot close value file " + name + ": " + e.getMessage(), e);
        }
    }
}
