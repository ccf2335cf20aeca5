package org.mosslsm.kv.lsm.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Power losses after every single operation on the disk, disks that fail at every one of them, and damaged manifests: an
 * edit that was acknowledged holds, one under way holds or does not, and nothing in between is ever opened.
 */
class VersionSetCrashTest {
    /** The store's tables as a text: after the edit acknowledged last. */
    private String acknowledged = "";

    /** And after the edit under way; the same where there is none. */
    private String underWay = "";

    /** A disk after a crash, and what may be found on it. */
    private record Crash(MemVfs disk, String acknowledged, String underWay) {}

    @Test
    void aPowerLossAtAnyMomentKeepsWhatWasAcknowledged() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("VersionSetCrashTest seed " + seed);
        MemVfs disk = new MemVfs();
        FaultVfs watched = new FaultVfs(disk);
        List<Crash> crashes = new ArrayList<>();
        long[] next = {seed};
        watched.observe((op, name) -> {
            if (FaultVfs.CHANGES.contains(op)) {
                for (CrashPolicy policy : CrashPolicy.values()) {
                    crashes.add(new Crash(disk.crashClone(next[0]++, policy), acknowledged, underWay));
                }
            }
        });
        runScenario(watched);
        watched.observe((op, name) -> {});
        assertTrue(crashes.size() > 150, crashes.size() + " crashes");
        for (int i = 0; i < crashes.size(); i++) {
            Crash crash = crashes.get(i);
            expect(crash.disk, crash.acknowledged, crash.underWay, "crash " + i);
        }
    }

    @Test
    void aFailingDiskPoisonsAndLosesNothing() throws IOException {
        int operations = operationsOfScenario();
        for (FaultVfs.Fault fault : FaultVfs.Fault.values()) {
            for (int nth = 1; nth <= operations; nth++) {
                acknowledged = "";
                underWay = "";
                MemVfs disk = new MemVfs();
                FaultVfs failing = new FaultVfs(disk).fail(FaultVfs.CHANGES, ".*", nth, fault);
                try {
                    runScenario(failing);
                } catch (KvIoException | StoreReadOnlyException e) {
                    assertTrue(failing.struck() > 0);
                }
                for (CrashPolicy policy : CrashPolicy.values()) {
                    expect(disk.crashClone(nth, policy), acknowledged, underWay, fault + " " + nth + " " + policy);
                }
                assertEquals(0, disk.openFiles(), fault + " " + nth + " leaves files open");
            }
        }
    }

    @Test
    void aPowerLossInARollBySizeKeepsWhatWasAcknowledged() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("VersionSetCrashTest seed " + seed);
        MemVfs disk = new MemVfs();
        FaultVfs watched = new FaultVfs(disk);
        List<Crash> crashes = new ArrayList<>();
        long[] next = {seed};
        try (VersionSet set = open(watched)) {
            String before = fillManifest(set, watched);
            watched.observe((op, name) -> {
                if (FaultVfs.CHANGES.contains(op)) {
                    for (CrashPolicy policy : CrashPolicy.values()) {
                        crashes.add(new Crash(disk.crashClone(next[0]++, policy), acknowledged, underWay));
                    }
                }
            });
            step(set, watched, 1, "z", null);
            assertNotEquals(before, manifest(disk), "no roll");
            step(set, watched, 1, "zz", null);
            watched.observe((op, name) -> {});
        }
        assertTrue(crashes.size() > 30, crashes.size() + " crashes");
        for (int i = 0; i < crashes.size(); i++) {
            Crash crash = crashes.get(i);
            expect(crash.disk, crash.acknowledged, crash.underWay, "crash " + i);
        }
    }

    @Test
    void aDiskThatFailsInARollBySizeLosesNothing() throws IOException {
        MemVfs full = new MemVfs();
        try (VersionSet set = open(full)) {
            fillManifest(set, full);
            int struck = 0;
            for (FaultVfs.Fault fault : FaultVfs.Fault.values()) {
                for (int nth = 1; failInRoll(full.killClone(), fault, nth); nth++) {
                    struck++;
                }
            }
            assertEquals(4 * 23 + 4, struck, "23 changes, 4 of them openings");
        }
    }

    @Test
    void aRollThatFindsNoDescriptorIsMadeLater() throws IOException {
        MemVfs full = new MemVfs();
        try (VersionSet set = open(full)) {
            fillManifest(set, full);
        }
        int struck = 0;
        for (int nth = 1; nth <= 10; nth++) {
            MemVfs disk = full.killClone();
            FaultVfs failing = new FaultVfs(disk);
            try (VersionSet set = open(failing)) {
                String before = manifest(disk);
                failing.fail(FaultVfs.OPENINGS, "(?!.*sst).*", nth, FaultVfs.Fault.NO_DESCRIPTOR);
                try {
                    step(set, failing, 1, "z", null);
                } catch (KvIoException e) {
                    assertTrue(e.isOutOfFiles(), e::toString);
                    assertEquals(before, manifest(disk), "refused, but rolled");
                    step(set, failing, 1, "z", null);
                    struck++;
                }
                assertNotEquals(before, manifest(disk), "no roll");
                acknowledged = state(set.current());
                underWay = acknowledged;
            }
            assertEquals(0, disk.openFiles(), nth + " leaves files open");
            expect(disk.crashClone(nth, CrashPolicy.DROPPED), acknowledged, acknowledged, "no descriptor at " + nth);
        }
        assertEquals(4, struck, "openings in a roll");
    }

    /** Opens a set whose manifest is full, and fails the change of its files of that number; returns whether there is one. */
    private boolean failInRoll(MemVfs disk, FaultVfs.Fault fault, int nth) throws IOException {
        FaultVfs failing = new FaultVfs(disk);
        String where = "roll, " + fault + " " + nth;
        try (VersionSet set = open(failing)) {
            acknowledged = state(set.current());
            underWay = acknowledged;
            String before = manifest(disk);
            failing.fail(FaultVfs.CHANGES, ".*", nth, fault);
            step(set, failing, 1, "z", null);
            step(set, failing, 1, "zz", null);
            assertNotEquals(before, manifest(disk), where + ": no roll");
        } catch (KvIoException | StoreReadOnlyException e) {
            assertTrue(failing.struck() > 0, where + ": " + e);
        }
        assertEquals(0, disk.openFiles(), where + " leaves files open");
        for (CrashPolicy policy : CrashPolicy.values()) {
            expect(disk.crashClone(nth, policy), acknowledged, underWay, where + " " + policy);
        }
        return failing.struck() > 0;
    }

    /** Adds a table of large keys and moves it about, until the next edit rolls the manifest; returns its name. */
    private String fillManifest(VersionSet set, Vfs vfs) throws IOException {
        FileMeta large = step(set, vfs, 1, "k".repeat(20_000), null);
        for (int level = 1; set.manifestBytes() <= 1 << 20; level = 3 - level) {
            acknowledge(set, new VersionEdit().remove(level, large).add(3 - level, large));
        }
        return CurrentFile.read(vfs);
    }

    @Test
    void afterAFailureNoEditIsTaken() {
        MemVfs disk = new MemVfs();
        FaultVfs failing = new FaultVfs(disk);
        try (VersionSet set = open(failing)) {
            FileMeta first = TestFiles.write(failing, set.newFileNumber(), "a", "b", 1);
            set.apply(new VersionEdit().add(0, first));
            Version before = set.current();
            failing.fail(FaultVfs.CHANGES, "MANIFEST.*", 1, FaultVfs.Fault.IO_ERROR);
            FileMeta second = TestFiles.write(failing, set.newFileNumber(), "a", "b", 2);
            StoreReadOnlyException e =
                    assertThrows(StoreReadOnlyException.class, () -> set.apply(new VersionEdit().add(0, second)));
            assertTrue(e.getCause() instanceof IOException);
            assertThrows(StoreReadOnlyException.class, () -> set.apply(new VersionEdit().remove(0, first)));
            assertEquals(before, set.current());
            assertEquals(2, set.tables().reader(first).properties().entries(), "reads go on");
        }
    }

    @Test
    void aTornTailIsCutAtAnyLength() throws IOException {
        MemVfs disk = new MemVfs();
        List<Long> ends = runAdditions(disk);
        String manifest = manifest(disk);
        int length = disk.content(manifest).length;
        for (int cut = (int) (long) ends.get(0); cut < length; cut++) {
            MemVfs torn = disk.killClone();
            torn.truncate(manifest, cut);
            int whole = 0;
            while (whole + 1 < ends.size() && ends.get(whole + 1) <= cut) {
                whole++;
            }
            try (VersionSet set = open(torn)) {
                int found = set.current().allFiles().size();
                // The sizes noted stand behind the mark of each edit; the edit itself may be whole without its mark.
                assertTrue(found == whole || found == whole + 1, "cut to " + cut + ": " + found + " of " + whole);
            }
        }
    }

    @Test
    void aManifestCutBeforeItsFirstRecordIsDamage() throws IOException {
        MemVfs disk = new MemVfs();
        runAdditions(disk);
        for (int cut = 0; cut < 30; cut++) {
            MemVfs torn = disk.killClone();
            torn.truncate(manifest(disk), cut);
            assertThrows(CorruptionException.class, () -> open(torn));
            assertTrue(torn.exists(manifest(disk)), "the evidence stays");
        }
    }

    @Test
    void aFlippedBitIsDamageOrHarmless() throws IOException {
        MemVfs disk = new MemVfs();
        runAdditions(disk);
        String manifest = manifest(disk);
        String whole;
        try (VersionSet set = open(disk.killClone())) {
            whole = state(set.current());
        }
        int refused = 0;
        int length = disk.content(manifest).length;
        for (int i = 0; i < length; i++) {
            MemVfs damaged = disk.killClone();
            damaged.corrupt(manifest, i, 1 << (i % 8));
            try (VersionSet set = open(damaged)) {
                assertEquals(whole, state(set.current()), "bit flipped in byte " + i);
            } catch (CorruptionException e) {
                assertEquals(manifest, e.file());
                refused++;
            }
        }
        assertTrue(refused >= length - 20, refused + " of " + length + " noticed");
    }

    // The scenario: start, add, move, remove, roll, and open again

    private void runScenario(Vfs vfs) {
        for (int round = 0; round < 2; round++) {
            try (VersionSet set = open(vfs)) {
                FileMeta first = step(set, vfs, 0, "b", null);
                FileMeta second = step(set, vfs, 0, "d", null);
                acknowledge(set, new VersionEdit().remove(0, second).add(2, second));
                step(set, vfs, 1, "k".repeat(20_000) + round, first);
                acknowledge(
                        set, new VersionEdit().logNumber(set.newFileNumber()).remove(2, second));
            }
        }
    }

    private FileMeta step(VersionSet set, Vfs vfs, int level, String key, FileMeta replaced) {
        FileMeta file = TestFiles.write(vfs, set.newFileNumber(), key, key + "!", 5);
        VersionEdit edit = new VersionEdit().add(level, file);
        if (replaced != null) {
            edit.remove(0, replaced);
        }
        acknowledge(set, edit);
        return file;
    }

    private void acknowledge(VersionSet set, VersionEdit edit) {
        underWay = state(set.current().apply(edit));
        set.apply(edit);
        acknowledged = underWay;
    }

    private int operationsOfScenario() {
        FaultVfs counted = new FaultVfs(new MemVfs());
        runScenario(counted);
        return counted.count(FaultVfs.CHANGES);
    }

    /** Opens what a crash left: it must be one of two states, with all its tables whole. */
    private static void expect(Vfs survivor, String oneState, String other, String what) {
        try (VersionSet set = open(survivor)) {
            String found = state(set.current());
            assertTrue(
                    found.equals(oneState) || found.equals(other),
                    what + ": found " + found + ", expected " + oneState + " or " + other);
            for (FileMeta file : set.current().allFiles()) {
                set.tables().reader(file).verify();
            }
        }
    }

    /** Adds ten tables, one an edit; returns the size of the manifest before the first and after each. */
    private static List<Long> runAdditions(MemVfs disk) {
        List<Long> ends = new ArrayList<>();
        try (VersionSet set = open(disk)) {
            ends.add(set.manifestBytes());
            for (int i = 0; i < 10; i++) {
                String key = "k" + i;
                set.apply(new VersionEdit().add(1, TestFiles.write(disk, set.newFileNumber(), key, key + "!", i)));
                ends.add(set.manifestBytes());
            }
        }
        return ends;
    }

    private static String manifest(MemVfs disk) throws IOException {
        return CurrentFile.read(disk);
    }

    private static String state(Version version) {
        StringBuilder text = new StringBuilder();
        for (int level = 0; level < Version.LEVELS; level++) {
            for (FileMeta file : version.files(level)) {
                text.append(level).append(':').append(file.number()).append(' ');
            }
        }
        return text.toString();
    }

    private static VersionSet open(Vfs vfs) {
        return VersionSet.open(vfs, new BlockCache(1 << 20));
    }
}
