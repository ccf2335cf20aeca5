package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mosslsm.kv.lsm.compact.Compaction.KeySpan;
import org.mosslsm.kv.lsm.version.FileMeta;

/**
 * The compactions under way, so that no two get in each other's way.
 *
 * <p>Invariants: (1) a table is an input of one compaction at a time. (2) No two write into one level over spans of keys
 * that overlap: their outputs would. Together they make that whatever a compaction saw below its output stays below it:
 * for a key to sink past it, its tables would have to be claimed twice.
 *
 * <p>Thread safety: none; guarded by whoever owns it.
 */
public final class Claims {
    private final Set<FileMeta> files = new HashSet<>();
    private final List<Compaction> running = new ArrayList<>();

    /** Whether the table is an input of a compaction under way. */
    public boolean holds(FileMeta file) {
        return files.contains(file);
    }

    /** Whether the compaction can be started beside those under way. */
    public boolean allow(Compaction compaction) {
        for (FileMeta file : compaction.allInputs()) {
            if (files.contains(file)) {
                return false;
            }
        }
        KeySpan span = KeySpan.of(compaction.allInputs());
        for (Compaction other : running) {
            if (other.outputLevel() == compaction.outputLevel()
                    && KeySpan.of(other.allInputs()).meets(span)) {
                return false;
            }
        }
        return true;
    }

    /** Enters a compaction that is {@link #allow}ed. */
    public void add(Compaction compaction) {
        running.add(compaction);
        files.addAll(compaction.allInputs());
    }

    /** Takes a compaction off that has ended, however it did. */
    public void remove(Compaction compaction) {
        running.remove(compaction);
        compaction.allInputs().forEach(files::remove);
    }

    /** Number of compactions under way. */
    public int count() {
        return running.size();
    }
}
