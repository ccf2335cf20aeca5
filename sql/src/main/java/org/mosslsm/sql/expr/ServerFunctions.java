// What programs ask a server of PostgreSQL about itself.
package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BIGINT;
import static org.mosslsm.sql.type.SqlType.BOOLEAN;
import static org.mosslsm.sql.type.SqlType.DECIMAL;
import static org.mosslsm.sql.type.SqlType.DOUBLE;
import static org.mosslsm.sql.type.SqlType.INTEGER;
import static org.mosslsm.sql.type.SqlType.TEXT;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.FunctionBody.Nullary;
import org.mosslsm.sql.expr.FunctionBody.Unary;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;

/** Numbers of sessions and transactions, privileges, which everybody has on what is there, sizes, and waiting. */
final class ServerFunctions {
    private static final Set<String> TABLE_PRIVILEGES =
            Set.of("select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain");
    private static final List<String> UNITS = List.of("bytes", "kB", "MB", "GB", "TB", "PB");
    private static final BigInteger MOST_HALVES = BigInteger.valueOf(20 * 1024 - 1);
    private static final Pattern SIZE =
            Pattern.compile("\\s*([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d{1,3})?)\\s*([a-zA-Z]*)\\s*");

    private ServerFunctions() {}

    static void register(Functions.Registrar r) {
        r.add("pg_backend_pid", INTEGER, List.of(), Volatility.STABLE, (Nullary)
                ctx -> server(ctx).sessionNumber());
        for (String name : List.of("txid_current", "pg_current_xact_id")) {
            r.add(name, BIGINT, List.of(), Volatility.STABLE, (Nullary)
                    ctx -> server(ctx).transactionNumber());
            r.add(name + "_if_assigned", BIGINT, List.of(), Volatility.VOLATILE, (Nullary)
                    ctx -> server(ctx).hasTransactionNumber() ? server(ctx).transactionNumber() : null);
        }
        r.add("pg_is_in_recovery", BOOLEAN, List.of(), Volatility.STABLE, (Nullary) ctx -> false);
        r.add("to_regclass", TEXT, List.of(TEXT), Volatility.STABLE, (Contextual)
                (a, ctx) -> server(ctx).relation((String) a[0]));
        r.add("pg_sleep", TEXT, List.of(DOUBLE), Volatility.VOLATILE, (Contextual)
                (a, ctx) -> sleep((Double) a[0], ctx));
        privileges(r);
        sizes(r);
    }

    private static ServerInformation server(EvalContext ctx) {
        return ctx.session().server();
    }

    /** Asks now and then whether it was cancelled: nobody else would. */
    private static String sleep(double seconds, EvalContext ctx) {
        long nanos = (long) Math.min(Math.max(seconds, 0) * 1e9, 0x1p62);
        long begin = System.nanoTime();
        for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - begin)) {
            ctx.checkCancelled();
            if (Thread.currentThread().isInterrupted()) {
                throw SqlException.canceled("interrupted while sleeping");
            }
            LockSupport.parkNanos(Math.min(left, 20_000_000));
        }
        return "";
    }

    // ---- privileges

    private interface Thing {
        /** Raises what says that it is not there. */
        void require(ServerInformation server, String name);
    }

    private static void privileges(Functions.Registrar r) {
        Thing relation = (server, name) -> {
            if (server.relation(name) == null) {
                throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
            }
        };
        privilege(r, "has_table_privilege", TABLE_PRIVILEGES, relation);
        privilege(r, "has_any_column_privilege", Set.of("select", "insert", "update", "references"), relation);
        privilege(r, "has_sequence_privilege", Set.of("usage", "select", "update"), relation);
        privilege(r, "has_schema_privilege", Set.of("create", "usage"), (server, name) -> {
            if (!server.hasSchema(name)) {
                throw new SqlException(SqlState.INVALID_SCHEMA, "schema \"" + name + "\" does not exist");
            }
        });
        privilege(r, "has_database_privilege", Set.of("create", "connect", "temporary", "temp"), (server, name) -> {
            if (!name.equals("mosslsm")) {
                throw new SqlException("3D000", "database \"" + name + "\" does not exist");
            }
        });
        Set<String> ofColumns = Set.of("select", "insert", "update", "references");
        r.add("has_column_privilege", BOOLEAN, List.of(TEXT, TEXT, TEXT), Volatility.STABLE, (Contextual)
                (a, ctx) -> hasColumn(server(ctx), (String) a[0], (String) a[1], check((String) a[2], ofColumns)));
        r.add("has_column_privilege", BOOLEAN, List.of(TEXT, TEXT, TEXT, TEXT), Volatility.STABLE, (Contextual)
                (a, ctx) -> {
                    requireUser((String) a[0]);
                    return hasColumn(server(ctx), (String) a[1], (String) a[2], check((String) a[3], ofColumns));
                });
    }

    private static Boolean hasColumn(ServerInformation server, String table, String column, boolean known) {
        server.requireColumn(table, column);
        return known;
    }

    private static void privilege(Functions.Registrar r, String name, Set<String> privileges, Thing thing) {
        r.add(name, BOOLEAN, List.of(TEXT, TEXT), Volatility.STABLE, (Contextual) (a, ctx) -> {
            thing.require(server(ctx), (String) a[0]);
            return check((String) a[1], privileges);
        });
        r.add(name, BOOLEAN, List.of(TEXT, TEXT, TEXT), Volatility.STABLE, (Contextual) (a, ctx) -> {
            requireUser((String) a[0]);
            thing.require(server(ctx), (String) a[1]);
            return check((String) a[2], privileges);
        });
    }

    private static void requireUser(String name) {
        if (!name.equals("owner") && !name.equals("public")) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
        }
    }

    /** True: who can open the database may do all. 22023 where a privilege is none. */
    private static boolean check(String words, Set<String> privileges) {
        for (String word : words.split(",", -1)) {
            String plain = word.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+with grant option$", "");
            if (!privileges.contains(plain)) {
                throw new SqlException(
                        SqlState.INVALID_PARAMETER_VALUE, "unrecognized privilege type: \"" + word.strip() + "\"");
            }
        }
        return true;
    }

    // ---- sizes

    private static void sizes(Functions.Registrar r) {
        size(r, "pg_relation_size", ServerInformation.Part.ROWS);
        size(r, "pg_table_size", ServerInformation.Part.ROWS);
        size(r, "pg_indexes_size", ServerInformation.Part.INDEXES);
        size(r, "pg_total_relation_size", ServerInformation.Part.ALL);
        r.add("pg_database_size", BIGINT, List.of(TEXT), Volatility.VOLATILE, (Contextual) (a, ctx) -> {
            if (!a[0].equals("mosslsm")) {
                throw new SqlException("3D000", "database \"" + a[0] + "\" does not exist");
            }
            return server(ctx).bytes();
        });
        r.add("pg_size_pretty", TEXT, List.of(BIGINT), (Unary) n -> pretty(BigDecimal.valueOf((Long) n)));
        r.add("pg_size_pretty", TEXT, List.of(DECIMAL), (Unary) n -> pretty((BigDecimal) n));
        r.add("pg_size_bytes", BIGINT, List.of(TEXT), (Unary) s -> bytes((String) s));
    }

    private static void size(Functions.Registrar r, String name, ServerInformation.Part part) {
        r.add(name, BIGINT, List.of(TEXT), Volatility.VOLATILE, (Contextual)
                (a, ctx) -> server(ctx).bytes((String) a[0], part));
    }

    /** As PostgreSQL writes sizes: less than 10,239.5 of a unit, and halves of it away from zero. */
    private static String pretty(BigDecimal bytes) {
        if (bytes.abs().compareTo(BigDecimal.valueOf(10 * 1024)) < 0) {
            return bytes.toPlainString() + " bytes";
        }
        BigInteger half = bytes.divideToIntegralValue(BigDecimal.valueOf(512)).toBigInteger();
        int unit = 1;
        while (unit < UNITS.size() - 1 && half.abs().compareTo(MOST_HALVES) >= 0) {
            half = half.divide(BigInteger.valueOf(1024));
            unit++;
        }
        return half.add(BigInteger.valueOf(half.signum())).divide(BigInteger.TWO) + " " + UNITS.get(unit);
    }

    private static Long bytes(String text) {
        Matcher m = SIZE.matcher(text);
        if (!m.matches()) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid size: \"" + text + "\"");
        }
        int unit = m.group(2).isEmpty() || m.group(2).equalsIgnoreCase("B") ? 0 : -1;
        for (int i = 0; i < UNITS.size(); i++) {
            unit = UNITS.get(i).equalsIgnoreCase(m.group(2)) ? i : unit;
        }
        if (unit < 0) {
            throw new SqlException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "invalid size: \"" + text + "\": a unit is one of bytes, B, kB, MB, GB, TB and PB");
        }
        BigDecimal size = new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(1L << (10 * unit)));
        try {
            return size.setScale(0, RoundingMode.HALF_UP).longValueExact();
        } catch (ArithmeticException e) {
            throw SqlException.outOfRange("BIGINT out of range: a size of " + text.strip());
        }
    }
}
