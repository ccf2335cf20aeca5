package org.mosslsm.kv.lsm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.testkit.MemVfs;

/** A cursor that stays open keeps its place and its snapshot, but neither memtables nor tables. */
class OpenCursorsTest {
    private final MemVfs disk = new MemVfs();
    private final Lsm store = Lsm.open(disk, LsmOptions.defaults());

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void idleCursorsPinNoReplacedTablesAndGoOnWhereTheyStood() throws IOException {
        for (Direction direction : Direction.values()) {
            fill(0, 100, "old");
            store.flush();
            try (Cursor cursor = store.cursor(KeyRange.all(), direction)) {
                List<String> seen = new ArrayList<>();
                add(cursor.nextBatch(), seen);
                fill(0, 100, "new");
                store.compact();
                for (int i = 0; i < 5; i++) { // enough tables in level 0 for a compaction of them
                    fill(0, 100, "newer" + i);
                    store.flush();
                }
                store.compact();
                awaitOnlyCurrentTables();
                for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                    add(batch, seen);
                }
                assertEquals(100, seen.size());
                for (int i = 0; i < 100; i++) {
                    int key = direction == Direction.FORWARD ? i : 99 - i;
                    assertEquals(key(key) + "=old", seen.get(i));
                }
            }
            store.deleteRange(KeyRange.all());
        }
    }

    /** Files go when the compaction that replaced them lets go of the last cursor, just after it shows. */
    private void awaitOnlyCurrentTables() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (files() != tables(store) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(tables(store), files());
    }

    private long files() throws IOException {
        return disk.list().stream().filter(n -> n.endsWith(".sst")).count();
    }

    @Test
    void seeksFromWhereverItStands() {
        fill(0, 1000, "v");
        store.flush();
        try (Snapshot snapshot = store.snapshot();
                Cursor cursor = snapshot.scan(KeyRange.all(), Direction.FORWARD, new ScanHints(1, false, true))) {
            for (int to : new int[] {500, 3, 4, 999, 0, 998}) {
                cursor.seek(bytes(key(to)));
                assertEquals(key(to), new String(cursor.nextBatch().copyKey(0), UTF_8));
            }
            cursor.seek(bytes("z"));
            assertNull(cursor.nextBatch());
            cursor.seek(bytes(key(7)));
            assertNotNull(cursor.nextBatch());
        }
    }

    @Test
    void lostCursorsAndSnapshotsAreFoundReleasedAndCounted() {
        fill(0, 10, "v");
        lose();
        long tries = 0;
        while ((number("cursors.leaked") < 1 || number("snapshots.leaked") < 1) && tries++ < 1000) {
            System.gc();
            Thread.onSpinWait();
        }
        assertEquals(1, number("cursors.leaked"));
        assertEquals(1, number("snapshots.leaked"));
        assertEquals(0, number("cursors.open"));
        assertEquals(0, number("snapshots.open"));
    }

    private void lose() {
        assertNotNull(store.snapshot()
                .scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE)
                .nextBatch());
    }

    @Test
    void theOldestSnapshotShowsInTheMetrics() {
        assertEquals(0, number("snapshots.oldest.age"));
        fill(0, 1, "v");
        try (Snapshot old = store.snapshot()) {
            fill(0, 5, "w");
            try (Snapshot young = store.snapshot()) {
                assertTrue(young.version() > old.version());
                assertEquals(old.version(), number("version.oldest.snapshot"));
                assertEquals(2, number("snapshots.open"));
                assertTrue(number("snapshots.oldest.age") >= 0);
            }
        }
        assertEquals(0, number("snapshots.open"));
    }

    private long number(String name) {
        return store.metrics().number(name).orElseThrow();
    }

    private static long tables(Lsm store) {
        long tables = 0;
        for (int level = 0; level < 7; level++) {
            tables += store.metrics().number("level." + level + ".tables").orElseThrow();
        }
        return tables;
    }

    private void fill(int from, int to, String value) {
        for (int i = from; i < to; i++) {
            store.put(bytes(key(i)), bytes(value));
        }
    }

    private static void add(EntryBatch batch, List<String> to) {
        for (int i = 0; i < batch.size(); i++) {
            to.add(new String(batch.copyKey(i), UTF_8) + "=" + new String(batch.copyValue(i), UTF_8));
        }
    }

    private static String key(int i) {
        return String.format("%06d", i);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
