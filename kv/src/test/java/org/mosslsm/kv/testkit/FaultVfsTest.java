package org.mosslsm.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/** A disk that fails is a disk until it fails, and then fails as it was told. */
class FaultVfsTest extends VfsContract {
    @Override
    protected Vfs vfs() {
        return new FaultVfs(new MemVfs());
    }

    @Test
    void failsTheNthMatchingOperationOnce() throws IOException {
        FaultVfs vfs = new FaultVfs(new MemVfs());
        vfs.fail(EnumSet.of(Op.CREATE), ".*\\.sst", 2, Fault.IO_ERROR);
        write(vfs, "1.sst", "a");
        write(vfs, "1.wal", "a");
        IOException e = assertThrows(IOException.class, () -> vfs.create("2.sst"));
        assertTrue(e.getMessage().contains("2.sst"), e.getMessage());
        assertFalse(vfs.exists("2.sst"));
        write(vfs, "3.sst", "a");
        assertEquals(1, vfs.struck());
        assertEquals(4, vfs.count(Op.CREATE));
    }

    @Test
    void failsFromTheNthOnUntilHealed() throws IOException {
        FaultVfs vfs = new FaultVfs(new MemVfs());
        vfs.failFrom(FaultVfs.CHANGES, ".*", 2, Fault.NO_SPACE);
        WritableFile file = vfs.create("a");
        IOException e = assertThrows(IOException.class, () -> file.append(new byte[4], 0, 4));
        assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
        assertThrows(IOException.class, file::sync);
        assertThrows(IOException.class, vfs::syncDir);
        vfs.heal();
        file.append(new byte[4], 0, 4);
        file.close();
        assertEquals(3, vfs.struck());
    }

    @Test
    void shortWriteLeavesHalf() throws IOException {
        FaultVfs vfs = new FaultVfs(new MemVfs());
        vfs.fail(EnumSet.of(Op.APPEND), "a", 1, Fault.SHORT_WRITE);
        assertThrows(IOException.class, () -> write(vfs, "a", "0123456789"));
        assertEquals("01234", read(vfs, "a"));
    }

    @Test
    void observerSeesEachOperationThatSucceeded() throws IOException {
        FaultVfs vfs = new FaultVfs(new MemVfs());
        List<String> seen = new ArrayList<>();
        vfs.observe((op, name) -> seen.add(op + " " + name));
        vfs.fail(EnumSet.of(Op.SYNC_DIR), "", 1, Fault.IO_ERROR);
        write(vfs, "a", "x");
        assertThrows(IOException.class, vfs::syncDir);
        vfs.rename("a", "b");
        assertEquals(List.of("CREATE a", "APPEND a", "CLOSE a", "RENAME b"), seen);
    }
}
