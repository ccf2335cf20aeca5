package org.mosslsm.sql.exec.spill;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.expr.ValueRow;

/**
 * Rows read again and again from the first on, by the list itself or by several readers in turn: in memory, or in a file where
 * they outgrow it. Thread safety: none.
 */
public final class RowList implements AutoCloseable {
    private final Workspace workspace;
    private List<ValueRow> kept = new ArrayList<>();
    private long bytes;
    private RowFile file;
    private final Reader reader = new Reader();

    /** An empty list. */
    public RowList(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Adds a row; not once rows in a file are read. */
    public void add(ValueRow row) {
        if (file != null) {
            file.add(row.values());
            return;
        }
        kept.add(row);
        if (workspace.budgetBytes() != Long.MAX_VALUE) {
            bytes += 24 + HeapSize.of(row.values());
            workspace.watch().holds(bytes);
            if (bytes > workspace.budgetBytes()) {
                file = new RowFile(workspace, row.size());
                kept.forEach(r -> file.add(r.values()));
                kept = List.of();
                bytes = 0;
            }
        }
    }

    /** Bytes of memory the rows take, roughly; 0 where memory is without limit. */
    public long heapBytes() {
        return bytes;
    }

    /** How many rows there are; at most 2^31 - 1 where they are counted so. */
    public int size() {
        return Math.toIntExact(count());
    }

    /** How many rows there are. */
    public long count() {
        return file == null ? kept.size() : file.rows();
    }

    /** Empties the list; its file is deleted. */
    public void clear() {
        if (file != null) {
            file.close();
            file = null;
            kept = new ArrayList<>();
        } else {
            kept.clear();
        }
        bytes = 0;
        rewind();
    }

    /** Goes back to before the first row. */
    public void rewind() {
        reader.next = 0;
        reader.ofFile = null;
    }

    /** Goes to before the row of that number, forward only. */
    public void skipTo(int number) {
        while (reader.next < number && next() != null) {
            // passed over
        }
    }

    /** The number of the row that {@link #next} gives. */
    public int position() {
        return Math.toIntExact(reader.position());
    }

    /** The next row; null at the end. */
    public ValueRow next() {
        return reader.next();
    }

    /** Whether the rows outgrew the memory. */
    public boolean isInFile() {
        return file != null;
    }

    /**
     * Reads the rows from the first on, whatever others read. Until the rows outgrow the memory more may be added meanwhile;
     * then all must be added before anybody reads on. Valid until the list is closed.
     */
    public Reader read() {
        return new Reader();
    }

    /** One pass over the rows. */
    public final class Reader {
        private RowFile.Reader ofFile;
        private long next;

        private Reader() {}

        /** How many rows were read. */
        public long position() {
            return next;
        }

        /** The next row; null at the end. */
        public ValueRow next() {
            if (file == null) {
                return next < kept.size() ? kept.get((int) next++) : null;
            }
            if (ofFile == null) {
                ofFile = file.read();
                for (long i = 0; i < next; i++) { // read while they were in memory
                    ofFile.next();
                }
            }
            Object[] values = ofFile.next();
            if (values == null) {
                return null;
            }
            next++;
            return new ValueRow(values);
        }
    }

    @Override
    public void close() {
        kept = List.of();
        if (file != null) {
            file.close();
        }
    }
}
