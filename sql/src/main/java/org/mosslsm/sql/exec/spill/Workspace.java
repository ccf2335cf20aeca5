package org.mosslsm.sql.exec.spill;

import java.util.function.Supplier;
import org.mosslsm.kv.Store.ScratchFile;

/**
 * What one execution of a statement may use besides its plan.
 *
 * @param budgetBytes heap that one sort, hash table or set of rows may take before it goes to files, roughly; each
 *     operator of a statement has it for itself
 * @param files makes scratch files
 * @param lasting makes scratch files that may be read after the statement, and do not ask whether it was cancelled
 * @param watch is told what is used of memory and files
 */
public record Workspace(long budgetBytes, Supplier<ScratchFile> files, Supplier<ScratchFile> lasting, Watch watch) {
    /** Sees what the operators hold. Thread safety: as the execution's, one thread. */
    public interface Watch {
        /** Nobody looks. */
        Watch NONE = new Watch() {
            @Override
            public void holds(long bytes) {}

            @Override
            public void spilled(long rows) {}
        };

        /** An operator holds so many bytes of memory now, roughly; said where it is most. */
        void holds(long bytes);

        /** So many rows went to a file. */
        void spilled(long rows);
    }

    /** Nobody looks at what is used. */
    public Workspace(long budgetBytes, Supplier<ScratchFile> files) {
        this(budgetBytes, files, files, Watch.NONE);
    }

    /** The same, with files that look whether the statement was cancelled at every few kilobytes. */
    public Workspace checking(Runnable cancelCheck) {
        return new Workspace(
                budgetBytes, () -> new CheckedFile(files.get(), bytes -> cancelCheck.run()), lasting, watch);
    }

    /** The same for what the statement leaves behind: its files do not look whether it was cancelled. */
    public Workspace afterwards() {
        return new Workspace(budgetBytes, lasting, lasting, watch);
    }

    /** Memory without limit, and no files: for tests and for statements of a known size. */
    public static final Workspace UNLIMITED = new Workspace(Long.MAX_VALUE, () -> {
        throw new IllegalStateException("no scratch files here");
    });

    private static final long MB = 1 << 20;

    /** The default budget: a sixteenth of the heap, 1 MB at the least and 256 MB at the most. */
    public static long defaultBudgetBytes() {
        return Math.max(MB, Math.min(256 * MB, Runtime.getRuntime().maxMemory() / 16));
    }
}
