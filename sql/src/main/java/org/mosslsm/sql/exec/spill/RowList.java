package org.mosslsm.sql.exec.spill;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.expr.ValueRow;

/** Rows read again and again from the first on: in memory, or in a file where they outgrow it. Thread safety: none. */
public final class RowList implements AutoCloseable {
    private final Workspace workspace;
    private List<ValueRow> kept = new ArrayList<>();
    private long bytes;
    private RowFile file;
    private RowFile.Reader reader;
    private int next;

    /** An empty list. */
    public RowList(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Adds a row; not once reading has begun. */
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

    /** How many rows there are. */
    public int size() {
        return file == null ? kept.size() : Math.toIntExact(file.rows());
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
        next = 0;
        reader = null;
    }

    /** Goes to before the row of that number, forward only. */
    public void skipTo(int number) {
        while (next < number && next() != null) {
            // passed over
        }
    }

    /** The number of the row that {@link #next} gives. */
    public int position() {
        return next;
    }

    /** The next row; null at the end. */
    public ValueRow next() {
        if (file == null) {
            return next < kept.size() ? kept.get(next++) : null;
        }
        if (reader == null) {
            reader = file.read();
        }
        Object[] values = reader.next();
        if (values == null) {
            return null;
        }
        next++;
        return new ValueRow(values);
    }

    @Override
    public void close() {
        kept = List.of();
        if (file != null) {
            file.close();
        }
    }
}
