package org.mosslsm.sql.expr;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ScalarExpr.And;
import org.mosslsm.sql.expr.ScalarExpr.Case;
import org.mosslsm.sql.expr.ScalarExpr.Cast;
import org.mosslsm.sql.expr.ScalarExpr.Coalesce;
import org.mosslsm.sql.expr.ScalarExpr.Compare;
import org.mosslsm.sql.expr.ScalarExpr.DistinctFrom;
import org.mosslsm.sql.expr.ScalarExpr.InList;
import org.mosslsm.sql.expr.ScalarExpr.IsNull;
import org.mosslsm.sql.expr.ScalarExpr.Like;
import org.mosslsm.sql.expr.ScalarExpr.Literal;
import org.mosslsm.sql.expr.ScalarExpr.Not;
import org.mosslsm.sql.expr.ScalarExpr.Or;
import org.mosslsm.sql.expr.ScalarExpr.Parameter;
import org.mosslsm.sql.expr.ScalarExpr.When;
import org.mosslsm.sql.type.CastMode;
import org.mosslsm.sql.type.Casts;
import org.mosslsm.sql.type.Coercion;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;

/**
 * Makes well-typed expressions: chooses functions, gives untyped NULLs, strings and parameters the type of their place,
 * and puts casts where operands need them (and only where the value changes: an INTEGER meets a BIGINT as it is).
 *
 * <p>A {@link Parameter} of type UNKNOWN comes back with the type of its place; the caller collects the types from the
 * finished tree.
 */
public final class ExprFactory {
    private static final ScalarExpr BACKSLASH = new Literal("\\", SqlType.TEXT);

    private ExprFactory() {}

    // ---- values and conversions

    /** A constant. */
    public static Literal literal(Object value, SqlType type) {
        return new Literal(value, type);
    }

    /** NULL of a type. */
    public static Literal nullOf(SqlType type) {
        return new Literal(null, type);
    }

    /** {@code CAST(e AS type)}. */
    public static ScalarExpr cast(ScalarExpr e, SqlType type) {
        if (e.type().isUnknown()) {
            return type(e, type, CastMode.EXPLICIT);
        }
        if (!Coercion.castable(e.type(), type)) {
            throw new SqlException(SqlState.CANNOT_COERCE, "cannot cast type " + e.type() + " to " + type);
        }
        return e.type().equals(type) && !isArithmetic(e) ? e : new Cast(e, type, CastMode.EXPLICIT);
    }

    /** Whether the cast says more than its type: that arithmetic on INTEGER, which is done in 64 bits, shall be BIGINT. */
    private static boolean isArithmetic(ScalarExpr e) {
        return e.type().kind() == SqlType.Kind.BIGINT && !(e instanceof ScalarExpr.Leaf);
    }

    /** The expression where a value of {@code type} is asked for; 42804 where it has another. */
    public static ScalarExpr coerce(ScalarExpr e, SqlType type) {
        if (!Coercion.implicit(e.type(), type)) {
            throw new SqlException(
                    SqlState.DATATYPE_MISMATCH, "expected a value of type " + type + ", found " + e.type());
        }
        return convert(e, type, CastMode.EXPLICIT);
    }

    /**
     * The expression where it is stored into a column.
     *
     * @param column name for the error, 42804
     */
    public static ScalarExpr assign(ScalarExpr e, SqlType type, String column) {
        if (!Coercion.assignable(e.type(), type)) {
            throw new SqlException(
                    SqlState.DATATYPE_MISMATCH,
                    "column \"" + column + "\" is of type " + type + " but the expression is of type " + e.type()
                            + ": cast the expression");
        }
        return convert(e, type, CastMode.ASSIGNMENT);
    }

    /** The expression with a type: a string, NULL or parameter that nothing gave one becomes TEXT. */
    public static ScalarExpr known(ScalarExpr e) {
        return e.type().isUnknown() ? convert(e, SqlType.TEXT, CastMode.EXPLICIT) : e;
    }

    /** The expression as a condition; 42804 where it is no BOOLEAN. */
    public static ScalarExpr condition(ScalarExpr e) {
        if (!Coercion.implicit(e.type(), SqlType.BOOLEAN)) {
            throw new SqlException(
                    SqlState.DATATYPE_MISMATCH, "expected a condition, found a value of type " + e.type());
        }
        return convert(e, SqlType.BOOLEAN, CastMode.EXPLICIT);
    }

    static ScalarExpr convert(ScalarExpr e, SqlType type, CastMode mode) {
        if (e.type().isUnknown() && !type.isUnknown()) {
            return type(e, type, mode);
        }
        if (Casts.isFree(e.type(), type)) {
            return e;
        }
        if (e instanceof Literal l && l.value() == null) {
            return nullOf(type);
        }
        if (e instanceof Literal l && e.type().isNumeric() && type.isNumeric() && mode == CastMode.EXPLICIT) {
            return new Literal(Casts.cast(l.value(), l.type(), type, mode, ZoneOffset.UTC), type);
        }
        return new Cast(e, type, mode);
    }

    /** Gives an UNKNOWN its type. */
    private static ScalarExpr type(ScalarExpr e, SqlType type, CastMode mode) {
        if (e instanceof Parameter p) {
            // Its value comes with any length and scale, and with blanks; the cast cuts it, storing it checks it.
            Parameter typed =
                    new Parameter(p.index(), type.kind() == SqlType.Kind.CHAR ? SqlType.VARCHAR : type.unsized());
            return Casts.isFree(typed.type(), type) ? typed : new Cast(typed, type, mode);
        }
        if (e instanceof Literal l && l.value() == null) {
            return nullOf(type);
        }
        if (e instanceof Case c) {
            List<When> typed = new ArrayList<>();
            c.branches().forEach(w -> typed.add(new When(w.condition(), type(w.result(), type, mode))));
            return new Case(typed, type(c.otherwise(), type, mode), type);
        }
        // What a string means as an instant depends on the session, so that cast waits for the execution.
        if (e instanceof Literal l && type.kind() != SqlType.Kind.TIMESTAMPTZ) {
            return new Literal(Casts.cast(l.value(), SqlType.TEXT, type, mode, ZoneOffset.UTC), type);
        }
        return new Cast(e, type, mode);
    }

    // ---- functions

    /**
     * A call of the function {@code name}, operators ({@code + - * / % ||}, with one operand {@code + -}) and COALESCE,
     * NULLIF, GREATEST, LEAST included.
     *
     * @throws SqlException 42883 when no function of the name takes such arguments
     */
    public static ScalarExpr call(String name, List<ScalarExpr> arguments) {
        switch (name) {
            case "coalesce", "ifnull", "nvl" -> {
                return coalesce(arguments);
            }
            case "nullif" -> {
                if (arguments.size() == 2) {
                    return nullIf(arguments.get(0), arguments.get(1));
                }
            }
            default -> {}
        }
        return Functions.call(name, arguments);
    }

    /** Whether there is a function of this name. */
    public static boolean isFunction(String name) {
        return Functions.exists(name);
    }

    /** COALESCE. */
    public static ScalarExpr coalesce(List<ScalarExpr> operands) {
        if (operands.isEmpty()) {
            throw new SqlException(SqlState.UNDEFINED_FUNCTION, "COALESCE needs an argument");
        }
        if (operands.stream().allMatch(ExprFactory::isUntypedNull)) {
            return nullOf(SqlType.UNKNOWN);
        }
        SqlType type = common(operands, "COALESCE");
        return operands.size() == 1
                ? convert(operands.get(0), type, CastMode.EXPLICIT)
                : new Coalesce(convertAll(operands, type), type);
    }

    /** NULLIF. */
    public static ScalarExpr nullIf(ScalarExpr a, ScalarExpr b) {
        if (isUntypedNull(a) && isUntypedNull(b)) {
            return nullOf(SqlType.UNKNOWN);
        }
        ScalarExpr equal = compare(CompareOp.EQ, a, b);
        ScalarExpr value = a.type().isUnknown() && equal instanceof Compare c ? c.left() : known(a);
        return new Case(List.of(new When(equal, nullOf(value.type()))), value, value.type());
    }

    /** NULLIF of an operand, of a known type, that gives another value each time: it is evaluated once. */
    public static ScalarExpr nullIfOnce(ScalarExpr a, ScalarExpr b) {
        return Once.nullIf(a, b);
    }

    /** CASE WHEN condition THEN result ... ELSE otherwise END. */
    public static ScalarExpr caseWhen(List<When> branches, Optional<ScalarExpr> otherwise) {
        List<ScalarExpr> results = new ArrayList<>();
        branches.forEach(w -> results.add(w.result()));
        otherwise.ifPresent(results::add);
        // Whatever is chosen it is NULL: the type is that of its place, as for NULL itself.
        SqlType type =
                results.stream().allMatch(ExprFactory::isUntypedNull) ? SqlType.UNKNOWN : common(results, "CASE");
        List<When> typed = new ArrayList<>();
        for (When w : branches) {
            typed.add(new When(condition(w.condition()), convert(w.result(), type, CastMode.EXPLICIT)));
        }
        ScalarExpr last =
                otherwise.map(e -> convert(e, type, CastMode.EXPLICIT)).orElseGet(() -> nullOf(type));
        return new Case(typed, last, type);
    }

    /**
     * CASE operand WHEN value THEN result ... ELSE otherwise END, the operand evaluated once: for one that gives another
     * value each time. Any other is better a CASE of comparisons.
     */
    public static ScalarExpr caseOnce(ScalarExpr operand, List<When> branches, Optional<ScalarExpr> otherwise) {
        return Once.choice(operand, branches, otherwise);
    }

    /** NULL, or a CASE of nothing else, to which nothing gave a type. */
    public static boolean isUntypedNull(ScalarExpr e) {
        return e.type().isUnknown() && (e instanceof Case || (e instanceof Literal l && l.value() == null));
    }

    /** The type all operands take together, TEXT when none has one; 42804 when they have none in common. */
    public static SqlType common(List<ScalarExpr> operands, String where) {
        List<SqlType> types = operands.stream()
                .filter(e -> !isUntypedNull(e))
                .map(ScalarExpr::type)
                .toList();
        SqlType type = Coercion.common(types)
                .orElseThrow(() -> new SqlException(
                        SqlState.DATATYPE_MISMATCH, where + " types " + Functions.show(types) + " cannot be matched"));
        return type.isUnknown() ? SqlType.TEXT : type;
    }

    static List<ScalarExpr> convertAll(List<ScalarExpr> operands, SqlType type) {
        return operands.stream().map(e -> convert(e, type, CastMode.EXPLICIT)).toList();
    }

    // ---- predicates

    /** A comparison; 42883 where the operands' types do not compare. */
    public static ScalarExpr compare(CompareOp op, ScalarExpr left, ScalarExpr right) {
        if (left.type().family() == Family.INTEGER && right instanceof Literal l) {
            Optional<ScalarExpr> whole = compareToWhole(op, left, l);
            if (whole.isPresent()) {
                return whole.get();
            }
        }
        if (right.type().family() == Family.INTEGER && left instanceof Literal l) {
            Optional<ScalarExpr> whole = compareToWhole(op.swapped(), right, l);
            if (whole.isPresent()) {
                return whole.get();
            }
        }
        SqlType type = comparable(op.symbol(), left, right);
        return new Compare(op, compared(left, type, right.type()), compared(right, type, left.type()));
    }

    /** {@code i < 2.5} is {@code i <= 2}: comparing whole numbers needs no cast of the column, and can use an index. */
    private static Optional<ScalarExpr> compareToWhole(CompareOp op, ScalarExpr left, Literal right) {
        if (!(right.value() instanceof BigDecimal d) || d.precision() - d.scale() > 18) {
            return Optional.empty();
        }
        BigDecimal floor = d.setScale(0, RoundingMode.FLOOR);
        boolean whole = floor.compareTo(d) == 0;
        CompareOp with = whole
                ? op
                : switch (op) {
                    case LT, LE -> CompareOp.LE;
                    case GT, GE -> CompareOp.GT;
                    case EQ, NE -> null;
                };
        return with == null
                ? Optional.empty()
                : Optional.of(new Compare(with, left, literal(floor.longValueExact(), SqlType.BIGINT)));
    }

    private static SqlType comparable(String operator, ScalarExpr left, ScalarExpr right) {
        SqlType type = Coercion.compared(left.type(), right.type())
                .orElseThrow(() -> new SqlException(
                        SqlState.UNDEFINED_FUNCTION,
                        "operator does not exist: " + left.type() + " " + operator + " " + right.type()
                                + "; cast one side"));
        return type.isUnknown() ? SqlType.TEXT : type;
    }

    /**
     * An operand of a comparison in the common type. A parameter beside an INTEGER takes any BIGINT, which costs nothing:
     * a value that the column cannot hold equals none of its values.
     *
     * @param other type of what it is compared with
     */
    private static ScalarExpr compared(ScalarExpr e, SqlType common, SqlType other) {
        boolean wider = e instanceof Parameter && e.type().isUnknown() && common.family() == Family.INTEGER;
        return withZeros(e, convert(e, wider ? SqlType.BIGINT : common, CastMode.EXPLICIT), other);
    }

    /**
     * A literal or parameter, converted, as it would be stored beside what it is compared with: one shorter than a
     * BINARY(n) gets its zeros.
     */
    public static ScalarExpr withZeros(ScalarExpr e, ScalarExpr converted, SqlType other) {
        boolean given = e.type().isUnknown()
                || ((e instanceof Literal || e instanceof Parameter) && e.type().kind() != SqlType.Kind.BINARY);
        return given && other.kind() == SqlType.Kind.BINARY
                ? StringFunctions.zeroPadded(converted, other.length())
                : converted;
    }

    /** {@code left IS DISTINCT FROM right}. */
    public static ScalarExpr distinctFrom(ScalarExpr left, ScalarExpr right) {
        SqlType type = comparable("IS DISTINCT FROM", left, right);
        return new DistinctFrom(compared(left, type, right.type()), compared(right, type, left.type()));
    }

    /** {@code e BETWEEN low AND high}, with SYMMETRIC in either order. */
    public static ScalarExpr between(ScalarExpr e, ScalarExpr low, ScalarExpr high, boolean symmetric) {
        ScalarExpr upward = and(List.of(compare(CompareOp.GE, e, low), compare(CompareOp.LE, e, high)));
        if (!symmetric) {
            return upward;
        }
        return or(List.of(upward, and(List.of(compare(CompareOp.GE, e, high), compare(CompareOp.LE, e, low)))));
    }

    /**
     * A comparison of row values: {@code (a, b) < (c, d)} is {@code a < c OR (a = c AND b < d)}.
     *
     * @throws SqlException 42601 when the rows differ in length
     */
    public static ScalarExpr compareRows(CompareOp op, List<ScalarExpr> left, List<ScalarExpr> right) {
        if (left.size() != right.size() || left.isEmpty()) {
            throw new SqlException(
                    SqlState.SYNTAX_ERROR,
                    "cannot compare a row of " + left.size() + " values with one of " + right.size());
        }
        int last = left.size() - 1;
        if (op == CompareOp.EQ || op == CompareOp.NE) {
            List<ScalarExpr> parts = new ArrayList<>();
            for (int i = 0; i <= last; i++) {
                parts.add(compare(op, left.get(i), right.get(i)));
            }
            return op == CompareOp.EQ ? and(parts) : or(parts);
        }
        CompareOp strict = op == CompareOp.LE ? CompareOp.LT : op == CompareOp.GE ? CompareOp.GT : op;
        ScalarExpr result = compare(op, left.get(last), right.get(last));
        for (int i = last - 1; i >= 0; i--) {
            ScalarExpr equal = compare(CompareOp.EQ, left.get(i), right.get(i));
            result = or(List.of(compare(strict, left.get(i), right.get(i)), and(List.of(equal, result))));
        }
        return result;
    }

    /** All conditions; nested ANDs become one, a single one stays itself. */
    public static ScalarExpr and(List<ScalarExpr> operands) {
        List<ScalarExpr> flat = new ArrayList<>();
        for (ScalarExpr e : operands) {
            if (e instanceof And a) {
                flat.addAll(a.operands());
            } else {
                flat.add(condition(e));
            }
        }
        return flat.isEmpty() ? Literal.TRUE : flat.size() == 1 ? flat.get(0) : new And(flat);
    }

    /** One of the conditions; nested ORs become one, a single one stays itself. */
    public static ScalarExpr or(List<ScalarExpr> operands) {
        List<ScalarExpr> flat = new ArrayList<>();
        for (ScalarExpr e : operands) {
            if (e instanceof Or o) {
                flat.addAll(o.operands());
            } else {
                flat.add(condition(e));
            }
        }
        return flat.isEmpty() ? Literal.FALSE : flat.size() == 1 ? flat.get(0) : new Or(flat);
    }

    /** NOT; of a comparison the opposite one, of a NOT its operand. */
    public static ScalarExpr not(ScalarExpr e) {
        ScalarExpr c = condition(e);
        if (c instanceof Not n) {
            return n.operand();
        }
        return c instanceof Compare k ? new Compare(k.op().negated(), k.left(), k.right()) : new Not(c);
    }

    /** {@code e IS NULL}. */
    public static ScalarExpr isNull(ScalarExpr e) {
        return new IsNull(known(e));
    }

    /** {@code e IN (items)}. */
    public static ScalarExpr inList(ScalarExpr e, List<ScalarExpr> items) {
        if (items.isEmpty()) {
            return new InList(known(e), items);
        }
        if (items.size() == 1) {
            return compare(CompareOp.EQ, e, items.get(0));
        }
        SqlType type = e.type();
        for (ScalarExpr item : items) {
            type = Coercion.compared(type, item.type())
                    .orElseThrow(() -> new SqlException(
                            SqlState.UNDEFINED_FUNCTION,
                            "operator does not exist: " + e.type() + " = " + item.type() + "; cast one side"));
        }
        long lengths = items.stream()
                .map(ScalarExpr::type)
                .filter(t -> t.kind() == SqlType.Kind.BINARY)
                .distinct()
                .count();
        if (lengths > 1 && e.type().kind() != SqlType.Kind.BINARY) { // each asks for other zeros
            return or(items.stream().map(i -> compare(CompareOp.EQ, e, i)).toList());
        }
        SqlType common = type.isUnknown() ? SqlType.TEXT : type;
        SqlType zeros = items.stream()
                .map(ScalarExpr::type)
                .filter(t -> t.kind() == SqlType.Kind.BINARY)
                .findFirst()
                .orElse(common);
        return new InList(
                compared(e, common, zeros),
                items.stream().map(i -> compared(i, common, e.type())).toList());
    }

    /**
     * {@code e IN (items)}, where {@code e} may stand there twice: blanks at the end may count beside some of the items, and
     * not beside others, which one list cannot tell apart.
     */
    public static ScalarExpr inLists(ScalarExpr e, List<ScalarExpr> items) {
        Map<Boolean, List<ScalarExpr>> byBlanks = items.stream()
                .collect(Collectors.partitioningBy(i -> Coercion.compared(e.type(), i.type())
                        .filter(t -> t.kind() == SqlType.Kind.CHAR)
                        .isPresent()));
        List<ScalarExpr> strict = byBlanks.get(false);
        List<ScalarExpr> padded = byBlanks.get(true);
        return strict.isEmpty() || padded.isEmpty()
                ? inList(e, items)
                : or(List.of(inList(e, strict), inList(e, padded)));
    }

    /** {@code e LIKE pattern}; without an escape character given, it is the backslash. */
    public static ScalarExpr like(ScalarExpr e, ScalarExpr pattern, Optional<ScalarExpr> escape, boolean ignoreCase) {
        for (ScalarExpr operand : List.of(e, pattern, escape.orElse(BACKSLASH))) {
            if (!operand.type().isCharacter() && !operand.type().isUnknown()) {
                throw new SqlException(
                        SqlState.UNDEFINED_FUNCTION,
                        "LIKE needs strings, found " + operand.type() + "; cast it to TEXT");
            }
        }
        return new Like(StringFunctions.shown(known(e)), known(pattern), known(escape.orElse(BACKSLASH)), ignoreCase);
    }

    // ---- aggregates

    /**
     * An aggregate of arguments.
     *
     * @throws SqlException 42883 when the function does not take such arguments
     */
    public static AggregateCall aggregate(
            AggregateFunction function, boolean distinct, List<ScalarExpr> arguments, Optional<ScalarExpr> filter) {
        SqlType type = arguments.get(0).type();
        boolean fits = arguments.size() == function.arity() && function.accepts(type);
        for (ScalarExpr further : arguments) {
            fits &= function.accepts(further.type()) && Coercion.implicit(further.type(), function.parameterType(type));
        }
        if (!fits) {
            throw new SqlException(
                    SqlState.UNDEFINED_FUNCTION,
                    "function " + function.name().toLowerCase(java.util.Locale.ROOT)
                            + Functions.show(
                                    arguments.stream().map(ScalarExpr::type).toList()) + " does not exist");
        }
        ScalarExpr[] typed = arguments.stream()
                .map(a -> coerce(a, function.parameterType(type)))
                .toArray(ScalarExpr[]::new);
        AggregateCall call = AggregateCall.of(function, distinct, typed);
        return filter.isPresent() ? call.withFilter(condition(filter.get())) : call;
    }
}
