package org.mosslsm.kv.lsm.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.lsm.compact.Compaction.Reason;
import org.mosslsm.kv.lsm.compact.CompactionPicker.Situation;
import org.mosslsm.kv.lsm.compact.Tree.Write;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.testkit.MemVfs;

/** Which compaction is due in a tree of a given shape. */
class LeveledPickerTest {
    private static final LevelShape SHAPE = new LevelShape(3, 2000, 4, 1000);

    private long seq;

    private FileMeta add(Tree tree, int level, int bytes, String... keys) {
        List<Write> writes = new ArrayList<>();
        for (String key : keys) {
            writes.add(Write.put(key, ++seq, "v".repeat(bytes / keys.length)));
        }
        return tree.addTable(level, writes);
    }

    private static Optional<Compaction> pick(Tree tree) {
        return pick(tree, Long.MAX_VALUE);
    }

    private static Optional<Compaction> pick(Tree tree, long oldestSnapshot) {
        return tree.picker.pick(new Situation(tree.versions.current(), oldestSnapshot, 0, new Claims()));
    }

    @Test
    void nothingIsDueInASmallTree() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            add(tree, 0, 10, "a");
            add(tree, 0, 10, "b");
            add(tree, 6, 10, "a", "z");
            assertEquals(Optional.empty(), pick(tree));
            // Level 0, with as much below it, counts from its first byte on, so that the figure has no steps.
            Version version = tree.versions.current();
            assertEquals(version.bytes(0) + version.bytes(6), tree.picker.debtBytes(version));
        }
    }

    @Test
    void level0IsMergedForScansThatPassedOverMuch() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            FileMeta bottom = add(tree, 6, 10, "a", "b", "z");
            FileMeta above = add(tree, 0, 10, "a", "b");
            Situation situation = new Situation(tree.versions.current(), Long.MAX_VALUE, 0, new Claims());
            assertEquals(
                    Optional.empty(), tree.picker.pickForScans(situation, 9), "twice the entries of the merge are 10");
            Compaction picked = tree.picker.pickForScans(situation, 10).orElseThrow();
            assertEquals(List.of(above), picked.inputs());
            assertEquals(List.of(bottom), picked.overlapped());
            assertEquals(Reason.SCANS, picked.reason());
        }
    }

    @Test
    void level0IsMergedForRangeDeletesThatHideAGoodPartOfWhatTheMergeReads() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            FileMeta bottom = add(tree, 6, 10, "a", "b", "c", "d", "e", "f");
            FileMeta above = tree.addTable(
                    0,
                    List.of(Write.put("g", ++seq, "v"), Write.delete("f", ++seq), Write.deleteRange("a", "b", ++seq)));
            Situation situation = new Situation(tree.versions.current(), seq, 0, new Claims());
            assertEquals(Optional.empty(), tree.picker.pickForRangeDeletes(situation, 0), "nothing is hidden");
            Compaction picked = tree.picker.pickForRangeDeletes(situation, 1).orElseThrow();
            assertEquals(List.of(above), picked.inputs());
            assertEquals(List.of(bottom), picked.overlapped());
            assertEquals(Reason.DELETES, picked.reason());
            Situation seen = new Situation(tree.versions.current(), seq - 1, 0, new Claims());
            assertEquals(
                    Optional.empty(),
                    tree.picker.pickForRangeDeletes(seen, 1),
                    "the delete of f still is seen by a snapshot, and one of eight is no good part");
            assertTrue(tree.picker.pickForRangeDeletes(seen, 2).isPresent(), "two of eight");
        }
    }

    @Test
    void fullLevel0TakesTheDeepestWithAllBoundToItByOverlapping() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            FileMeta bottom = add(tree, 6, 10, "d", "e");
            add(tree, 6, 10, "x", "z");
            FileMeta oldest = add(tree, 0, 10, "a", "c");
            FileMeta apart = add(tree, 0, 10, "y");
            FileMeta bridge = add(tree, 0, 10, "b", "f");
            FileMeta bound = add(tree, 0, 10, "e", "h");
            Compaction picked = pick(tree).orElseThrow();
            assertEquals(List.of(bound, bridge, oldest), picked.inputs(), () -> "without " + apart);
            assertEquals(List.of(bottom), picked.overlapped());
            assertEquals(6, picked.outputLevel());
            assertEquals(Reason.LEVEL0_TABLES, picked.reason());
            assertTrue(tree.picker.debtBytes(tree.versions.current()) > 0);
        }
    }

    @Test
    void deepestStackOfLevel0IsMergedFirst() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            FileMeta below = add(tree, 6, 500, "n", "q");
            add(tree, 6, 500, "a", "c");
            FileMeta older = add(tree, 0, 10, "a", "b");
            List<FileMeta> deep = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                deep.add(0, add(tree, 0, 10, "m", "p"));
            }
            Compaction picked = pick(tree).orElseThrow();
            assertEquals(deep, picked.inputs(), () -> "without " + older);
            assertEquals(List.of(below), picked.overlapped());
            Claims claims = new Claims();
            claims.add(picked);
            assertEquals(
                    Optional.empty(),
                    tree.picker.pick(new Situation(tree.versions.current(), Long.MAX_VALUE, 0, claims)),
                    "the other stack is not due because this one is");
        }
    }

    /** Stacks that are equally deep are not merged all at the same time: some go before they are full. */
    @Test
    void stacksOfLevel0AreMergedInTurn() {
        LevelShape shape = new LevelShape(4, 100_000, 4, 1000);
        List<String> stacks = List.of("a", "b", "c", "d");
        try (Tree tree = new Tree(new MemVfs(), shape)) {
            for (String key : stacks) {
                add(tree, 6, 1000, key + 1, key + 2);
            }
            int flushes = 0;
            while (pick(tree).isEmpty()) {
                for (String key : stacks) {
                    add(tree, 0, 1000, key + 1, key + 2);
                }
                flushes++;
            }
            assertEquals(3, flushes, "2.5 in the mean are less than the 4 of a full stack");
            assertTrue(tree.compactOnce(new long[0]));
            assertEquals(Optional.empty(), pick(tree), "one makes it less than 2.5");
            assertEquals(9, tree.versions.current().files(0).size());
        }
        try (Tree tree = new Tree(new MemVfs(), shape)) {
            add(tree, 6, 1000, "a1", "d2");
            for (int flushes = 0; flushes < 3; flushes++) {
                add(tree, 0, 10, "a1", "d2");
                assertEquals(Optional.empty(), pick(tree), "one stack is merged when it is full");
            }
            add(tree, 0, 10, "a1", "d2");
            assertEquals(4, pick(tree).orElseThrow().inputs().size());
        }
    }

    @Test
    void levelBeyondItsTargetGivesTheTableThatOverlapsLeast() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            add(tree, 6, 3000, "a", "b");
            add(tree, 6, 1000, "m");
            add(tree, 5, 3000, "a", "c");
            FileMeta cheap = add(tree, 5, 3000, "k", "p");
            Compaction picked = pick(tree).orElseThrow();
            assertEquals(List.of(cheap), picked.inputs());
            assertEquals(6, picked.outputLevel());
            assertEquals(Reason.LEVEL_SIZE, picked.reason());
        }
    }

    @Test
    void levelsAppearAboveABottomThatGrows() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            assertEquals(6, LevelTargets.of(tree.versions.current(), SHAPE).baseLevel());
            add(tree, 6, 1500, "a");
            assertEquals(6, LevelTargets.of(tree.versions.current(), SHAPE).baseLevel());
            add(tree, 6, 3000, "b");
            assertEquals(5, LevelTargets.of(tree.versions.current(), SHAPE).baseLevel());
            add(tree, 6, 20_000, "c");
            LevelTargets targets = LevelTargets.of(tree.versions.current(), SHAPE);
            assertEquals(4, targets.baseLevel());
            assertEquals(tree.versions.current().bytes(6) / 16, targets.target(4));
            assertEquals(4 * targets.target(4), targets.target(5));
        }
    }

    @Test
    void idleDeletesAreRewrittenOnceNoSnapshotNeedsThem() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            FileMeta file = tree.addTable(6, List.of(Write.put("a", 1, "x"), Write.delete("b", 7)));
            assertEquals(Optional.empty(), pick(tree, 6));
            Compaction picked = pick(tree, 7).orElseThrow();
            assertEquals(List.of(file), picked.inputs());
            assertEquals(Reason.DELETES, picked.reason());
            assertTrue(tree.compactOnce(new long[] {7}));
            assertEquals(1, tree.stored());
            assertEquals(Optional.empty(), pick(tree));
        }
    }
}
