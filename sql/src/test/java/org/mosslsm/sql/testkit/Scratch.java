package org.mosslsm.sql.testkit;

import org.mosslsm.kv.Store.ScratchFile;
import org.mosslsm.kv.memory.MemoryStore;
import org.mosslsm.sql.exec.spill.Workspace;

/** Scratch files in memory, counted: what was opened must be closed. Not thread-safe. */
public final class Scratch {
    private final MemoryStore store = new MemoryStore();
    private int made;
    private int open;
    private int mostOpen;
    private long spilledRows;
    private int failAt = Integer.MAX_VALUE;

    /** A workspace with that budget and these files. */
    public Workspace workspace(long budgetBytes) {
        return new Workspace(budgetBytes, this::create, this::create, new Workspace.Watch() {
            @Override
            public void holds(long bytes) {}

            @Override
            public void spilled(long rows) {
                spilledRows += rows;
            }
        });
    }

    /** Lets the append of that number, from 0, fail with {@code failure}. */
    public Scratch failingAt(int append) {
        failAt = append;
        return this;
    }

    /** Files made so far. */
    public int made() {
        return made;
    }

    /** Files not closed yet. */
    public int open() {
        return open;
    }

    /** The most files that were open at once. */
    public int mostOpen() {
        return mostOpen;
    }

    /** Rows written so far, those of a merge again. */
    public long spilledRows() {
        return spilledRows;
    }

    private ScratchFile create() {
        made++;
        open++;
        mostOpen = Math.max(mostOpen, open);
        return new Counted(store.scratchFile());
    }

    private final class Counted implements ScratchFile {
        private final ScratchFile file;
        private boolean closed;

        Counted(ScratchFile file) {
            this.file = file;
        }

        @Override
        public void append(byte[] bytes, int offset, int length) {
            if (failAt-- == 0) {
                throw new org.mosslsm.kv.KvIoException(
                        "cannot write: No space left on device", new java.io.IOException("No space left on device"));
            }
            file.append(bytes, offset, length);
        }

        @Override
        public void read(long position, byte[] into, int offset, int length) {
            file.read(position, into, offset, length);
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void close() {
            file.close();
            open -= closed ? 0 : 1;
            closed = true;
        }
    }
}
