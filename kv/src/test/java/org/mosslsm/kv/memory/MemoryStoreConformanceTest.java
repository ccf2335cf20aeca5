package org.mosslsm.kv.memory;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.kv.testkit.StoreConformance;

/** The in-memory store keeps the semantics of the seam. */
class MemoryStoreConformanceTest extends StoreConformance {
    private static final AtomicInteger CHECKPOINTS = new AtomicInteger();

    @Override
    protected Store open() {
        return new MemoryStore();
    }

    @Override
    protected String checkpointTarget() {
        return "mem:checkpoint" + CHECKPOINTS.incrementAndGet();
    }

    @Override
    protected Store openCheckpoint(String target) {
        return StoreProvider.openStore(target, Map.of());
    }
}
