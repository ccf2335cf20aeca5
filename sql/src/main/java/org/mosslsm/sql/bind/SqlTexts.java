// How the binder reads SQL that the catalog keeps as text.
package org.mosslsm.sql.bind;

import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Query;

/** Parses what the catalog keeps as text. The parser stands beside the binder, so the caller of both brings it here. */
public interface SqlTexts {
    /** The query of a view. */
    Query query(String text);

    /** A default or the condition of a check. */
    Expression expression(String text);
}
