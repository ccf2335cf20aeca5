// Which of the columns of today the columns of an older view are.
package org.mosslsm.sql.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.SqlType;

class OlderViewsTest {
    @Test
    void theOrderOfTheColumnsTellsThoseOfOneNameApart() {
        // SELECT * FROM a(id, x) JOIN b(a_id, y), then a column y was added to a.
        assertEquals(List.of(0, 1, 3, 4), positions("id x a_id y", "id x y a_id y"));
        assertEquals(List.of(0, 1), positions("id x", "id x z"));
    }

    @Test
    void whereMoreThanOneMayBeMeantNothingIsGuessed() {
        assertEquals("42702", refusal("id x y", "id x y y"));
        assertEquals("42702", refusal("y x", "x y y"));
        assertEquals("42703", refusal("id x", "id"));
    }

    @Test
    void aNameThatStandsOnceIsFoundWhereverItIs() {
        assertEquals(List.of(2, 0), positions("id x", "x z id"));
    }

    private static String refusal(String names, String today) {
        return assertThrows(SqlException.class, () -> positions(names, today)).sqlState();
    }

    private static List<Integer> positions(String names, String today) {
        List<PlanColumn> columns = Stream.of(today.split(" "))
                .map(n -> PlanColumn.computed(n, SqlType.BIGINT, true))
                .toList();
        return OlderViews.positions(List.of(names.split(" ")), columns);
    }
}
