package org.mosslsm.kv.lsm;

import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * Brings logs that an earlier process left to the device: it may have died before it synced them.
 *
 * <pre>
 * nothing wanted   all had been synced, or are needed no more
 * much to sync     all logs, once the first is wanted, by a thread of its own beside the reading of them: device and
 *                  processor work together
 * little           those that turn out to be worth it, when they have been read
 * </pre>
 *
 * <p>Used by one thread, which must close it: that waits for the other one.
 */
final class LogSync implements Closeable {
    /** Less than this is synced in less time than it is worth to think about it. */
    private static final long MUCH_BYTES = 1 << 20;

    private final Vfs vfs;
    private final List<Long> logs;
    private final Set<Long> wanted = new LinkedHashSet<>();
    private boolean begun;
    private Thread thread;

    /** What ended the thread, or null; read after it has ended. */
    private Throwable failure;

    LogSync(Vfs vfs, List<Long> logs) {
        this.vfs = vfs;
        this.logs = logs;
    }

    /** Says that one of the logs at least will have to be synced; harmless when repeated. */
    void begin() throws IOException {
        if (begun) {
            return;
        }
        begun = true;
        long bytes = 0;
        for (long log : logs) {
            try (RandomFile file = vfs.openRead(FileNames.wal(log))) {
                bytes += file.size();
            }
        }
        if (bytes >= MUCH_BYTES) {
            thread = new Thread(this::syncAll, "mosslsm-" + vfs.path() + "-recovery");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void syncAll() {
        try {
            for (long log : logs) {
                sync(log);
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    private void sync(long log) throws IOException {
        try (WritableFile file = vfs.extend(FileNames.wal(log), 0)) {
            file.sync();
        }
    }

    /** Says that a log has to be synced. */
    void add(long log) {
        wanted.add(log);
    }

    /** Returns when all logs that were added are on the device. */
    void await() throws IOException {
        if (thread == null) {
            for (long log : wanted) {
                sync(log);
            }
            return;
        }
        Background.join(thread);
        if (failure != null) {
            throw new IOException("cannot sync the logs: " + failure.getMessage(), failure);
        }
    }

    /** Waits for the thread, whatever became of it. */
    @Override
    public void close() {
        Background.join(thread);
    }
}
