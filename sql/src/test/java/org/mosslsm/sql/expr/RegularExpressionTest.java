package org.mosslsm.sql.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.SqlType;

/** A pattern that tries exponentially many ways holds nobody up where nobody can cancel. */
class RegularExpressionTest {
    private static final String HOSTILE = "(x+x+)+(x+x+)+y";
    private static final String LONG = "x".repeat(200);

    @Test
    void aMatchWithoutASessionIsGivenUp() {
        Matcher m = RegularExpression.of(HOSTILE, "").matcher(LONG, EvalContext.none());
        SqlException e = assertThrows(SqlException.class, m::find);
        assertEquals(SqlState.TOO_COMPLEX, e.sqlState());
    }

    @Test
    void foldingLeavesItToTheRun() {
        ScalarExpr call = ExprFactory.call(
                "regexp_like",
                List.of(ExprFactory.literal(LONG, SqlType.TEXT), ExprFactory.literal(HOSTILE, SqlType.TEXT)));
        assertInstanceOf(ScalarExpr.Call.class, Folding.fold(call));
    }
}
