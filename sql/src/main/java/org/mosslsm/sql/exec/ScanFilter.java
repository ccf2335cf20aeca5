package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.encode.EncodedRow;
import org.mosslsm.sql.encode.EntryShape;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Truth;

/**
 * The filter of a scan, as far as it can be in tests of whole columns. What stands first in the conjunction decides: a test
 * that cannot fail may come before all others, but an expression that can must be evaluated for the same rows as if there
 * were no tests, those of which a condition before it is unknown among them.
 *
 * <pre>
 * a &lt; 5 AND b LIKE 'x%'          all of it in tests
 * a &lt; 5 AND 1 / b &gt; 2            tests leave out the rows where a &lt; 5 is false; the whole is evaluated for the others
 * 1 / b &gt; 2 AND a &lt; 5            no tests
 * </pre>
 *
 * Immutable.
 */
final class ScanFilter {
    private final Evaluator whole;

    /** Of the conditions that come first; null where the first one has no test. */
    private final ColumnTests.Maker first;

    private final boolean isAll;

    private ScanFilter(Evaluator whole, ColumnTests.Maker first, boolean isAll) {
        this.whole = whole;
        this.first = first;
        this.isAll = isAll;
    }

    /** The filter; null where there is none. */
    static ScanFilter of(Optional<ScalarExpr> condition, EntryShape shape) {
        if (condition.isEmpty()) {
            return null;
        }
        List<ScalarExpr> conditions = new ArrayList<>();
        flatten(condition.get(), conditions, 0);
        ColumnTests tests = new ColumnTests(shape);
        List<ColumnTests.Maker> makers = new ArrayList<>();
        for (ScalarExpr e : conditions) {
            ColumnTests.Maker maker = tests.of(e);
            if (maker == null) {
                break;
            }
            makers.add(maker);
        }
        return new ScanFilter(
                Evaluator.compile(condition.get()),
                makers.isEmpty() ? null : ColumnTests.all(makers),
                makers.size() == conditions.size());
    }

    private static void flatten(ScalarExpr e, List<ScalarExpr> into, int depth) {
        if (e instanceof ScalarExpr.And and && depth < 10) {
            and.operands().forEach(o -> flatten(o, into, depth + 1));
        } else {
            into.add(e);
        }
    }

    /** The tests that one execution makes; null where there are none. */
    ColumnTest bind(ExecutionContext context) {
        return first == null ? null : first.make(context);
    }

    /** Whether rows that pass the tests pass the filter. */
    boolean isAllTested() {
        return isAll;
    }

    /** Whether a row passes the filter, without any tests before. */
    boolean accepts(EncodedRow row, ExecutionContext context) {
        return whole.test(row, context) == Truth.TRUE;
    }
}
