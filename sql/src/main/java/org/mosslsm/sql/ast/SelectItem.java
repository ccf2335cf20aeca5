// An item of a select list or of RETURNING.
package org.mosslsm.sql.ast;

import java.util.Optional;

/** An item of a select list or of RETURNING. */
public sealed interface SelectItem extends Node {
    /** An expression, named or not. */
    record Column(Expression expression, Optional<Identifier> alias, Position position) implements SelectItem {}

    /** {@code *} or {@code table.*}. */
    record All(Optional<QualifiedName> qualifier, Position position) implements SelectItem {}
}
