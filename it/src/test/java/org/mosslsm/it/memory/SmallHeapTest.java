package org.mosslsm.it.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.it.testkit.ChildJvm;

/**
 * In a heap of 64 MB sorts, groups, joins and sets of rows that do not fit into it are answered; indexes and copies
 * of tables are made, all rows are changed in one transaction, given back, met twice and followed by others. {@code
 * -Dheap.rows=} changes their number, a prime: 1000003 for the million.
 */
class SmallHeapTest {
    @Test
    void whatOutgrowsTheHeapIsAnsweredAllTheSame(@TempDir Path directory) throws Exception {
        String rows = System.getProperty("heap.rows", "200003");
        try (ChildJvm child = ChildJvm.start(
                SmallHeapQueries.class.getName(),
                List.of("-Xmx64m"),
                List.of(directory.resolve("db").toString(), rows))) {
            List<String> expected = List.of(
                    "loaded " + rows,
                    "sort ok",
                    "group ok",
                    "distinct ok",
                    "count distinct ok",
                    "hash join ok",
                    "except ok",
                    "top ok",
                    "index ok",
                    "index read ok",
                    "copy ok",
                    "copy read ok",
                    "key ok",
                    "key read ok",
                    "update ok",
                    "updated ok",
                    "insert ok",
                    "inserted ok",
                    "own ok",
                    "own again ok",
                    "unchanged ok",
                    "delete rows ok",
                    "deleted rows ok",
                    "returning ok",
                    "keys ok",
                    "joined ok",
                    "upsert ok",
                    "upserted ok",
                    "children ok",
                    "cascade update ok",
                    "cascaded ok",
                    "cascade delete ok",
                    "children gone ok",
                    "delete ok",
                    "deleted ok",
                    "files left: 0");
            assertEquals(String.join("\n", expected), String.join("\n", child.readAll()));
            assertEquals(0, child.waitFor(60));
        }
    }
}
