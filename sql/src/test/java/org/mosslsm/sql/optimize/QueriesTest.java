package org.mosslsm.sql.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.mosslsm.sql.testkit.GoldenFile;
import org.mosslsm.sql.testkit.SqlWorld;

/** What queries answer, through binder, optimiser and operators. */
class QueriesTest {
    @Test
    void queriesAnswerAsTheStandardSays() {
        SqlWorld world = new SqlWorld();
        assertEquals("", GoldenFile.run("org/mosslsm/sql/optimize/answers.test", world::run, world::texts));
    }
}
