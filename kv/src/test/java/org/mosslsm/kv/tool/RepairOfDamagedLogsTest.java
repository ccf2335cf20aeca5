package org.mosslsm.kv.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.testkit.MemVfs;

/** Logs that are damaged in a store that lost its manifest: nothing of them is given up without a word, or deleted. */
class RepairOfDamagedLogsTest {
    private static final List<String> IN_LOG = List.of("key1002");

    /** The log with writes that are in no table. */
    private static String log(MemVfs disk) throws IOException {
        return disk.list().stream()
                .filter(name -> name.endsWith(".wal"))
                .max(String::compareTo)
                .orElseThrow();
    }

    @Test
    void damageFromTheStartOfTheLogIsToldAndKept() throws IOException {
        int read = 0;
        for (int at = 0; at < 64; at += 3) {
            for (boolean manifestLost : new boolean[] {true, false}) {
                ToolStore store = new ToolStore(true);
                String log = log(store.disk);
                store.disk.corrupt(log, at, 0x04);
                if (manifestLost) {
                    RepairTest.delete(store.disk, "CURRENT");
                    RepairTest.delete(store.disk, "MANIFEST");
                }
                RepairReport report = Repair.store(store.disk);
                String where = "byte " + at + ", manifest lost: " + manifestLost + ", " + report;
                Map<String, String> found = ToolStore.read(store.disk);
                if (found.equals(store.content)) {
                    read++;
                    continue;
                }
                assertTrue(report.losses().stream().anyMatch(loss -> loss.file().equals(log)), where);
                assertTrue(store.disk.exists(log + ".damaged"), where);
                Map<String, String> others = new TreeMap<>(store.content);
                others.keySet().removeAll(IN_LOG);
                found.keySet().removeAll(IN_LOG);
                found.keySet().removeIf(key -> key.startsWith("load12") && !others.containsKey(key));
                assertEquals(others, found, where);
                assertTrue(Verify.store(store.disk).ok(), where);
            }
        }
        assertTrue(read < 30, read + " read all the same");
    }
}
