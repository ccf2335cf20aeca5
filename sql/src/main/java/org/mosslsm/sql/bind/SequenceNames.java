// Names of sequences that stand in texts.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.catalog.NameText;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.SequenceTexts;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.type.SqlType;

/**
 * Gives the literal of {@code nextval('s')} the schema in which it is found where it was written: in a statement, in the
 * text of a view, in a default, which keeps what it meant when it was made.
 */
final class SequenceNames {
    private SequenceNames() {}

    /** The arguments of a call, the name of a sequence among them with its schema. One that is not there is left alone. */
    static List<ScalarExpr> found(String function, List<ScalarExpr> arguments, BindContext context) {
        boolean named = SequenceTexts.takesName(function) && !arguments.isEmpty();
        if (!named || !(arguments.get(0) instanceof ScalarExpr.Literal l) || !(l.value() instanceof String name)) {
            return arguments;
        }
        Optional<Sequence> sequence = sequence(name, context);
        if (sequence.isEmpty()) {
            return arguments;
        }
        List<ScalarExpr> found = new ArrayList<>(arguments);
        found.set(0, ExprFactory.literal(SequenceTexts.qualified(sequence.get()), SqlType.TEXT));
        return found;
    }

    /**
     * The text of a default, its sequences with their schemas.
     *
     * @param value the default, bound; 42P01 where it names a sequence that is not there
     */
    static String inDefault(String text, ScalarExpr value, Position at, BindContext context) {
        ExprTrees.walk(value, e -> {
            if (e instanceof ScalarExpr.Call c
                    && SequenceTexts.takesName(c.function().name())
                    && c.arguments().get(0) instanceof ScalarExpr.Literal l
                    && l.value() instanceof String name
                    && sequence(name, context).isEmpty()) {
                throw new SqlException(
                        SqlState.UNDEFINED_TABLE, "sequence \"" + name + "\" does not exist", at.line(), at.column());
            }
        });
        return SequenceTexts.replace(text, name -> sequence(name, context).map(SequenceTexts::qualified));
    }

    private static Optional<Sequence> sequence(String text, BindContext context) {
        List<String> parts = NameText.split(text, '.').orElse(List.of());
        return switch (parts.size()) {
            case 1 -> context.catalog().sequence(context.schemaOf(parts.get(0)), parts.get(0));
            case 2 -> context.catalog().sequence(parts.get(0), parts.get(1));
            default -> Optional.empty();
        };
    }
}
