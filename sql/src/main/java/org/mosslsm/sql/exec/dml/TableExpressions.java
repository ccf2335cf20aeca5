// Expressions the catalog keeps as text.
package org.mosslsm.sql.exec.dml;

import java.util.List;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.StatementPlan;

/** Binds checks and defaults of tables that a statement reaches only through foreign keys. Thread-safe. */
public interface TableExpressions {
    /** The checks of a table, over its table row. */
    List<StatementPlan.Check> checks(Table table);

    /** The condition of a partial index, over its table row. */
    ScalarExpr condition(Table table, Index index);

    /** What a column gets by default, over no row, cast to its type. */
    ScalarExpr defaultOf(Table table, Column column);
}
