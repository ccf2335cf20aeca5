package org.mosslsm.kv.lsm.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.lsm.compact.Tree.Write;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.testkit.MemVfs;

/** How much range deletes hide, estimated without reading entries. */
class HiddenEntriesTest {
    private static final LevelShape SHAPE = new LevelShape(3, 2000, 4, 1000);

    /** Keys 000 to 999, of 200 bytes that do not compress to nothing each: some twenty in a block. */
    private static FileMeta thousand(Tree tree, int level, long firstSeq) {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            StringBuilder value = new StringBuilder();
            for (int j = 0; j < 20; j++) {
                value.append(Long.toString(((i * 31L + j) * 0x9E3779B97F4A7C15L) >>> 14, 36));
            }
            writes.add(Write.put(String.format("%03d", i), firstSeq + i, value.toString()));
        }
        return tree.addTable(level, writes);
    }

    private static HiddenEntries byLevel0(Tree tree, long oldestSnapshot) {
        Version version = tree.versions.current();
        return HiddenEntries.byLevel0(version, tree.versions.tables(), oldestSnapshot);
    }

    @Test
    void partsOfTablesAreEstimatedByWholeBlocks() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            FileMeta below = thousand(tree, 6, 1);
            assertEquals(HiddenEntries.NONE, byLevel0(tree, Long.MAX_VALUE));
            tree.addTable(0, List.of(Write.deleteRange("100", "300", 2000), Write.deleteRange("250", "600", 2001)));
            HiddenEntries hidden = byLevel0(tree, Long.MAX_VALUE);
            assertTrue(hidden.entries() <= 500, () -> "more than there are: " + hidden);
            assertTrue(hidden.entries() >= 400, () -> "parts of two blocks may be missing: " + hidden);
            assertEquals(below.size() * hidden.entries() / 1000.0, (double) hidden.bytes(), below.size() / 500.0);
        }
    }

    @Test
    void wholeTablesCountWhole() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            FileMeta below = thousand(tree, 6, 1);
            tree.addTable(0, List.of(Write.deleteRange("", "a", 2000)));
            assertEquals(new HiddenEntries(1000, below.size()), byLevel0(tree, Long.MAX_VALUE));
        }
    }

    @Test
    void aRangeWithinABlockCountsNothing() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            thousand(tree, 6, 1);
            tree.addTable(0, List.of(Write.deleteRange("500", "501", 2000)));
            assertEquals(HiddenEntries.NONE, byLevel0(tree, Long.MAX_VALUE));
        }
    }

    @Test
    void whatIsNewerIsNotHidden() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            thousand(tree, 6, 1);
            tree.addTable(0, List.of(Write.deleteRange("", "a", 500)));
            assertEquals(HiddenEntries.NONE, byLevel0(tree, Long.MAX_VALUE));
        }
    }

    @Test
    void tombstonesThatASnapshotDoesNotSeeFreeNothingYet() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            thousand(tree, 6, 1);
            tree.addTable(0, List.of(Write.deleteRange("", "a", 2000)));
            assertEquals(HiddenEntries.NONE, byLevel0(tree, 1999));
            assertEquals(1000, byLevel0(tree, 2000).entries());
        }
    }
}
