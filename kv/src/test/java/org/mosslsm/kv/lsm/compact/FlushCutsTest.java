package org.mosslsm.kv.lsm.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.lsm.compact.Tree.Write;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.testkit.MemVfs;

/** Where a flush ends one table and begins the next: where tables below do. */
class FlushCutsTest {
    /** Tables of 1,000 bytes: what lies below a part has 250 at firm cuts and 500 at others. */
    private static final LevelShape SHAPE = new LevelShape(4, 4000, 4, 1000);

    private long seq;

    private void add(Tree tree, int level, int bytes, String... keys) {
        List<Write> writes = new ArrayList<>();
        for (String key : keys) {
            writes.add(Write.put(key, ++seq, "v".repeat(bytes / keys.length)));
        }
        tree.addTable(level, writes);
    }

    private static List<String> cuts(Tree tree) {
        return FlushCuts.of(tree.versions.current(), SHAPE).keys().stream()
                .map(key -> new String(key, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void flushesAreCutWhereTablesBelowBegin() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            assertEquals(List.of(), cuts(tree), "nothing below");
            add(tree, 6, 1000, "a", "c");
            assertEquals(List.of(), cuts(tree), "one table below");
            add(tree, 6, 1000, "d", "f");
            add(tree, 6, 1000, "g");
            assertEquals(List.of("d", "g"), cuts(tree));
            add(tree, 5, 1000, "b", "e");
            assertEquals(List.of(), cuts(tree), "what level 0 is merged into counts");
        }
    }

    @Test
    void smallTablesBelowAreTakenTogether() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            add(tree, 6, 1000, "a", "c");
            for (String key : List.of("d", "e", "f", "g", "h", "i", "j", "k")) {
                add(tree, 6, 10, key);
            }
            add(tree, 6, 1000, "m");
            Version version = tree.versions.current();
            List<String> cuts = cuts(tree);
            assertEquals("d", cuts.get(0));
            assertTrue(cuts.size() < version.files(6).size() - 1, () -> "not at every table: " + cuts);
            long since = 0;
            for (FileMeta file : version.files(6)) {
                if (cuts.contains(new String(file.smallest(), StandardCharsets.UTF_8))) {
                    assertTrue(since >= 250, since + " bytes before a cut");
                    since = 0;
                }
                since += file.size();
            }
        }
    }

    /** A table over a cut binds the tables on both sides of it together: where none is, the cut comes first. */
    @Test
    void cutsThroughNoTableComeFirst() {
        try (Tree tree = new Tree(new MemVfs(), SHAPE)) {
            add(tree, 6, 700, "a", "c");
            add(tree, 6, 100, "d", "e");
            add(tree, 6, 900, "g", "i");
            assertEquals(List.of("d", "g"), cuts(tree), "no table in level 0");
            add(tree, 0, 10, "b", "d");
            add(tree, 0, 10, "h");
            assertEquals(List.of("g"), cuts(tree), "one at d would leave little between d and g");
            add(tree, 0, 10, "e", "h");
            assertEquals(
                    List.of("d"), cuts(tree), "no cut is firm, and the first that has enough on both sides is taken");
        }
    }
}
