package org.mosslsm.it.bench.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.mosslsm.it.bench.Disk;
import org.mosslsm.it.bench.Figure;

/** The life of one database: built, closed and opened, asked for single rows, scanned, changed; and the stream in 64 MB. */
final class MainRows {
    static final List<String> OPEN = List.of("open", "disk_per_row");
    static final List<String> STREAM = List.of("stream_rows_64mb");

    private MainRows() {}

    static void run(SqlRun run) throws Exception {
        try (Connection c = run.connect("main", false)) {
            new Rows(run.n).build(c, run.engine);
        }
        run.engine.shutDown(run.database("main"));
        if (run.wants("disk_per_row")) {
            Figure.of("disk_per_row", "B", (double) Disk.used(run.database("main")) / run.n)
                    .print();
        }
        if (run.wants("open")) {
            open(run);
        }
        try (Connection c = run.connect("main", false)) {
            PointRows.run(run, c);
            ScanRows.run(run, c);
            ChangeRows.run(run, c);
        }
        run.engine.shutDown(run.database("main"));
    }

    /** Connecting to a closed database and reading one row; the median of five. */
    private static void open(SqlRun run) throws Exception {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            try (Connection c = run.connect("main", false);
                    PreparedStatement select = c.prepareStatement("SELECT s, amt FROM t WHERE id = 1")) {
                SqlRun.expect(SqlRun.drain(select), 1, "open");
                times.add((System.nanoTime() - start) / 1e6);
            }
            run.engine.shutDown(run.database("main"));
        }
        Collections.sort(times);
        Figure.of("open", "ms", times.get(2)).print();
    }

    /** In a JVM of -Xmx64m, with every cache at its default. */
    static void stream(SqlRun run) throws Exception {
        if (!run.wants("stream_rows_64mb")) {
            return;
        }
        try (Connection c = run.engine.connect(run.database("main"), false, 0)) {
            Rows.create(c, run.engine, "t");
            new Rows(run.n).fill(c, "t", 0, run.n, false);
            ScanRows.stream(run, c, "stream_rows_64mb");
        }
        run.engine.shutDown(run.database("main"));
    }
}
