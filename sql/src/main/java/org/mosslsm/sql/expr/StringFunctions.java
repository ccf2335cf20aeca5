package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BIGINT;
import static org.mosslsm.sql.type.SqlType.BLOB;
import static org.mosslsm.sql.type.SqlType.BOOLEAN;
import static org.mosslsm.sql.type.SqlType.INTEGER;
import static org.mosslsm.sql.type.SqlType.TEXT;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.FunctionBody.Binary;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.FunctionBody.Unary;
import org.mosslsm.sql.expr.FunctionBody.Variadic;
import org.mosslsm.sql.expr.ScalarExpr.Call;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.CastMode;
import org.mosslsm.sql.type.SqlType;

/** Functions of strings and byte strings. Positions and lengths count characters (code points) from 1, or bytes. */
final class StringFunctions {
    private StringFunctions() {}

    static void register(Functions.Registrar r) {
        lengths(r);
        cases(r);
        trims(r);
        parts(r);
        searches(r);
        builders(r);
        codes(r);
        escapes(r);
    }

    /** What JDBC's escapes name besides. */
    private static void escapes(Functions.Registrar r) {
        text(r, "soundex", (s, context) -> Soundex.of(s));
        r.add("difference", INTEGER, List.of(TEXT, TEXT), (Binary)
                (a, b) -> (long) Soundex.agreement((String) a, (String) b));
        r.add("insert", TEXT, List.of(TEXT, BIGINT, BIGINT, TEXT), (Variadic) v -> {
            String s = (String) v[0];
            long start = (Long) v[1];
            long length = length((Long) v[2]);
            if (start < 1) {
                throw new SqlException(SqlState.SUBSTRING_ERROR, "INSERT begins at character 1 or later");
            }
            long end = start > Long.MAX_VALUE - length ? Long.MAX_VALUE : start + length;
            return join(
                    join(Strings.substring(s, 1, start - 1), (String) v[3]), Strings.substring(s, end, Long.MAX_VALUE));
        });
    }

    private static void lengths(Functions.Registrar r) {
        for (String name : List.of("length", "char_length", "character_length", "len")) {
            r.add(name, INTEGER, List.of(TEXT), (Unary) s -> (long) Strings.length((String) s));
        }
        r.add("length", INTEGER, List.of(BLOB), (Unary) b -> (long) ((byte[]) b).length);
        for (String name : List.of("octet_length", "bit_length")) {
            long bits = name.startsWith("bit") ? 8L : 1L;
            r.add(name, INTEGER, List.of(TEXT), (Contextual)
                    (v, context) -> bits * LongText.utf8Length((String) v[0], context));
            r.add(name, INTEGER, List.of(BLOB), (Unary) b -> bits * ((byte[]) b).length);
        }
    }

    private static void cases(Functions.Registrar r) {
        text(r, "upper", LongText::upper);
        text(r, "ucase", LongText::upper);
        text(r, "lower", LongText::lower);
        text(r, "lcase", LongText::lower);
        text(r, "initcap", Strings::initcap);
        text(r, "reverse", LongText::reverse);
        r.add("normalize", TEXT, List.of(TEXT), (Unary) s -> Normalizer.normalize((String) s, Normalizer.Form.NFC));
        r.add("normalize", TEXT, List.of(TEXT, TEXT), (Binary)
                (s, form) -> Normalizer.normalize((String) s, normalForm((String) form)));
        r.add("is_normalized", BOOLEAN, List.of(TEXT, TEXT), (Binary)
                (s, form) -> Normalizer.isNormalized((String) s, normalForm((String) form)));
    }

    private static Normalizer.Form normalForm(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "NFC" -> Normalizer.Form.NFC;
            case "NFD" -> Normalizer.Form.NFD;
            case "NFKC" -> Normalizer.Form.NFKC;
            case "NFKD" -> Normalizer.Form.NFKD;
            default ->
                throw new SqlException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "\"" + name + "\" is no normal form: there are NFC, NFD, NFKC and NFKD");
        };
    }

    private static void text(Functions.Registrar r, String name, BiFunction<String, EvalContext, String> body) {
        r.add(name, TEXT, List.of(TEXT), (Contextual) (v, context) -> body.apply((String) v[0], context));
    }

    private static void trims(Functions.Registrar r) {
        for (String name : List.of("trim", "btrim", "ltrim", "rtrim")) {
            boolean left = !name.equals("rtrim");
            boolean right = !name.equals("ltrim");
            text(r, name, (s, context) -> LongText.trim(s, " ", left, right, context));
            r.add(name, TEXT, List.of(TEXT, TEXT), (Contextual)
                    (v, context) -> LongText.trim((String) v[0], (String) v[1], left, right, context));
        }
    }

    private static void parts(Functions.Registrar r) {
        for (String name : List.of("substring", "substr")) {
            r.add(name, TEXT, List.of(TEXT, BIGINT), (Binary)
                    (s, from) -> Strings.substring((String) s, (Long) from, Long.MAX_VALUE));
            r.add(name, TEXT, List.of(TEXT, BIGINT, BIGINT), (Variadic)
                    v -> Strings.substring((String) v[0], (Long) v[1], length((Long) v[2])));
            r.add(name, BLOB, List.of(BLOB, BIGINT), (Binary)
                    (b, from) -> Strings.subarray((byte[]) b, (Long) from, Long.MAX_VALUE));
            r.add(name, BLOB, List.of(BLOB, BIGINT, BIGINT), (Variadic)
                    v -> Strings.subarray((byte[]) v[0], (Long) v[1], length((Long) v[2])));
        }
        r.add("left", TEXT, List.of(TEXT, BIGINT), (Binary) (s, n) -> Strings.left((String) s, (Long) n));
        r.add("right", TEXT, List.of(TEXT, BIGINT), (Binary) (s, n) -> Strings.right((String) s, (Long) n));
        r.add("split_part", TEXT, List.of(TEXT, TEXT, BIGINT), (Contextual)
                (v, context) -> Strings.splitPart((String) v[0], (String) v[1], (Long) v[2], context));
    }

    private static long length(long n) {
        if (n < 0) {
            throw new SqlException(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
        }
        return n;
    }

    private static void searches(Functions.Registrar r) {
        r.add("position", INTEGER, List.of(TEXT, TEXT), (Contextual)
                (v, context) -> Strings.position((String) v[1], (String) v[0], 1, context));
        r.add("locate", INTEGER, List.of(TEXT, TEXT), (Contextual)
                (v, context) -> Strings.position((String) v[1], (String) v[0], 1, context));
        r.add("locate", INTEGER, List.of(TEXT, TEXT, BIGINT), (Contextual)
                (v, context) -> Strings.position((String) v[1], (String) v[0], (Long) v[2], context));
        for (String name : List.of("strpos", "instr")) {
            r.add(name, INTEGER, List.of(TEXT, TEXT), (Contextual)
                    (v, context) -> Strings.position((String) v[0], (String) v[1], 1, context));
        }
        r.add("starts_with", BOOLEAN, List.of(TEXT, TEXT), (Binary)
                (s, prefix) -> ((String) s).startsWith((String) prefix));
    }

    private static void builders(Functions.Registrar r) {
        r.add("replace", TEXT, List.of(TEXT, TEXT, TEXT), (Contextual)
                (v, context) -> Strings.replace((String) v[0], (String) v[1], (String) v[2], context));
        r.add("translate", TEXT, List.of(TEXT, TEXT, TEXT), (Contextual)
                (v, context) -> LongText.translate((String) v[0], (String) v[1], (String) v[2], context));
        r.add("repeat", TEXT, List.of(TEXT, BIGINT), (Binary) (s, n) -> Strings.repeat((String) s, (Long) n));
        r.add("space", TEXT, List.of(BIGINT), (Unary) n -> Strings.repeat(" ", (Long) n));
        for (String name : List.of("lpad", "rpad")) {
            boolean left = name.equals("lpad");
            r.add(name, TEXT, List.of(TEXT, BIGINT), (Contextual)
                    (v, context) -> Strings.pad((String) v[0], (Long) v[1], " ", left, context));
            r.add(name, TEXT, List.of(TEXT, BIGINT, TEXT), (Contextual)
                    (v, context) -> Strings.pad((String) v[0], (Long) v[1], (String) v[2], left, context));
        }
        r.add("overlay", TEXT, List.of(TEXT, TEXT, BIGINT), (Variadic)
                v -> Strings.overlay((String) v[0], (String) v[1], (Long) v[2], Strings.length((String) v[1])));
        r.add("overlay", TEXT, List.of(TEXT, TEXT, BIGINT, BIGINT), (Variadic)
                v -> Strings.overlay((String) v[0], (String) v[1], (Long) v[2], (Long) v[3]));
    }

    private static void codes(Functions.Registrar r) {
        r.add("ascii", INTEGER, List.of(TEXT), (Unary)
                s -> ((String) s).isEmpty() ? 0L : (long) ((String) s).codePointAt(0));
        r.add("chr", TEXT, List.of(BIGINT), (Unary) n -> Strings.character((Long) n));
        r.add("to_hex", TEXT, List.of(INTEGER), (Unary) n -> Integer.toHexString((int) (long) (Long) n));
        r.add("to_hex", TEXT, List.of(BIGINT), (Unary) n -> Long.toHexString((Long) n));
        r.add("hex", TEXT, List.of(BLOB), (Contextual)
                (v, context) -> LongText.hex((byte[]) v[0], HexFormat.of().withUpperCase(), context));
    }

    static String join(String a, String b) {
        return Strings.checkLength((long) a.length() + b.length()) == 0 ? "" : a.concat(b);
    }

    static byte[] join(byte[] a, byte[] b) {
        Strings.checkLength((long) a.length + b.length);
        byte[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    /** The expression as TEXT: what is no string is printed. */
    static ScalarExpr text(ScalarExpr e) {
        return ExprFactory.convert(e, TEXT, CastMode.EXPLICIT);
    }

    /** The bytes with zeros appended up to a length, as a BINARY of it holds them, but never cut. */
    static ScalarExpr zeroPadded(ScalarExpr e, int length) {
        if (e instanceof ScalarExpr.Literal l) {
            return l.value() == null ? e : ExprFactory.literal(zeroPadded((byte[]) l.value(), length), e.type());
        }
        // Functions are equal when names and types are: what differs has to be an argument.
        Binary body = (v, n) -> zeroPadded((byte[]) v, (int) (long) (Long) n);
        return new Call(
                new ScalarFunction("zero_pad", List.of(e.type(), BIGINT), e.type(), Volatility.IMMUTABLE, true, body),
                List.of(e, ExprFactory.literal((long) length, BIGINT)));
    }

    private static byte[] zeroPadded(byte[] b, int length) {
        return b.length < length ? Arrays.copyOf(b, length) : b;
    }

    /** The string as it is shown: a CHAR with the blanks up to its length, which it is held without. */
    static ScalarExpr shown(ScalarExpr e) {
        return e.type().kind() == SqlType.Kind.CHAR && e.type().length() > 0
                ? ExprFactory.call(
                        "rpad", List.of(e, ExprFactory.literal((long) e.type().length(), BIGINT)))
                : e;
    }

    /** What CONCAT and FORMAT make of a value: of a Boolean t or f, as PostgreSQL shows it, of others their text. */
    static ScalarExpr printed(ScalarExpr e) {
        if (e.type().kind() != SqlType.Kind.BOOLEAN) {
            return text(shown(e));
        }
        Unary body = b -> (Boolean) b ? "t" : "f";
        return Functions.apply(
                new ScalarFunction("letter", List.of(BOOLEAN), TEXT, Volatility.IMMUTABLE, true, body), List.of(e));
    }

    /** CONCAT and CONCAT_WS: any number of arguments of any type, NULLs passed over. */
    static ScalarExpr concat(String name, List<ScalarExpr> arguments) {
        boolean separated = name.equals("concat_ws");
        if (arguments.isEmpty()) {
            throw Functions.undefined(name, arguments);
        }
        List<ScalarExpr> texts = new ArrayList<>();
        List<SqlType> types = new ArrayList<>();
        for (ScalarExpr e : arguments) {
            texts.add(printed(e));
            types.add(TEXT);
        }
        Variadic body = v -> {
            if (separated && v[0] == null) {
                return null;
            }
            StringBuilder sb = new StringBuilder();
            boolean first = true;
            for (int i = separated ? 1 : 0; i < v.length; i++) {
                if (v[i] != null) {
                    if (separated && !first) {
                        sb.append((String) v[0]);
                    }
                    sb.append((String) v[i]);
                    Strings.checkLength(sb.length());
                    first = false;
                }
            }
            return sb.toString();
        };
        return new Call(new ScalarFunction(name, types, TEXT, Volatility.IMMUTABLE, false, body), texts);
    }
}
