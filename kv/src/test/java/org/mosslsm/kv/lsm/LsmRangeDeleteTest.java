package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.table.Compression;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.wal.LogReader;
import org.mosslsm.kv.testkit.MemVfs;

/** Range deletes by the thousand, and range deletes of whole tables. */
class LsmRangeDeleteTest {
    private static final LsmOptions FAST =
            LsmOptions.builder().durability(Durability.NONE).build();

    private static final LsmOptions TINY = LsmOptions.builder()
            .durability(Durability.NONE)
            .memtableBytes(16 << 10)
            .build();

    private static final int BLOCK_BYTES = 4 << 10;

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static long metric(Lsm store, String name) {
        return store.metrics().number(name).orElseThrow();
    }

    /** They would fill the log and never the memtable, which ends a log. */
    @Test
    void deletesOfEmptyRangesAreNotLogged() throws IOException {
        MemVfs disk = new MemVfs();
        LsmOptions logged = LsmOptions.builder().durability(Durability.PROCESS).build();
        try (Lsm store = Lsm.open(disk, logged)) {
            long before = store.put(key(1), key(1));
            store.flush();
            WriteBatch batch = new WriteBatch();
            for (int i = 0; i < 100; i++) {
                store.deleteRange(key(2), key(2));
                store.deleteRange(key(2), key(1));
                batch.deleteRange(key(1), key(0));
            }
            store.write(batch);
            assertEquals(0, bytesOfNewestLog(disk));
            assertEquals(before, store.write(new WriteBatch().deleteRange(key(9), key(3))));
            store.deleteRange(key(1), key(2));
            assertTrue(bytesOfNewestLog(disk) > 0);
            assertNull(store.get(key(1)));
        }
    }

    /** Those of its records; the log before may not be deleted yet. */
    private static long bytesOfNewestLog(MemVfs disk) throws IOException {
        String newest = disk.list().stream()
                .filter(name -> name.endsWith(".wal"))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        long bytes = 0;
        try (LogReader log = LogReader.open(disk, newest, FileNames.number(newest))) {
            while (log.next()) {
                bytes += log.length();
            }
        }
        return bytes;
    }

    /** Each overlaps half of all the others: kept apart, they would be 400 million fragments. */
    @Test
    void twentyThousandOverlappingRangeDeletesCostWhatTheyShould() {
        int n = 20_000;
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, FAST)) {
            for (int i = 0; i < 2 * n; i += 100) {
                store.put(key(i), key(i));
            }
            for (int i = 0; i < n; i++) {
                store.deleteRange(key(i), key(i + n));
                if (i % 1000 == 0) {
                    assertNull(store.get(key(i)));
                    assertNull(store.cursor(KeyRange.of(key(i), key(i + 1)), Cursor.Direction.FORWARD)
                            .nextBatch());
                }
            }
            store.put(key(n), key(1));
        }
        try (Lsm store = Lsm.open(disk, FAST)) { // replayed from the log, written to a table
            assertArrayEquals(key(1), store.get(key(n)));
            assertNull(store.get(key(n / 2)));
            store.compact();
        }
        try (Lsm store = Lsm.open(disk, FAST)) {
            assertArrayEquals(key(1), store.get(key(n)));
            assertNull(store.get(key(0)));
        }
    }

    @Test
    void snapshotsBetweenOverlappingRangeDeletesKeepSeeingWhatTheySaw() {
        int n = 2000;
        try (Lsm store = Lsm.open(new MemVfs(), FAST)) {
            for (int i = 0; i < 2 * n; i++) {
                store.put(key(i), key(i));
            }
            Snapshot[] snapshots = new Snapshot[4];
            for (int i = 0; i < n; i++) {
                if (i % (n / 4) == 0) {
                    snapshots[i / (n / 4)] = store.snapshot();
                }
                store.deleteRange(key(i), key(i + n / 2));
            }
            for (int round = 0; round < 3; round++) {
                for (int s = 0; s < 4; s++) {
                    int deleted = s == 0 ? 0 : s * (n / 4) - 1 + n / 2;
                    assertEquals(2 * n - deleted, count(snapshots[s]));
                    if (deleted > 0) {
                        assertNull(snapshots[s].get(key(deleted - 1)));
                    }
                    assertArrayEquals(key(deleted), snapshots[s].get(key(deleted)));
                }
                if (round == 0) {
                    store.flush();
                } else {
                    store.compact();
                }
            }
            for (Snapshot snapshot : snapshots) {
                snapshot.close();
            }
        }
    }

    /** One source of a cursor, the tables of a level, has some that are older than the range delete and some that are newer. */
    @Test
    void rangeDeletesAreJumpedOverWhereOtherTablesOfTheLevelAreNewer() {
        int keys = 2000;
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.NONE)
                .memtableBytes(64 << 10)
                .compression(Compression.NONE)
                .blockBytes(BLOCK_BYTES)
                .build();
        byte[] value = new byte[100];
        try (Lsm store = Lsm.open(new MemVfs(), options)) {
            for (int i = 0; i < keys; i++) {
                store.put(key(i), value);
            }
            store.compact();
            try (Snapshot before = store.snapshot()) { // so that what is deleted stays
                long deleted = store.deleteRange(key(0), key(900));
                store.flush();
                for (int round = 0; round < 8; round++) {
                    for (int i = 1100; i < keys; i += 3) {
                        store.put(key(i), value);
                    }
                    store.flush();
                    store.compact();
                }
                Version version = store.reads.states().current().version();
                List<FileMeta> level = version.files(version.deepestLevel());
                assertTrue(level.get(0).maxSeq() < deleted, () -> "none is older than the delete of " + level);
                assertTrue(level.get(level.size() - 1).maxSeq() > deleted, () -> "none is newer than it of " + level);
                long newerBlocks = level.stream()
                                .filter(file -> file.maxSeq() > deleted)
                                .mapToLong(FileMeta::size)
                                .sum()
                        / BLOCK_BYTES;
                long misses = metric(store, "cache.misses");
                assertEquals(10, count(store, KeyRange.of(key(0), key(910)), Cursor.Direction.BACKWARD));
                long backward = metric(store, "cache.misses") - misses;
                assertTrue(backward < 10, backward + " blocks read for ten keys behind 25 blocks of deleted ones");
                misses = metric(store, "cache.misses");
                assertEquals(keys - 900, count(store, KeyRange.all(), Cursor.Direction.FORWARD));
                long forward = metric(store, "cache.misses") - misses;
                assertTrue(
                        forward <= newerBlocks,
                        forward + " blocks read, of " + newerBlocks + " that have keys which live");
                misses = metric(store, "cache.misses");
                assertEquals(keys, count(before));
                long hidden = metric(store, "cache.misses") - misses;
                assertTrue(hidden > 20, hidden + " blocks not read so far");
            }
        }
    }

    private static int count(Lsm store, KeyRange range, Cursor.Direction direction) {
        int n = 0;
        try (Cursor cursor = store.cursor(range, direction)) {
            for (var batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                n += batch.size();
            }
        }
        return n;
    }

    private static int count(Snapshot snapshot) {
        int n = 0;
        try (Cursor cursor = snapshot.scan(KeyRange.all(), Cursor.Direction.FORWARD, ScanHints.NONE)) {
            for (var batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                n += batch.size();
            }
        }
        return n;
    }

    @Test
    void aDeletedRangeOfWholeTablesIsDroppedUnread() {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, TINY)) {
            fill(store, 0, 4000);
            store.compact();
            long tables = tables(store);
            assertTrue(tables > 4, () -> tables + " tables");
            long read = metric(store, "compaction.read.bytes");
            long size = store.approximateBytes(KeyRange.all());

            store.deleteRange(KeyRange.of(key(0), key(4000)));
            store.compact();

            assertEquals(0, tables(store), "tables left");
            assertEquals(0, store.approximateBytes(KeyRange.all()), "of " + size);
            assertTrue(metric(store, "compaction.tables.dropped") >= tables);
            long readNow = metric(store, "compaction.read.bytes");
            assertTrue(readNow - read < size / 4, () -> "read " + (readNow - read) + " of " + size + " bytes");
        }
    }

    /** No table is covered and nothing is full: what lies hidden is reason enough to flush and to merge. */
    @Test
    void rangeDeletesThatHideMuchAreMergedWithoutBeingAsked() {
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.NONE)
                .memtableBytes(256 << 10)
                .build();
        try (Lsm store = Lsm.open(new MemVfs(), options)) {
            int keys = 20_000;
            fill(store, 0, keys);
            store.compact();
            long before = bytes(store);
            for (int i = 0; i < keys; i += 500) {
                store.deleteRange(key(i), key(i + 250));
            }
            long giveUp = System.nanoTime() + 60_000_000_000L;
            while (bytes(store) > before * 3 / 4) {
                assertTrue(System.nanoTime() < giveUp, () -> bytes(store) + " of " + before + " bytes after a minute");
                Thread.onSpinWait();
            }
            assertNull(store.get(key(0)));
            assertEquals(50, store.get(key(250)).length);
        }
    }

    private static long bytes(Lsm store) {
        long bytes = 0;
        for (int level = 0; level < 7; level++) {
            bytes += metric(store, "level." + level + ".bytes");
        }
        return bytes;
    }

    @Test
    void aSnapshotKeepsTheTablesOfADeletedRange() {
        try (Lsm store = Lsm.open(new MemVfs(), TINY)) {
            fill(store, 0, 4000);
            store.compact();
            Snapshot before = store.snapshot();
            store.deleteRange(KeyRange.of(key(0), key(3000)));
            store.put(key(7), key(8));
            store.compact();
            assertEquals(4000, count(before));
            assertEquals(1001, count(store.snapshot()));
            before.close();
            store.compact();
            assertEquals(1001, count(store.snapshot()));
            assertArrayEquals(key(8), store.get(key(7)));
        }
    }

    private static void fill(Lsm store, int from, int to) {
        byte[] value = new byte[50];
        for (int i = from; i < to; i += 50) {
            WriteBatch batch = new WriteBatch();
            for (int k = i; k < i + 50; k++) {
                batch.put(key(k), value);
            }
            store.write(batch);
        }
    }

    private static long tables(Lsm store) {
        long tables = 0;
        for (int level = 0; level < 7; level++) {
            tables += metric(store, "level." + level + ".tables");
        }
        return tables;
    }
}
