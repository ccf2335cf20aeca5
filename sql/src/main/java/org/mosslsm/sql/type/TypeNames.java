package org.mosslsm.sql.type;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mosslsm.sql.type.SqlType.Kind;

/** Finds a type by its name: the standard's names and PostgreSQL's, H2's and SQLite's common synonyms. */
public final class TypeNames {
    private static final Map<String, Kind> KINDS = Map.ofEntries(
            entry("boolean", Kind.BOOLEAN),
            entry("bool", Kind.BOOLEAN),
            entry("smallint", Kind.SMALLINT),
            entry("int2", Kind.SMALLINT),
            entry("tinyint", Kind.SMALLINT),
            entry("integer", Kind.INTEGER),
            entry("int", Kind.INTEGER),
            entry("int4", Kind.INTEGER),
            entry("mediumint", Kind.INTEGER),
            entry("bigint", Kind.BIGINT),
            entry("int8", Kind.BIGINT),
            entry("decimal", Kind.DECIMAL),
            entry("dec", Kind.DECIMAL),
            entry("numeric", Kind.DECIMAL),
            entry("real", Kind.REAL),
            entry("float4", Kind.REAL),
            entry("float", Kind.DOUBLE),
            entry("float8", Kind.DOUBLE),
            entry("double", Kind.DOUBLE),
            entry("double precision", Kind.DOUBLE),
            entry("char", Kind.CHAR),
            entry("character", Kind.CHAR),
            entry("bpchar", Kind.CHAR),
            entry("nchar", Kind.CHAR),
            entry("national char", Kind.CHAR),
            entry("national character", Kind.CHAR),
            entry("varchar", Kind.VARCHAR),
            entry("nvarchar", Kind.VARCHAR),
            entry("varchar2", Kind.VARCHAR),
            entry("char varying", Kind.VARCHAR),
            entry("character varying", Kind.VARCHAR),
            entry("national character varying", Kind.VARCHAR),
            entry("text", Kind.TEXT),
            entry("clob", Kind.TEXT),
            entry("longtext", Kind.TEXT),
            entry("character large object", Kind.TEXT),
            entry("binary", Kind.BINARY),
            entry("varbinary", Kind.VARBINARY),
            entry("binary varying", Kind.VARBINARY),
            entry("bytea", Kind.BLOB),
            entry("blob", Kind.BLOB),
            entry("binary large object", Kind.BLOB),
            entry("date", Kind.DATE),
            entry("time", Kind.TIME),
            entry("time without time zone", Kind.TIME),
            entry("timestamp", Kind.TIMESTAMP),
            entry("datetime", Kind.TIMESTAMP),
            entry("timestamp without time zone", Kind.TIMESTAMP),
            entry("timestamptz", Kind.TIMESTAMPTZ),
            entry("timestamp with time zone", Kind.TIMESTAMPTZ),
            entry("uuid", Kind.UUID),
            entry("bit", Kind.BOOLEAN),
            entry("byte", Kind.SMALLINT),
            entry("number", Kind.DECIMAL),
            entry("char large object", Kind.TEXT),
            entry("longvarchar", Kind.TEXT),
            entry("longnvarchar", Kind.TEXT),
            entry("mediumtext", Kind.TEXT),
            entry("tinytext", Kind.TEXT),
            entry("ntext", Kind.TEXT),
            entry("nclob", Kind.TEXT),
            entry("string", Kind.TEXT),
            entry("name", Kind.TEXT),
            entry("regclass", Kind.TEXT),
            entry("longvarbinary", Kind.BLOB),
            entry("longblob", Kind.BLOB),
            entry("mediumblob", Kind.BLOB),
            entry("tinyblob", Kind.BLOB),
            entry("image", Kind.BLOB),
            entry("interval", Kind.INTERVAL),
            entry("unknown", Kind.UNKNOWN));

    /** {@code name [(arguments)] [more of the name]}, as in {@code timestamp(3) with time zone}. */
    private static final Pattern TEXT =
            Pattern.compile("\\s*([A-Za-z][\\w ]*?)\\s*(?:\\(\\s*([\\d ,]+?)\\s*\\)\\s*([A-Za-z ]*?))?\\s*");

    /** Each value of these types is filled up to its length: PostgreSQL's limit. */
    private static final int MAX_PADDED_LENGTH = 10 << 20;

    private TypeNames() {}

    /** Reads a type as {@link SqlType#toString()} writes it, or any spelling {@link #resolve} knows. */
    public static Optional<SqlType> parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        String tail = m.group(3);
        String name = tail == null || tail.isEmpty() ? m.group(1) : m.group(1) + " " + tail;
        if (m.group(2) == null) {
            return resolve(name, List.of());
        }
        try {
            List<Integer> arguments = Stream.of(m.group(2).split(","))
                    .map(String::trim)
                    .map(Integer::valueOf)
                    .toList();
            return resolve(name, arguments);
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    /**
     * The type called {@code name}.
     *
     * @param name in any case; words separated by one or more blanks
     * @param arguments length, or precision and scale, as far as given
     * @return empty when no type has the name
     * @throws IllegalArgumentException when the arguments do not fit the type; the message says why
     */
    public static Optional<SqlType> resolve(String name, List<Integer> arguments) {
        Kind kind = KINDS.get(name.toLowerCase(Locale.ROOT).trim().replaceAll("\\s+", " "));
        return kind == null ? Optional.empty() : Optional.of(make(kind, name, arguments));
    }

    private static SqlType make(Kind kind, String name, List<Integer> arguments) {
        int most =
                switch (kind) {
                    case DECIMAL -> 2;
                    case CHAR, VARCHAR, BINARY, VARBINARY, TIME, TIMESTAMP, TIMESTAMPTZ, TEXT, BLOB -> 1;
                    case DOUBLE -> name.equalsIgnoreCase("float") ? 1 : 0;
                    case BOOLEAN -> name.equalsIgnoreCase("bit") ? 1 : 0;
                    default -> 0;
                };
        if (kind == Kind.BOOLEAN && arguments.size() == 1 && arguments.get(0) != 1) {
            throw new IllegalArgumentException("type BIT is one bit, a BOOLEAN: there are no bit strings");
        }
        if (arguments.size() > most) {
            throw new IllegalArgumentException("type " + kind.sqlName() + " takes "
                    + (most == 0 ? "no arguments" : "at most " + most + (most == 1 ? " argument" : " arguments")));
        }
        int first = arguments.isEmpty() ? 0 : arguments.get(0);
        return switch (kind) {
            case DECIMAL -> decimal(arguments);
            case CHAR, BINARY ->
                arguments.isEmpty() && name.trim().equalsIgnoreCase("bpchar")
                        ? SqlType.BPCHAR
                        : SqlType.sized(kind, positive(kind, arguments.isEmpty() ? 1 : first));
            case VARCHAR, VARBINARY -> SqlType.sized(kind, arguments.isEmpty() ? 0 : positive(kind, first));
            case TIME, TIMESTAMP, TIMESTAMPTZ -> fractional(kind, arguments.isEmpty() ? SqlType.MAX_FRACTION : first);
            case DOUBLE -> arguments.isEmpty() || first > 24 ? SqlType.DOUBLE : SqlType.REAL;
            default -> SqlType.plain(kind);
        };
    }

    private static SqlType decimal(List<Integer> arguments) {
        if (arguments.isEmpty()) {
            return SqlType.DECIMAL;
        }
        int precision = arguments.get(0);
        int scale = arguments.size() > 1 ? arguments.get(1) : 0;
        if (precision < 1 || precision > SqlType.MAX_PRECISION) {
            throw new IllegalArgumentException(
                    "precision " + precision + " of DECIMAL is not between 1 and " + SqlType.MAX_PRECISION);
        }
        if (scale > precision) {
            throw new IllegalArgumentException(
                    "scale " + scale + " of DECIMAL is greater than its precision " + precision);
        }
        return SqlType.decimal(precision, scale);
    }

    private static SqlType fractional(Kind kind, int digits) {
        // PostgreSQL narrows a larger precision to what it can hold, with a warning; scripts rely on it (TIMESTAMP(9)).
        return SqlType.fractional(kind, Math.min(digits, SqlType.MAX_FRACTION));
    }

    private static int positive(Kind kind, int length) {
        if (length < 1) {
            throw new IllegalArgumentException("length of type " + kind.sqlName() + " must be at least 1");
        }
        if (length > MAX_PADDED_LENGTH && (kind == Kind.CHAR || kind == Kind.BINARY)) {
            throw new IllegalArgumentException(
                    "length of type " + kind.sqlName() + " must be at most " + MAX_PADDED_LENGTH);
        }
        return length;
    }
}
