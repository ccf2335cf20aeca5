package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.lsm.table.Compression;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.testkit.StoreConformance;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;

/** The engine keeps the semantics of the seam on a disk in memory, with other options for every test. */
class LsmMemConformanceTest extends StoreConformance {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final MemVfs disk = new MemVfs();
    private final Random random = new Random(NUMBER.incrementAndGet());

    private LsmOptions options() {
        return LsmOptions.builder()
                .memtableBytes((4 << 10) << random.nextInt(5))
                .blockBytes((1 << 10) << random.nextInt(3))
                .cacheBytes((64 << 10) << random.nextInt(6))
                .compression(random.nextBoolean() ? Compression.LZ4 : Compression.NONE)
                .build();
    }

    @Override
    protected Store open() {
        return Lsm.open(disk, options());
    }

    @Override
    protected Store reopen() {
        store.close();
        return Lsm.open(disk, options());
    }

    @Override
    protected String checkpointTarget() {
        return "/copy" + NUMBER.incrementAndGet();
    }

    @Override
    protected Store openCheckpoint(String target) {
        return Lsm.open(disk.child(target), options());
    }

    @Override
    protected void checkClosed() {
        VerifyReport report = Verify.store(disk);
        assertTrue(report.ok(), report::toString);
    }

    @Override
    protected void disturb() {
        if (random.nextInt(3) == 0) {
            ((Lsm) store).compact();
        } else {
            ((Lsm) store).flush();
        }
    }
}
