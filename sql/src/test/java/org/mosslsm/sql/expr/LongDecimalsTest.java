package org.mosslsm.sql.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.sql.testkit.TestContext;
import org.mosslsm.sql.type.SqlType;

/** One call of a function of a long NUMERIC asks again and again whether it may go on. */
class LongDecimalsTest {
    private static final ScalarExpr COLUMN = new ScalarExpr.ColumnRef(0, SqlType.DECIMAL);

    /** Of one digit before the point, and a thousand behind it. */
    private static final BigDecimal LONG = new BigDecimal("1." + "37".repeat(500));

    @ParameterizedTest
    @ValueSource(strings = {"exp", "ln", "log", "log10", "power", "^"})
    void asksWithinOneCall(String function) {
        TestContext context = new TestContext();
        boolean isPower = function.equals("power") || function.equals("^");
        List<ScalarExpr> arguments = isPower ? List.of(COLUMN, COLUMN) : List.of(COLUMN);

        Object value = Evaluator.compile(ExprFactory.call(function, arguments)).eval(new ValueRow(LONG), context);

        assertEquals(1000, ((BigDecimal) value).scale());
        assertTrue(context.asks() >= fewestTerms(), function + " asked " + context.asks() + " times");
    }

    /**
     * Terms of the shortest series that gives one of the results: one question a term, so that a multiplication and a division
     * of a thousand digits lie between two of them. All are found by e^y = 1 + y + y^2/2! + ..., which ends with the first term
     * less than 10^-1000; the least y is that of EXP, 1.37 halved seven times.
     */
    private static int fewestTerms() {
        double y = LONG.doubleValue() / (1 << 7);
        double digits = 0; // of the point before the term
        int n = 0;
        while (digits < LONG.scale()) {
            n++;
            digits += Math.log10(n / y);
        }
        return n;
    }
}
