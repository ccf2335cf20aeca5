// An expression together with its text.
package org.mosslsm.sql.ast;

/**
 * An expression that the catalog keeps as text (a default, a check, the condition of a partial index), with that text
 * as it stood in the statement.
 */
public record SourceExpression(Expression expression, String text) implements Node {
    @Override
    public Position position() {
        return expression.position();
    }
}
