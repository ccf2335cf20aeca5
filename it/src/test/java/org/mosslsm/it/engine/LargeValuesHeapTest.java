package org.mosslsm.it.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.it.testkit.ChildJvm;

/**
 * The engine alone in a heap of 64 MB, values in files of their own: several times the heap is written and overwritten while
 * it compacts and is read, and it neither runs out of memory, not even where that would be caught, nor exceeds its budget.
 * {@code -Dheap.megabytes} (default 320) says how much is written, {@code -Dheap.seed} replays a run.
 */
class LargeValuesHeapTest {
    @Test
    void severalTimesTheHeapIsWrittenWithinTheBudget(@TempDir Path directory) throws Exception {
        int megabytes = Integer.getInteger("heap.megabytes", 320);
        long seed = Long.getLong("heap.seed", System.nanoTime());
        try (ChildJvm child = ChildJvm.start(
                LargeValuesHeapWriter.class.getName(),
                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                List.of(directory.resolve("store").toString(), Integer.toString(megabytes), Long.toString(seed)))) {
            List<String> expected = List.of(
                    "written " + megabytes + " MB",
                    "values are read from their files",
                    "tables were merged",
                    "garbage of values was collected",
                    "more lives than the heap holds",
                    "read while written ok",
                    "read at the end ok",
                    "reopened ok");
            assertEquals(
                    String.join("\n", expected),
                    String.join("\n", child.readAll()),
                    () -> megabytes + " MB, seed " + seed);
            assertEquals(0, child.waitFor(60));
        }
    }
}
