package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/** When flush() and compact() return, the files they made needless are gone, on a disk that takes its time for that. */
@Timeout(120)
class FilesAfterUpkeepTest {
    private static final int ROUNDS = 20;
    private static final long MILLIS_FOR_A_LOOK = 5;

    private static final LsmOptions OPTIONS = LsmOptions.builder()
            .memtableBytes(64 << 10)
            .durability(Durability.NONE) // then no log is kept for reuse
            .compactionThreads(1)
            .build();

    private final MemVfs disk = new MemVfs();
    private final FaultVfs slow = new FaultVfs(disk);

    /** What the threads of the store wait for, in vain where who asked for their work does not look before it is done. */
    private final Semaphore looked = new Semaphore(0);

    private Set<String> files(String ending) throws IOException {
        return disk.list().stream()
                .filter(name -> name.endsWith(ending))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The threads of the store leave time for a look after listing the directory, and after deleting a file. */
    private void takeTime() {
        slow.observe((op, name) -> {
            boolean own = Thread.currentThread().getName().startsWith("mosslsm-");
            if (own && (op == Op.LIST || op == Op.DELETE)) {
                awaitLook();
            }
        });
    }

    private void awaitLook() {
        try {
            if (looked.tryAcquire(MILLIS_FOR_A_LOOK, TimeUnit.MILLISECONDS)) {
                looked.release(); // nobody else waits for it
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The files there are, by who was told that all needless ones are gone. */
    private Set<String> look(String ending) throws IOException {
        Set<String> files = files(ending);
        looked.release();
        return files;
    }

    private static byte[] key(int i) {
        return new byte[] {(byte) i};
    }

    @Test
    void flushReturnsWhenTheLogsAreGone() throws IOException {
        takeTime();
        try (Lsm store = Lsm.open(slow, OPTIONS)) {
            for (int round = 0; round < ROUNDS; round++) {
                store.put(key(round), key(round));
                store.flush();
                assertEquals(1, look(".wal").size(), "round " + round);
                looked.drainPermits();
            }
        }
    }

    @Test
    void compactReturnsWhenTheMergedTablesAreGone() throws IOException {
        takeTime();
        try (Lsm store = Lsm.open(slow, OPTIONS)) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int table = 0; table < 4; table++) {
                    store.put(key(0), key(round));
                    store.put(key(100), key(table));
                    store.flush();
                }
                store.compact();
                Set<String> current = store.reads.states().current().version().allFiles().stream()
                        .map(FileMeta::name)
                        .collect(Collectors.toCollection(TreeSet::new));
                assertEquals(current, look(".sst"), "round " + round);
                looked.drainPermits();
            }
        }
    }
}
