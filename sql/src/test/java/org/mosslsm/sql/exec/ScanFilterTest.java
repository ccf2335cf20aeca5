package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mosslsm.sql.encode.EntryShape;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.testkit.SqlWorld;

/** Which conditions of a scan are tested of many encoded rows at a time. */
class ScanFilterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c = ?          | true",
                "c = 'ab '      | true",
                "? < c          | true",
                "c IN (?, 'ab') | true",
                "v = ?          | true",
                "b = ?          | true",
                "b = X'01'      | true",
                "c = v          | false",
                "c = upper(?)   | false",
                "c = CAST(? AS CHAR(2)) | false",
                "c = CAST(CAST(? AS INTEGER) AS BPCHAR) | false"
            })
    void whatComparesAColumnWithAConstantIsTestedOfManyRows(String condition, boolean tested) {
        SqlWorld world = new SqlWorld().run("CREATE TABLE t (c CHAR(5), v VARCHAR(5), b BINARY(4))");
        StatementPlan.Query<PhysicalPlan> query = (StatementPlan.Query<PhysicalPlan>)
                world.plan("SELECT * FROM t WHERE " + condition).statement();
        PhysicalPlan.IndexScan scan = (PhysicalPlan.IndexScan) query.plan();
        int[] ordinals = scan.ordinals().stream().mapToInt(i -> i).toArray();
        ScanFilter filter = ScanFilter.of(scan.filter(), EntryShape.of(scan.table(), scan.index(), ordinals));
        assertEquals(tested, filter.isAllTested());
    }
}
