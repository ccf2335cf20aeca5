package org.mosslsm.sql.type;

import java.util.Collection;
import java.util.Optional;
import org.mosslsm.sql.type.SqlType.Family;
import org.mosslsm.sql.type.SqlType.Kind;

/**
 * Which type turns into which, and when. Four grades, each containing the one above:
 *
 * <pre>
 * implicit     anywhere: SMALLINT -> INTEGER -> BIGINT -> DECIMAL -> REAL -> DOUBLE, between the string types,
 *              between the byte string types, DATE -> TIMESTAMP -> TIMESTAMP WITH TIME ZONE, UNKNOWN -> all
 * assignment   into a column: also between all numbers, anything -> string, TIMESTAMP -> DATE, TIME, zone dropped
 * explicit     CAST: also string -> anything, BOOLEAN &lt;-> whole numbers
 * none         everything else
 * </pre>
 */
public final class Coercion {
    private Coercion() {}

    /** Whether a value of {@code from} may stand where {@code to} is asked for without anyone saying so. */
    public static boolean implicit(SqlType from, SqlType to) {
        if (from.isUnknown() || from.kind() == to.kind()) {
            return true;
        }
        if (from.isNumeric() && to.isNumeric()) {
            return rank(from.kind()) < rank(to.kind());
        }
        if (from.family() == to.family()) {
            return from.family() != Family.TIMESTAMP || to.kind() == Kind.TIMESTAMPTZ;
        }
        return from.family() == Family.DATE && to.family() == Family.TIMESTAMP;
    }

    /** Whether a value of {@code from} may be stored into a column of {@code to}. */
    public static boolean assignable(SqlType from, SqlType to) {
        if (implicit(from, to) || (from.isNumeric() && to.isNumeric())) {
            return true;
        }
        if (to.family() == Family.CHARACTER) {
            return from.family() != Family.BINARY;
        }
        return from.family() == Family.TIMESTAMP
                && (to.family() == Family.TIMESTAMP || to.kind() == Kind.DATE || to.kind() == Kind.TIME);
    }

    /** Whether {@code CAST} from {@code from} to {@code to} exists. */
    public static boolean castable(SqlType from, SqlType to) {
        if (to.isUnknown()) {
            return from.isUnknown();
        }
        if (assignable(from, to) || from.isCharacter() || to.isCharacter()) {
            return true;
        }
        return (from.family() == Family.BOOLEAN && to.family() == Family.INTEGER)
                || (from.family() == Family.INTEGER && to.family() == Family.BOOLEAN);
    }

    /**
     * The type two values take when they meet in a CASE or a UNION; empty where they cannot. Of two
     * strings or decimals with different lengths or scales it is the type without, and so it is beside an UNKNOWN: no
     * literal may be cut or rounded to the length or scale of a column it meets.
     */
    public static Optional<SqlType> common(SqlType a, SqlType b) {
        if (a.equals(b)) {
            return Optional.of(a);
        }
        if (a.isUnknown() || b.isUnknown()) {
            return Optional.of((a.isUnknown() ? b : a).unsized());
        }
        if (a.isNumeric() && b.isNumeric()) {
            return Optional.of(commonNumber(a, b));
        }
        if (a.family() == b.family()) {
            return Optional.of(commonInFamily(a, b));
        }
        if (implicit(a, b)) {
            return Optional.of(b);
        }
        return implicit(b, a) ? Optional.of(a) : Optional.empty();
    }

    /**
     * The type two values are compared in; empty where they cannot be. It is what they have in common, but that a CHAR beside
     * a VARCHAR is compared as CHAR, in which blanks at the end make no difference; beside a TEXT it is a TEXT.
     */
    public static Optional<SqlType> compared(SqlType a, SqlType b) {
        boolean blanks = (a.kind() == Kind.CHAR && b.kind() == Kind.VARCHAR)
                || (a.kind() == Kind.VARCHAR && b.kind() == Kind.CHAR);
        return blanks ? Optional.of(SqlType.BPCHAR) : common(a, b);
    }

    /** The type all values take together; UNKNOWN when all are, or there is none; empty where they cannot meet. */
    public static Optional<SqlType> common(Collection<SqlType> types) {
        SqlType result = SqlType.UNKNOWN;
        boolean anyUnknown = false;
        for (SqlType t : types) {
            anyUnknown |= t.isUnknown();
            Optional<SqlType> next = result.isUnknown() ? Optional.of(t) : common(result, t);
            if (next.isEmpty()) {
                return next;
            }
            result = next.get();
        }
        return Optional.of(anyUnknown ? result.unsized() : result);
    }

    private static SqlType commonNumber(SqlType a, SqlType b) {
        if (a.kind() == b.kind()) {
            return SqlType.plain(a.kind());
        }
        SqlType wider = rank(a.kind()) > rank(b.kind()) ? a : b;
        return switch (wider.kind()) {
            case DECIMAL -> SqlType.DECIMAL;
            // A REAL has 24 bits, too few for any other number.
            case REAL -> SqlType.DOUBLE;
            default -> wider;
        };
    }

    private static SqlType commonInFamily(SqlType a, SqlType b) {
        return switch (a.family()) {
            case CHARACTER ->
                a.kind() == b.kind()
                        ? a.unsized()
                        : a.kind() == Kind.TEXT || b.kind() == Kind.TEXT ? SqlType.TEXT : SqlType.VARCHAR;
            case BINARY -> a.kind() == Kind.BLOB || b.kind() == Kind.BLOB ? SqlType.BLOB : SqlType.VARBINARY;
            case TIME -> SqlType.fractional(Kind.TIME, Math.max(a.precision(), b.precision()));
            case TIMESTAMP ->
                SqlType.fractional(
                        a.kind() == b.kind() ? a.kind() : Kind.TIMESTAMPTZ, Math.max(a.precision(), b.precision()));
            default -> a;
        };
    }

    private static int rank(Kind kind) {
        return switch (kind) {
            case SMALLINT -> 1;
            case INTEGER -> 2;
            case BIGINT -> 3;
            case DECIMAL -> 4;
            case REAL -> 5;
            case DOUBLE -> 6;
            default -> throw new IllegalArgumentException(kind + " is no number");
        };
    }
}
