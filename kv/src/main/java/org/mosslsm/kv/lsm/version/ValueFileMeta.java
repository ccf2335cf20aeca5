package org.mosslsm.kv.lsm.version;

import org.mosslsm.kv.lsm.table.ByteReader;
import org.mosslsm.kv.lsm.table.ByteWriter;
import org.mosslsm.kv.lsm.values.ValueFileReader;
import org.mosslsm.kv.lsm.values.ValueSeparator;

/**
 * What the manifest knows about a value file. How much of it lives is no part of it: that follows from the tables, see
 * {@link ValueUse}.
 *
 * <pre>
 * number:varint  size:varint  values:varint  valueBytes:varint
 * </pre>
 *
 * <p>Immutable but for the open reader, which {@link ValueFiles} keeps here. One object stands for the file in all versions
 * that hold it.
 */
public final class ValueFileMeta {
    private final long number;
    private final long size;
    private final long values;
    private final long valueBytes;

    /** The open file, or null; written by {@link ValueFiles} under this object's monitor. */
    volatile ValueFileReader reader;

    /** Live versions that hold the file; guarded by the version set. */
    int versions;

    /** Whether the file is about to be deleted; guarded by this object's monitor. */
    boolean dead;

    private ValueFileMeta(long number, long size, long values, long valueBytes) {
        this.number = number;
        this.size = size;
        this.values = values;
        this.valueBytes = valueBytes;
    }

    /** The meta data of a file just written. */
    public static ValueFileMeta of(ValueSeparator.Written written) {
        return new ValueFileMeta(written.number(), written.size(), written.values(), written.valueBytes());
    }

    void encode(ByteWriter out) {
        out.varint(number).varint(size).varint(values).varint(valueBytes);
    }

    static ValueFileMeta decode(ByteReader in) {
        ValueFileMeta meta =
                new ValueFileMeta(in.number("number"), in.number("size"), in.number("values"), in.number("valueBytes"));
        if (meta.number == 0 || meta.size <= ValueFileReader.OVERHEAD_BYTES || meta.values == 0) {
            throw in.damage("meta data of a value file that cannot be: " + meta);
        }
        return meta;
    }

    /** The file number. */
    public long number() {
        return number;
    }

    /** Name of the file. */
    public String name() {
        return FileNames.values(number);
    }

    /** Size of the file, in bytes. */
    public long size() {
        return size;
    }

    /** Bytes of the file's records, garbage included. */
    public long recordBytes() {
        return size - ValueFileReader.OVERHEAD_BYTES;
    }

    /** Values in the file, garbage included. */
    public long values() {
        return values;
    }

    /** Bytes of the values before compression, garbage included. */
    public long valueBytes() {
        return valueBytes;
    }

    @Override
    public String toString() {
        return name() + "{" + size + " bytes, " + values + " values of " + valueBytes + " bytes}";
    }
}
