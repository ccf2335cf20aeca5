package org.mosslsm.sql.exec.spill;

import org.mosslsm.kv.Store.ScratchFile;

/**
 * Rows in a scratch file: added one after another, then read from the first on, as often as wanted; or in runs, each of which
 * is read by itself, while others are added too. Closing deletes the file. Thread safety: none.
 */
public final class RowFile implements AutoCloseable {
    /** A file written or read in pieces of this size costs about a microsecond a row less than by row. */
    private static final int BUFFER = 1 << 14;

    private final Workspace workspace;
    private final int columns;
    private final ValueBytes out = new ValueBytes();
    private ScratchFile file;
    private long rows;
    private boolean finished;
    private Run last = new Run(0, 0, 0, 0);

    /** A stretch of the rows: where it begins and ends in the file, and which rows these are. */
    public record Run(long from, long to, long firstRow, long endRow) {}

    /** An empty file of rows of that many columns. */
    public RowFile(Workspace workspace, int columns) {
        this.workspace = workspace;
        this.columns = columns;
    }

    /** Adds a row; none after {@link #finish}. */
    public void add(Object[] values) {
        assert values.length == columns;
        out.putRow(values);
        rows++;
        if (out.position >= BUFFER) {
            flush();
        }
    }

    private void flush() {
        if (file == null) {
            file = workspace.files().get();
        }
        file.append(out.bytes, 0, out.position);
        out.clear();
        if (out.bytes.length > 4 * BUFFER) {
            out.bytes = new byte[BUFFER]; // after a row of megabytes
        }
    }

    /** Rows added so far. */
    public long rows() {
        return rows;
    }

    /** Bytes the rows take, in the file or about to be. */
    public long bytes() {
        return (file == null ? 0 : file.size()) + out.position;
    }

    /** Ends the adding: all rows are in the file, and no memory is held. */
    public void finish() {
        if (!finished) {
            endRun();
        }
        finished = true;
        out.bytes = new byte[0];
    }

    /** Ends a run, of the rows added since the run before. */
    public Run endRun() {
        if (out.position > 0) {
            flush();
        }
        last = new Run(last.to, bytes(), last.endRow, rows);
        if (last.endRow > last.firstRow) {
            workspace.watch().spilled(last.endRow - last.firstRow);
        }
        return last;
    }

    /** Ends the adding, and reads the rows from the first on. */
    public Reader read() {
        finish();
        return new Reader(0, bytes(), rows);
    }

    /** Reads the rows of a run. */
    public Reader read(Run run) {
        return new Reader(run.from, run.to, run.endRow - run.firstRow);
    }

    /** Deletes the file; harmless when repeated. */
    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
        out.bytes = new byte[0];
        out.clear();
        rows = 0;
        last = new Run(0, 0, 0, 0);
    }

    /** One pass over rows. Not thread-safe; not valid after its file was closed. */
    public final class Reader {
        private final ValueBytes in = new ValueBytes();
        private final long end;
        private long left;
        private long at;
        private int limit;

        private Reader(long from, long to, long rows) {
            at = from;
            end = to;
            left = rows;
            in.bytes = new byte[(int) Math.min(BUFFER, to - from)];
        }

        /** The next row, the caller's own; null at the end. */
        public Object[] next() {
            if (left == 0) {
                return null;
            }
            left--;
            have(4);
            int length = in.getInt();
            have(length);
            return in.getRow(columns);
        }

        /** Makes sure that so many bytes from the position on are in the buffer. */
        private void have(int wanted) {
            int rest = limit - in.position;
            if (rest >= wanted) {
                return;
            }
            byte[] into = wanted > in.bytes.length ? new byte[wanted] : in.bytes;
            System.arraycopy(in.bytes, in.position, into, 0, rest);
            int more = (int) Math.min(into.length - rest, end - at);
            file.read(at, into, rest, more);
            at += more;
            in.bytes = into;
            in.position = 0;
            limit = rest + more;
        }
    }
}
