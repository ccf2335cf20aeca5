package org.mosslsm.sql.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    void queriesBecomePlans() {
        SqlWorld world = new SqlWorld();
        assertEquals("", GoldenFile.run("org/mosslsm/sql/optimize/queries.test", world::run, world::explain));
    }
}
