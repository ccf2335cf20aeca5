package org.mosslsm.kv.lsm;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.testkit.StoreConformance;

/** The engine keeps the semantics of the seam, on a real disk, large and very small. */
class LsmConformanceTest {
    @TempDir
    static Path directory;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** With the options as users have them. */
    @Nested
    class WithDefaults extends OnDisk {
        @Override
        LsmOptions options() {
            return LsmOptions.defaults();
        }
    }

    /** With memtables, blocks and cache so small that flushes and block boundaries are everywhere. */
    @Nested
    class WithTinyMemory extends OnDisk {
        @Override
        LsmOptions options() {
            return LsmOptions.builder()
                    .memtableBytes(4 << 10)
                    .blockBytes(1 << 10)
                    .cacheBytes(64 << 10)
                    .build();
        }
    }

    abstract static class OnDisk extends StoreConformance {
        private Path path;
        private int disturbances;

        abstract LsmOptions options();

        @Override
        protected Store open() {
            path = directory.resolve("store" + NUMBER.incrementAndGet());
            return Lsm.open(path, options());
        }

        @Override
        protected Store reopen() {
            store.close();
            return Lsm.open(path, options());
        }

        @Override
        protected String checkpointTarget() {
            return directory.resolve("copy" + NUMBER.incrementAndGet()).toString();
        }

        @Override
        protected Store openCheckpoint(String target) {
            return Lsm.open(Path.of(target), options());
        }

        @Override
        protected void disturb() {
            if (++disturbances % 3 == 0) {
                ((Lsm) store).compact();
            } else {
                ((Lsm) store).flush();
            }
        }
    }
}
