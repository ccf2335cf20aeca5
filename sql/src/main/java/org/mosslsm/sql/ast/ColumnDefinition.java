// A column of CREATE TABLE and ALTER TABLE ADD.
package org.mosslsm.sql.ast;

import java.util.Optional;

/**
 * A column: its keys, checks and references are {@link TableConstraint}s of the statement. {@code notNull} is as
 * written; a primary key implies it besides.
 */
public record ColumnDefinition(
        Identifier name,
        TypeName type,
        boolean notNull,
        Optional<SourceExpression> defaultValue,
        Optional<Identity> identity,
        Position position)
        implements Node {
    /** GENERATED ALWAYS | BY DEFAULT AS IDENTITY (options). */
    public record Identity(boolean always, SequenceOptions options) {}
}
