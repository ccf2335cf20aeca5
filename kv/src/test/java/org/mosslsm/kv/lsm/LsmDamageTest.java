package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.table.TablePlaces;
import org.mosslsm.kv.lsm.table.TablePlaces.Part;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Finding;
import org.mosslsm.kv.tool.Verify;

/** Every byte of every file of small stores, changed: the right data or one typed error, never anything else. */
class LsmDamageTest {
    private static final int TRANSACTIONS = 12;

    /** Every byte is changed in one bit; one in so many also to 0 and to 255. */
    private static final int STRIDE = Integer.getInteger("damage.stride", 16);

    private static final int ROOM_STRIDE = Math.min(257, 16 * STRIDE + 1);

    /** The second half of the transactions fits: what is in the log does not hang on when a flush ends. */
    LsmOptions.Builder options() {
        return LsmOptions.builder().memtableBytes(64 << 10).blockBytes(1 << 10).cacheBytes(256 << 10);
    }

    private int refused;
    private int harmless;
    private int withoutFilter;

    /** Opens stores as they were written: what is in the log fits into the memtable, and is not flushed. */
    private final Ledger sameOptions = new Ledger(TRANSACTIONS, options().build());

    private MemVfs store(Ledger ledger, boolean closed) {
        MemVfs disk = new MemVfs();
        Lsm store = Lsm.open(disk, options().build());
        ledger.run(store, 1, TRANSACTIONS / 2);
        store.flush();
        ledger.run(store, TRANSACTIONS / 2 + 1, TRANSACTIONS);
        if (!closed) {
            MemVfs killed = disk.killClone();
            store.close();
            return killed;
        }
        store.close();
        ledger.closed();
        return disk;
    }

    @Test
    void flippedByteInAClosedStoreIsNeverReadAsData() throws IOException {
        Ledger ledger = new Ledger(TRANSACTIONS);
        MemVfs disk = store(ledger, true);
        flipEveryByte(disk, ledger, "", TRANSACTIONS);
        assertTrue(withoutFilter > 0, "no byte of a filter was changed");
    }

    @Test
    void flippedByteInAKilledStoreCutsAtMostTheLastWrites() throws IOException {
        Ledger ledger = new Ledger(TRANSACTIONS);
        MemVfs disk = store(ledger, false);
        // Of the last records of the log nothing on the disk says that they were synced: a torn tail looks the same.
        flipEveryByte(disk, ledger, ".wal", TRANSACTIONS / 2);
        flipEveryByte(disk, ledger, "MANIFEST-000001", ledger.handedOver());
    }

    private void flipEveryByte(MemVfs disk, Ledger ledger, String suffix, int atLeast) throws IOException {
        for (String name : disk.list()) {
            if (!name.endsWith(suffix)) {
                continue;
            }
            byte[] content = disk.content(name);
            int used = usedBytes(content);
            for (int at = 0; at < content.length; at += at < used ? 1 : ROOM_STRIDE) {
                damage(disk, name, at, 1 << (at & 7), ledger, atLeast);
                if (at % STRIDE == 0) {
                    damage(disk, name, at, content[at] & 0xFF, ledger, atLeast); // to 0
                    damage(disk, name, at, ~content[at] & 0xFF, ledger, atLeast); // to 255
                }
            }
        }
        assertTrue(refused > 0, refused + " refused, " + harmless + " harmless");
    }

    /** Without the zeros a log has ahead of its writes. */
    private static int usedBytes(byte[] content) {
        int used = content.length;
        while (used > 0 && content[used - 1] == 0) {
            used--;
        }
        return Math.min(content.length, used + 64);
    }

    private void damage(MemVfs disk, String name, int at, int mask, Ledger ledger, int atLeast) throws IOException {
        if (mask != 0) {
            MemVfs damaged = disk.killClone();
            damaged.corrupt(name, at, mask);
            String what = "byte " + at + " of " + name + ", changed by mask " + mask;
            if (name.endsWith(".sst") && TablePlaces.isOf(disk.content(name), Part.FILTER, at)) {
                int filterAt = TablePlaces.at(disk.content(name), Part.FILTER);
                checkWithoutFilter(damaged, name, filterAt, atLeast, what);
            } else {
                check(damaged, name, ledger, atLeast, what);
            }
        }
    }

    /** A table is read without a filter that is damaged; who verifies the store is told of that, and of nothing else. */
    private void checkWithoutFilter(MemVfs damaged, String name, int filterAt, int atLeast, String what) {
        try {
            // No merge may write another table in its place, with a new filter.
            FaultVfs full = new FaultVfs(damaged).failFrom(EnumSet.of(Op.CREATE), ".*sst", 1, Fault.NO_SPACE);
            sameOptions.verifyReads(full, atLeast, TRANSACTIONS);
            List<String> findings = Verify.store(damaged).findings().stream()
                    .map(finding -> finding.file() + "@" + finding.offset())
                    .toList();
            assertEquals(List.of(name + "@" + filterAt), findings);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(what, e);
        }
        withoutFilter++;
        refused++;
    }

    private void check(MemVfs damaged, String name, Ledger ledger, int atLeast, String what) throws IOException {
        try {
            if (name.endsWith(".val")) {
                ledger.verifyReads(damaged, atLeast, TRANSACTIONS);
                seenByVerify(damaged, name, what);
            } else {
                ledger.verify(damaged, atLeast, TRANSACTIONS);
                harmless++;
            }
        } catch (CorruptionException e) {
            assertTrue(!e.file().isEmpty(), what);
            refused++;
        } catch (StoreOpenException e) {
            refused++;
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(what, e);
        }
    }

    /** Values nobody reads any more are not read; but who verifies the store is told. */
    private void seenByVerify(MemVfs damaged, String name, String what) throws IOException {
        List<Finding> findings = Verify.store(damaged).findings();
        assertTrue(findings.stream().anyMatch(finding -> finding.file().equals(name)) || !damaged.exists(name), what);
        refused++;
    }

    @Test
    void filesCutAnywhereAreNeverReadAsData() throws IOException {
        Ledger ledger = new Ledger(TRANSACTIONS);
        MemVfs disk = store(ledger, true);
        for (String name : disk.list()) {
            int length = disk.content(name).length;
            for (int to = 0; to < length; to += 1 + length / 200) {
                MemVfs damaged = disk.killClone();
                damaged.truncate(name, to);
                // A log that was closed in good order is not taken for one that a crash tore.
                int atLeast = name.endsWith(".wal") ? TRANSACTIONS : TRANSACTIONS / 2;
                check(damaged, name, ledger, atLeast, name + " cut to " + to + " of " + length + " bytes");
            }
        }
    }

    @Test
    void missingFilesAreMissed() throws IOException {
        Ledger ledger = new Ledger(TRANSACTIONS);
        MemVfs disk = store(ledger, true);
        for (String name : disk.list()) {
            if (!name.equals("LOCK")) {
                MemVfs damaged = disk.killClone();
                damaged.delete(name);
                int before = refused;
                check(damaged, name, ledger, TRANSACTIONS, "without " + name);
                assertTrue(refused > before, "opened without " + name);
            }
        }
    }
}
