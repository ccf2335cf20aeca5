package org.mosslsm.sql.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.testkit.GoldenFile;
import org.mosslsm.sql.testkit.SqlWorld;

/** What plans are made of statements. */
class PlansTest {
    @Test
    void scansUseTheRangesOfKeysAndIndexes() {
        SqlWorld world = new SqlWorld();
        assertEquals("", GoldenFile.run("org/mosslsm/sql/optimize/scans.test", world::run, world::explain));
    }

    @Test
    void anEmptyTableIsPlannedAsOneThatWillGrow() {
        SqlWorld world = new SqlWorld().statistics(table -> 1);
        world.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT)");
        world.run("CREATE INDEX t_a ON t (a)");
        assertEquals(List.of("scan t (t_a) a=[?1]"), world.explain("SELECT * FROM t WHERE a = ?"));
    }

    @Test
    void queriesBecomePlans() {
        SqlWorld world = new SqlWorld();
        assertEquals("", GoldenFile.run("org/mosslsm/sql/optimize/queries.test", world::run, world::explain));
    }
}
