package org.mosslsm.kv.lsm.values;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.mosslsm.kv.lsm.table.LargeValues;
import org.mosslsm.kv.lsm.table.ValuePointer;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Writes the large values of one flush, or of one part of a compaction, into value files.
 *
 * <pre>
 * a value of at least the threshold          into the current value file; the table gets a pointer
 * a pointer into a file worth rewriting      its record is copied, as it is stored, into the current value file
 * any other pointer                          stays
 * the current file has its size              it is finished, and the next begun with the next value
 * </pre>
 *
 * <p>Invariants: (1) at most one writer is open. (2) {@code numbers} has every file ever begun. Thread safety: none.
 */
public final class ValueSeparator implements LargeValues, AutoCloseable {
    /** A finished value file: its number, size and what its footer says. */
    public record Written(long number, long size, long values, long valueBytes) {}

    private final Vfs vfs;
    private final ValueOptions options;
    private final LongSupplier fileNumbers;
    private final LongFunction<String> names;
    private final LongPredicate rewritten;
    private final LongFunction<ValueFileReader> readers;
    private final List<Long> begun = new ArrayList<>();
    private final List<Written> finished = new ArrayList<>();
    private ValueFileWriter writer;
    private long bytesBefore;
    private long bytesRead;

    /**
     * For a compaction.
     *
     * @param fileNumbers gives numbers no file has had
     * @param names what the file of a number is called
     * @param rewritten whether what lives in the file of that number is to be copied out of it
     * @param readers opens the file of a number
     */
    public ValueSeparator(
            Vfs vfs,
            ValueOptions options,
            LongSupplier fileNumbers,
            LongFunction<String> names,
            LongPredicate rewritten,
            LongFunction<ValueFileReader> readers) {
        this.vfs = vfs;
        this.options = options;
        this.fileNumbers = fileNumbers;
        this.names = names;
        this.rewritten = rewritten;
        this.readers = readers;
    }

    /** For a flush, which meets no pointers. */
    public ValueSeparator(Vfs vfs, ValueOptions options, LongSupplier fileNumbers, LongFunction<String> names) {
        this(vfs, options, fileNumbers, names, number -> false, number -> null);
    }

    @Override
    public int threshold() {
        return options.threshold() == 0 ? Integer.MAX_VALUE : options.threshold();
    }

    @Override
    public ValuePointer put(byte[] array, int offset, int length) {
        ValuePointer pointer = writer().add(array, offset, length);
        endIfFull();
        return pointer;
    }

    @Override
    public ValuePointer moved(ValuePointer pointer) {
        if (!rewritten.test(pointer.file())) {
            return pointer;
        }
        byte[] stored = readers.apply(pointer.file()).stored(pointer);
        bytesRead += pointer.recordBytes();
        ValuePointer moved = writer().addStored(stored, pointer.bodyLength() + 1, pointer.valueLength());
        endIfFull();
        return moved;
    }

    private ValueFileWriter writer() {
        if (writer == null) {
            long number = fileNumbers.getAsLong();
            begun.add(number); // first: also a create that fails may leave a file
            writer = new ValueFileWriter(vfs, names.apply(number), number, options.compression());
        }
        return writer;
    }

    private void endIfFull() {
        if (writer.size() >= options.fileBytes()) {
            end();
        }
    }

    private void end() {
        writer.finish();
        finished.add(new Written(writer.number(), writer.size(), writer.values(), writer.valueBytes()));
        bytesBefore += writer.size();
        writer = null;
    }

    /** Finishes the current file; returns all files, synced but for their directory entries. */
    public List<Written> finish() {
        if (writer != null) {
            end();
        }
        return List.copyOf(finished);
    }

    /** Bytes written so far. */
    public long bytesWritten() {
        return bytesBefore + (writer == null ? 0 : writer.size());
    }

    /** Bytes of records read so far, to be copied. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Numbers of all files begun: what is to be deleted where they are not to be used. */
    public List<Long> begun() {
        return List.copyOf(begun);
    }

    /** Closes the current file, which is then worthless; harmless after {@link #finish}. */
    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }
}
