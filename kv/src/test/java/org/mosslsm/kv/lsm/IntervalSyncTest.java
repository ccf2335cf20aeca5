package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/** Syncs in the background where there is no thread for them. */
@Timeout(120)
class IntervalSyncTest {
    private final FaultVfs disk = new FaultVfs(new MemVfs());

    private static void write(ActiveLog log, int seq) throws IOException {
        log.append(new byte[] {(byte) seq}, 1);
        log.flush(seq);
    }

    @Test
    void withoutMemoryForAThreadTheCommitSyncsAndTheNextOneTriesAgain() throws Exception {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        AtomicBoolean noMemory = new AtomicBoolean(true);
        List<Throwable> failures = new ArrayList<>();
        IntervalSync syncs = new IntervalSync(
                run -> new Thread(run) {
                    @Override
                    public synchronized void start() {
                        if (noMemory.get()) {
                            throw new OutOfMemoryError("unable to create native thread");
                        }
                        super.start();
                    }
                },
                log,
                failures::add);
        write(log, 1);
        syncs.request(1);
        assertFalse(log.syncDue(), "nobody else would sync it");

        noMemory.set(false);
        CountDownLatch synced = new CountDownLatch(1);
        disk.observe((op, name) -> {
            if (op == Op.SYNC) {
                synced.countDown();
            }
        });
        write(log, 2);
        syncs.request(1);
        synced.await();
        syncs.stop();
        assertFalse(log.syncDue());
        assertEquals(List.of(), failures);
        log.close(2, true);
    }

    @Test
    void aSyncThatFailsInTheCommitIsToldAsOneInTheBackground() throws Exception {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        List<Throwable> failures = new ArrayList<>();
        IntervalSync syncs = new IntervalSync(
                run -> {
                    throw new OutOfMemoryError("unable to create native thread");
                },
                log,
                failures::add);
        write(log, 1);
        disk.fail(Set.of(Op.SYNC), ".*", 1, Fault.IO_ERROR);
        syncs.request(1);
        assertEquals(1, failures.size());
        assertTrue(log.syncDue());
        syncs.stop();
        log.close(1, false);
    }
}
