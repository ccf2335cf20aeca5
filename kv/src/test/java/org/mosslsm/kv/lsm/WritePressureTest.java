package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.lsm.WritePressure.Cause;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.testkit.MemVfs;

/** Writers are slowed, the more the further the background lags. */
class WritePressureTest {
    private static final long MEMTABLE = 1 << 20;

    @Test
    void delaysGrowSmoothlyWithThePressure() {
        long before = 0;
        for (double pressure = 0.05; pressure <= 1; pressure += 0.05) {
            long delay = WritePressure.delayNanos(MEMTABLE, pressure);
            assertTrue(delay > before, () -> "at most as long as under less pressure: " + delay);
            before = delay;
        }
        assertEquals(0, WritePressure.delayNanos(MEMTABLE, 0));
        assertEquals(1_000_000_000, WritePressure.delayNanos(MEMTABLE, 1));
    }

    @Test
    void debtSlowsWritersAndSaysSo() {
        MemVfs disk = new MemVfs();
        try (VersionSet versions = VersionSet.open(disk, new BlockCache(1 << 20))) {
            WritePressure pressure = new WritePressure(MEMTABLE);
            ReadState state =
                    new ReadState(new ReadState.LoggedMemTable(new MemTable(), 1), List.of(), versions.current(), 0);
            assertEquals(0, pressure.on(state, 2));
            assertNull(pressure.cause());
            assertEquals(0, pressure.sinceMicros());

            double before = 0;
            for (int memtables = 80; memtables <= 256; memtables += 8) {
                pressure.measured(versions.current(), memtables * MEMTABLE);
                double now = pressure.on(state, 2);
                assertTrue(now > before, "the pressure sank while the debt grew");
                before = now;
            }
            assertEquals(Cause.DEBT, pressure.cause());
            pressure.waited(5_000_000);
            assertEquals(5000, pressure.waitedMicros(Cause.DEBT));
            assertEquals(0, pressure.waitedMicros(Cause.LEVEL0));

            pressure.measured(versions.current(), 0);
            assertEquals(0, pressure.on(state, 2));
            assertNull(pressure.cause());
        }
    }
}
