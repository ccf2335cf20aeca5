package org.mosslsm.kv.lsm.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.compact.Tree.Write;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/** Who weighs what is worth doing, and meets a table that the disk cannot read, does without it: nothing depends on that. */
class UnreadableTablesTest {
    private static final LevelShape SHAPE = new LevelShape(3, 2000, 4, 1000);

    private final FaultVfs disk = new FaultVfs(new MemVfs());

    private static HiddenEntries hidden(Tree tree) {
        return HiddenEntries.byLevel0(tree.versions.current(), tree.versions.tables(), Long.MAX_VALUE);
    }

    private static List<DeadTables.Dead> dead(Tree tree) {
        Version version = tree.versions.current();
        return DeadTables.find(version, tree.versions.tables(), Long.MAX_VALUE, file -> true);
    }

    @Test
    void whatCannotBeReadCountsNothing() {
        try (Tree tree = new Tree(disk, SHAPE)) {
            FileMeta bad = tree.addTable(6, List.of(Write.put("a", 1, "1"), Write.put("c", 2, "2")));
            FileMeta whole = tree.addTable(6, List.of(Write.put("d", 3, "3"), Write.put("e", 4, "4")));
            tree.addTable(0, List.of(Write.deleteRange("b", "f", 5)));
            disk.failFrom(EnumSet.of(Op.READ), bad.name(), 1, Fault.IO_ERROR);
            assertEquals(new HiddenEntries(2, whole.size()), hidden(tree));
            assertEquals(new HiddenEntries(2, whole.size()), hidden(tree));
            assertEquals(1, disk.struck(), "it is tried once");
            assertThrows(KvIoException.class, () -> tree.versions.tables().reader(bad), "who needs it is told");
        }
    }

    @Test
    void rangeDeletesThatCannotBeReadCoverNothing() {
        try (Tree tree = new Tree(disk, SHAPE)) {
            FileMeta covered = tree.addTable(6, List.of(Write.put("a", 1, "1"), Write.put("c", 2, "2")));
            FileMeta bad = tree.addTable(0, List.of(Write.deleteRange("", "x", 3)));
            FileMeta good = tree.addTable(0, List.of(Write.deleteRange("a", "b", 4)));
            disk.failFrom(EnumSet.of(Op.READ), bad.name(), 1, Fault.IO_ERROR);
            assertEquals(HiddenEntries.NONE, hidden(tree));
            assertEquals(List.of(), dead(tree));
            assertTrue(disk.struck() > 0);
            disk.heal();
            assertEquals(0, tree.versions.tables().reader(bad).properties().entries());
            assertTrue(
                    dead(tree).contains(new DeadTables.Dead(6, covered)),
                    "somebody could read it, and it counts again");
            assertTrue(good.rangeDeletes() > 0);
        }
    }

    /** Which passes, and has the work tried again. */
    @Test
    void aShortageOfDescriptorsIsToldOf() {
        try (Tree tree = new Tree(disk, SHAPE)) {
            FileMeta file = tree.addTable(6, List.of(Write.put("a", 1, "1"), Write.put("c", 2, "2")));
            tree.addTable(0, List.of(Write.deleteRange("b", "f", 5)));
            disk.failFrom(EnumSet.of(Op.OPEN), file.name(), 1, Fault.NO_DESCRIPTOR);
            assertThrows(KvIoException.class, () -> hidden(tree));
            disk.heal();
            assertEquals(HiddenEntries.NONE, hidden(tree), "nothing but a part of a block");
            assertTrue(disk.struck() > 0);
        }
    }
}
