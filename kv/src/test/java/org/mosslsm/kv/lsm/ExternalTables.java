package org.mosslsm.kv.lsm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import org.mosslsm.kv.testkit.MemVfs;

/** Writes and ingests external tables on a disk in memory, for tests of other packages. */
public final class ExternalTables {
    private ExternalTables() {}

    /** Ingests the entries as one table; returns the version that sees them. */
    public static long ingest(Lsm store, MemVfs disk, SortedMap<String, String> entries, LsmOptions options) {
        MemVfs outside = (MemVfs) disk.child("/outside");
        outside.createDirectory();
        try (TableWriter writer = TableWriter.create(outside, "external", options)) {
            entries.forEach((key, value) ->
                    writer.add(key.getBytes(StandardCharsets.ISO_8859_1), value.getBytes(StandardCharsets.ISO_8859_1)));
            writer.finish();
        }
        return store.ingest(List.of(new Ingest.External(outside, "external")));
    }
}
