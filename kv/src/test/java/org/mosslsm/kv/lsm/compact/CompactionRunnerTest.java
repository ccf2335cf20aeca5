package org.mosslsm.kv.lsm.compact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.compact.Compaction.Reason;
import org.mosslsm.kv.lsm.compact.CompactionRunner.Result;
import org.mosslsm.kv.lsm.compact.Tree.Write;
import org.mosslsm.kv.lsm.table.TablePlaces;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.MemVfs;

/** What a compaction keeps, drops, moves and cuts, and that a run which fails or is cancelled leaves nothing behind. */
class CompactionRunnerTest {
    private static final LevelShape SHAPE = new LevelShape(1, 1000, 10, 400);
    private static final long[] NO_SNAPSHOT = {};

    private static Result compact(Tree tree, long... snapshots) {
        Version version = tree.versions.acquire();
        try {
            Compaction all = Compaction.of(version, 0, 6, version.files(0), Reason.LEVEL0_TABLES);
            Result result = tree.runner.run(all, version, snapshots, () -> false);
            tree.install(result);
            return result;
        } finally {
            version.release();
        }
    }

    @Test
    void newestVersionOfEachStripeStays() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            List<Write> writes = new ArrayList<>();
            for (int seq = 1; seq <= 8; seq++) {
                writes.add(Write.put("k", seq, "v" + seq));
            }
            tree.addTable(0, writes);
            tree.addTable(0, List.of(Write.put("k", 9, "v9")));
            compact(tree, 3, 7);
            assertEquals(3, tree.stored());
            assertEquals(Map.of("k", "v3"), tree.read(3));
            assertEquals(Map.of("k", "v7"), tree.read(7));
            assertEquals(Map.of("k", "v9"), tree.read(9));
        }
    }

    @Test
    void deleteGoesWithWhatItHidesAtTheBottom() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            tree.addTable(0, List.of(Write.put("a", 1, "x"), Write.put("b", 2, "x"), Write.put("c", 3, "x")));
            tree.addTable(0, List.of(Write.delete("a", 4), Write.deleteRange("b", "c", 5)));
            compact(tree);
            assertEquals(1, tree.stored());
            assertEquals(Map.of("c", "x"), tree.read(9));
        }
    }

    @Test
    void deleteStaysWhileADeeperLevelMayHoldItsKey() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            tree.addTable(6, List.of(Write.put("a", 1, "x"), Write.put("c", 2, "x")));
            tree.addTable(0, List.of(Write.delete("b", 4), Write.delete("d", 5)));
            tree.addTable(0, List.of(Write.deleteRange("a", "b", 6), Write.delete("d", 7)));
            Version version = tree.versions.acquire();
            Compaction toFive = Compaction.of(version, 0, 5, version.files(0), Reason.LEVEL0_TABLES);
            tree.install(tree.runner.run(toFive, version, NO_SNAPSHOT, () -> false));
            version.release();
            FileMeta output = tree.versions.current().files(5).get(0);
            assertEquals(1, output.deletes(), "that of b, not that of d");
            assertEquals(1, output.rangeDeletes());
            assertEquals(Map.of("c", "x"), tree.read(9));
        }
    }

    @Test
    void deleteThatASnapshotDoesNotSeeStays() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            tree.addTable(0, List.of(Write.put("a", 1, "x"), Write.put("b", 2, "y")));
            tree.addTable(0, List.of(Write.delete("a", 4), Write.deleteRange("a", "c", 5)));
            compact(tree, 3);
            assertEquals(Map.of("a", "x", "b", "y"), tree.read(3));
            assertEquals(Map.of(), tree.read(9));
        }
    }

    @Test
    void outputsEndAtUserKeysAndCarryTheirPartOfARangeDelete() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            tree.addTable(6, List.of(Write.put("key00", 1, "old"), Write.put("key99", 2, "old")));
            List<Write> writes = new ArrayList<>();
            writes.add(Write.deleteRange("key", "kez", 10));
            for (int i = 11; i < 90; i++) {
                writes.add(Write.put("key" + i, i * 10L, "v".repeat(60)));
                writes.add(Write.put("key" + i, i * 10L + 5, "w".repeat(60)));
            }
            tree.addTable(0, writes);
            tree.addTable(0, List.of(Write.deleteRange("key", "kez", 9)));
            Version version = tree.versions.acquire();
            Compaction toFive = Compaction.of(version, 0, 5, version.files(0), Reason.LEVEL0_TABLES);
            long[] each =
                    java.util.stream.LongStream.range(11, 90).map(i -> i * 10).toArray();
            tree.install(tree.runner.run(toFive, version, each, () -> false));
            version.release();
            List<FileMeta> outputs = tree.versions.current().files(5);
            assertTrue(outputs.size() > 3, outputs.size() + " outputs");
            for (int i = 0; i < outputs.size(); i++) {
                assertEquals(1, outputs.get(i).rangeDeletes());
                assertEquals(0, outputs.get(i).entries() % 2, "both versions of a key in one table");
                if (i > 0) {
                    assertArrayEquals(
                            outputs.get(i - 1).largest(), outputs.get(i).smallest(), "the range delete has no gap");
                }
            }
            assertEquals(79, tree.read(10_000).size());
        }
    }

    /** But in level 0, where the order is that of age, a merge has one output. */
    @Test
    void outputsEndAfterSoManyEntriesAsAFilterTakes() {
        try (Tree tree = new Tree(new MemVfs(), new LevelShape(1, 1 << 20, 10, 1 << 20))) {
            tree.runner.tableEntries = 10;
            for (int table = 0; table < 2; table++) {
                List<Write> writes = new ArrayList<>();
                for (int i = 0; i < 35; i++) {
                    writes.add(Write.put("key" + (10 + i), 100 * table + i + 1, "v"));
                }
                tree.addTable(0, writes);
            }
            Version version = tree.versions.acquire();
            Compaction inPlace = Compaction.of(version, 0, 0, version.files(0), Reason.LEVEL0_TABLES);
            tree.install(tree.runner.run(inPlace, version, NO_SNAPSHOT, () -> false));
            version.release();
            assertEquals(List.of(35L), entries(tree, 0));
            tree.addTable(0, List.of(Write.put("key05", 900, "v"), Write.put("key99", 901, "v")));
            compact(tree);
            assertEquals(List.of(10L, 10L, 10L, 7L), entries(tree, 6));
            assertEquals(37, tree.read(1000).size());
        }
    }

    private static List<Long> entries(Tree tree, int level) {
        return tree.versions.current().files(level).stream()
                .map(FileMeta::entries)
                .toList();
    }

    @Test
    void tableThatMeetsNothingMovesWithoutBeingWritten() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            FileMeta file = tree.addTable(0, List.of(Write.put("a", 1, "x")));
            Result result = compact(tree);
            assertEquals(0, result.bytesWritten());
            assertEquals(List.of(file), tree.versions.current().files(6));
        }
    }

    /** Else the table would be read without it for ever. */
    @Test
    void tableWithADamagedFilterIsWrittenInsteadOfMoved() throws IOException {
        MemVfs vfs = new MemVfs();
        try (Tree tree = new Tree(vfs, SHAPE)) {
            FileMeta file = tree.addTable(0, List.of(Write.put("a", 1, "x")));
            byte[] bytes = vfs.content(file.name());
            vfs.corrupt(file.name(), TablePlaces.at(bytes, TablePlaces.Part.FILTER), 1);
            Result result = compact(tree);
            assertTrue(result.bytesWritten() > 0);
            FileMeta written = tree.versions.current().files(6).get(0);
            assertNotEquals(file.name(), written.name());
            assertNull(tree.versions.tables().reader(written).filterDamage());
            assertEquals(Map.of("a", "x"), tree.read(9));
        }
    }

    @Test
    void nothingLeftGivesNoTable() throws IOException {
        MemVfs vfs = new MemVfs();
        try (Tree tree = new Tree(vfs, SHAPE)) {
            tree.addTable(0, List.of(Write.put("a", 1, "x")));
            tree.addTable(0, List.of(Write.delete("a", 2)));
            compact(tree);
            assertEquals(List.of(), tree.versions.current().allFiles());
            assertEquals(0, tables(vfs).size());
        }
    }

    private static Set<String> tables(MemVfs vfs) throws IOException {
        Set<String> names = new java.util.TreeSet<>(vfs.list());
        names.removeIf(n -> !n.endsWith(".sst"));
        return names;
    }

    private static void fillLevel0(Tree tree) {
        for (int t = 0; t < 3; t++) {
            List<Write> writes = new ArrayList<>();
            for (int i = 10; i < 60; i++) {
                writes.add(Write.put("key" + i, t * 100L + i, "value " + t + " of " + i));
            }
            tree.addTable(0, writes);
        }
    }

    @Test
    void failureAtAnyOperationLeavesNothingBehind() throws IOException {
        boolean succeeded = false;
        for (int nth = 1; !succeeded; nth++) {
            assertTrue(nth < 500);
            MemVfs disk = new MemVfs();
            FaultVfs vfs = new FaultVfs(disk);
            try (Tree tree = new Tree(vfs, SHAPE)) {
                fillLevel0(tree);
                Map<String, String> before = tree.read(1000);
                Set<String> names = tables(disk);
                vfs.fail(FaultVfs.CHANGES, ".*\\.sst", nth, Fault.SHORT_WRITE);
                Version version = tree.versions.acquire();
                Compaction all = Compaction.of(version, 0, 6, version.files(0), Reason.LEVEL0_TABLES);
                try {
                    tree.runner.discard(tree.runner.run(all, version, NO_SNAPSHOT, () -> false));
                    succeeded = vfs.struck() == 0;
                } catch (KvIoException e) {
                    assertEquals(1, vfs.struck(), e.toString());
                }
                version.release();
                assertEquals(before, tree.read(1000));
                // All outputs are gone, but for one whose deletion itself was what failed.
                assertTrue(tables(disk).size() <= names.size() + vfs.struck());
            }
            assertEquals(0, disk.openFiles(), "after failure " + nth);
        }
    }

    @Test
    void failedRunDeletesItsOutputs() throws IOException {
        MemVfs disk = new MemVfs();
        FaultVfs vfs = new FaultVfs(disk);
        try (Tree tree = new Tree(vfs, SHAPE)) {
            fillLevel0(tree);
            Set<String> names = tables(disk);
            Version version = tree.versions.acquire();
            Compaction all = Compaction.of(version, 0, 6, version.files(0), Reason.LEVEL0_TABLES);
            vfs.fail(Set.of(FaultVfs.Op.SYNC), ".*\\.sst", 2, Fault.NO_SPACE);
            KvIoException e =
                    assertThrows(KvIoException.class, () -> tree.runner.run(all, version, NO_SNAPSHOT, () -> false));
            assertTrue(e.getMessage().contains("No space left"), e.getMessage());
            assertEquals(names, tables(disk));
            tree.runner.discard(tree.runner.run(all, version, NO_SNAPSHOT, () -> false));
            assertEquals(names, tables(disk));
            version.release();
        }
    }

    @Test
    void damagedInputIsReportedAndNothingWritten() throws IOException {
        MemVfs disk = new MemVfs();
        try (Tree tree = new Tree(disk, SHAPE)) {
            fillLevel0(tree);
            Set<String> names = tables(disk);
            disk.corrupt(names.iterator().next(), 100, 1);
            Version version = tree.versions.acquire();
            Compaction all = Compaction.of(version, 0, 6, version.files(0), Reason.LEVEL0_TABLES);
            KvException e = assertThrows(
                    CorruptionException.class, () -> tree.runner.run(all, version, NO_SNAPSHOT, () -> false));
            assertTrue(e.getMessage().contains(".sst"), e.getMessage());
            assertEquals(names, tables(disk));
            version.release();
        }
    }

    /** Runs the compaction of level 0 until its look of that number, which says stop; nothing may be left of it. */
    private static void cancelAtLook(Tree tree, MemVfs disk, int look) throws IOException {
        Set<String> names = tables(disk);
        Version version = tree.versions.acquire();
        Compaction all = Compaction.of(version, 0, 6, version.files(0), Reason.LEVEL0_TABLES);
        int[] looks = {0};
        assertThrows(
                CancellationException.class,
                () -> tree.runner.run(all, version, NO_SNAPSHOT, () -> ++looks[0] == look));
        assertEquals(names, tables(disk));
        version.release();
    }

    @Test
    void cancelledRunDeletesItsOutputs() throws IOException {
        MemVfs disk = new MemVfs();
        try (Tree tree = new Tree(disk, SHAPE)) {
            List<Write> writes = new ArrayList<>();
            for (int i = 1000; i < 4000; i++) {
                writes.add(Write.put("key" + i, i, "v"));
            }
            tree.addTable(0, writes);
            tree.addTable(0, List.of(Write.put("key1", 5000, "v"), Write.put("key9", 5001, "v")));
            cancelAtLook(tree, disk, 2);
        }
    }

    /** Who closes the store waits for it: it looks whether to stop after 256 kB, which are 4 values of 64 kB. */
    @Test
    void aRunOfLargeValuesIsSoonCancelled() throws IOException {
        MemVfs disk = new MemVfs();
        FaultVfs counted = new FaultVfs(disk);
        try (Tree tree = new Tree(counted, new LevelShape(1, 64 << 20, 10, 64 << 20))) {
            List<Write> writes = new ArrayList<>();
            for (int i = 100; i < 200; i++) {
                writes.add(Write.put("key" + i, i, "v".repeat(64 << 10)));
            }
            tree.addTable(0, writes);
            tree.addTable(0, List.of(Write.put("key1", 5000, "v"), Write.put("key9", 5001, "v")));
            int[] written = {0};
            counted.observe((op, name) -> written[0] += op == FaultVfs.Op.APPEND ? 1 : 0);
            cancelAtLook(tree, disk, 3);
            // Of the 12 values up to the third look the last is not added any more; two at a time, or 128 kB, are
            // written.
            assertEquals(11 / 2, written[0]);
            written[0] = 0;
            compact(tree);
            assertTrue(written[0] >= 100 / 2, "written " + written[0] + " times in all");
        }
    }

    @Test
    void partsRunHereWhereTheSystemHasNoMoreThreads() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            for (int t = 0; t < 3; t++) {
                List<Write> writes = new ArrayList<>();
                for (int i = 0; i < 400; i++) {
                    writes.add(Write.put("key" + (1000 + 300 * t + i), 1000L * t + i + 1, "value " + t + " of " + i));
                }
                tree.addTable(0, writes);
            }
            Map<String, String> before = tree.read(10_000);
            int[] refused = new int[1];
            tree.runner.starter = thread -> {
                refused[0]++;
                throw new OutOfMemoryError("unable to create native thread");
            };
            compact(tree);
            assertTrue(refused[0] > 0, "one part alone");
            assertEquals(before, tree.read(10_000));
            assertEquals(List.of(), tree.versions.current().files(0));
        }
    }
}
