// Functions of which an argument is a word, not a value.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.TypeName;

/**
 * JDBC's {@code TIMESTAMPADD(SQL_TSI_DAY, n, t)}, {@code TIMESTAMPDIFF}, {@code CONVERT(x, SQL_VARCHAR)}, {@code
 * LENGTH(x, OCTETS)} and {@code NORMALIZE(x, NFD)}, with the forms of them that other databases know. The parser takes the word for a column's name.
 */
final class NamedArguments {
    private NamedArguments() {}

    /** What the call means, where it has such an argument. */
    static Optional<Expression> meaning(Expression.FunctionCall f) {
        List<Expression> arguments = f.arguments();
        int n = arguments.size();
        return switch (f.name().last()) {
            case "convert" -> n == 2 ? cast(f) : Optional.empty();
            case "timestampadd", "timestampdiff", "dateadd", "datediff" ->
                n == 3 && arguments.get(0) instanceof Expression.ColumnName unit
                        ? Optional.of(withUnit(f, unit))
                        : Optional.empty();
            case "normalize" ->
                n == 2 && arguments.get(1) instanceof Expression.ColumnName form
                        ? Optional.of(call(
                                f.name(),
                                List.of(
                                        arguments.get(0),
                                        new Expression.StringLiteral(form.name().last(), form.position())),
                                f))
                        : Optional.empty();
            case "length", "char_length", "character_length" -> n == 2 ? counted(f) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The unit of time as a string. */
    private static Expression withUnit(Expression.FunctionCall f, Expression.ColumnName unit) {
        List<Expression> changed = new ArrayList<>(f.arguments());
        changed.set(0, new Expression.StringLiteral(unit.name().last(), unit.position()));
        return call(f.name(), changed, f);
    }

    /** LENGTH(s, CHARACTERS), LENGTH(s, OCTETS). */
    private static Optional<Expression> counted(Expression.FunctionCall f) {
        if (!(f.arguments().get(1) instanceof Expression.ColumnName unit)) {
            return Optional.empty();
        }
        List<Expression> text = f.arguments().subList(0, 1);
        return switch (unit.name().last()) {
            case "characters" -> Optional.of(call(f.name(), text, f));
            case "octets" -> {
                Identifier octets = new Identifier("octet_length", false, f.position());
                yield Optional.of(call(new QualifiedName(List.of(octets), f.position()), text, f));
            }
            default -> Optional.empty();
        };
    }

    private static Expression call(QualifiedName name, List<Expression> arguments, Expression.FunctionCall f) {
        return new Expression.FunctionCall(name, false, false, arguments, List.of(), Optional.empty(), f.position());
    }

    /** {@code CONVERT(value, type)} is a cast. */
    private static Optional<Expression> cast(Expression.FunctionCall f) {
        Expression type = f.arguments().get(1);
        if (type instanceof Expression.ColumnName name && name.name().parts().size() == 1) {
            return Optional.of(cast(f, name.name().last(), List.of()));
        }
        if (type instanceof Expression.FunctionCall sized
                && sized.arguments().stream().allMatch(Expression.IntegerLiteral.class::isInstance)) {
            List<Integer> sizes = sized.arguments().stream()
                    .map(e -> (int) Math.min(((Expression.IntegerLiteral) e).value(), Integer.MAX_VALUE))
                    .toList();
            return Optional.of(cast(f, sized.name().last(), sizes));
        }
        return Optional.empty();
    }

    private static Expression cast(Expression.FunctionCall f, String word, List<Integer> sizes) {
        String name = word.toLowerCase(Locale.ROOT);
        String plain = name.startsWith("sql_") ? name.substring("sql_".length()) : name;
        if (sizes.isEmpty() && (plain.equals("char") || plain.equals("nchar"))) {
            plain = "varchar"; // JDBC's CHAR here is a string of any length, not of one character
        }
        return new Expression.Cast(
                f.arguments().get(0),
                new TypeName(plain, sizes, f.arguments().get(1).position()),
                f.position());
    }
}
