package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.DATE;
import static org.mosslsm.sql.type.SqlType.DECIMAL;
import static org.mosslsm.sql.type.SqlType.DOUBLE;
import static org.mosslsm.sql.type.SqlType.INTERVAL;
import static org.mosslsm.sql.type.SqlType.TEXT;
import static org.mosslsm.sql.type.SqlType.TIME;
import static org.mosslsm.sql.type.SqlType.TIMESTAMP;
import static org.mosslsm.sql.type.SqlType.TIMESTAMPTZ;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.FunctionBody.Binary;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.DateTimes;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.Numbers;

/** TO_CHAR and what reads by the same patterns: TO_DATE, TO_TIMESTAMP, TO_NUMBER. */
final class FormatFunctions {
    private FormatFunctions() {}

    static void register(Functions.Registrar r) {
        r.add("to_char", TEXT, List.of(TIMESTAMP, TEXT), (Binary)
                (t, p) -> format(DateTimes.toLocalDateTime((Long) t), (String) p));
        r.add("to_char", TEXT, List.of(TIMESTAMPTZ, TEXT), Volatility.STABLE, (Contextual) (v, ctx) -> {
            long local = DateTimes.toLocal((Long) v[0], ctx.zone());
            int offset = (int) Math.floorDiv(local - (Long) v[0], 1_000_000L);
            return new DateTimePattern((String) v[1])
                    .format(DateTimes.toLocalDateTime(local), ZoneOffset.ofTotalSeconds(offset), ctx.zone());
        });
        r.add("to_char", TEXT, List.of(INTERVAL, TEXT), (Binary)
                (i, p) -> new DateTimePattern((String) p).format((Interval) i));
        r.add("to_char", TEXT, List.of(TIME, TEXT), (Binary)
                (t, p) -> new DateTimePattern((String) p).format(new Interval(0, 0, (Long) t)));
        r.add("to_char", TEXT, List.of(DECIMAL, TEXT), (Binary)
                (n, p) -> new NumberPattern((String) p).format((BigDecimal) n));
        r.add("to_char", TEXT, List.of(DOUBLE, TEXT), (Binary) (d, p) -> number((Double) d, (String) p));
        r.add("to_number", DECIMAL, List.of(TEXT, TEXT), (Binary)
                (t, p) -> new NumberPattern((String) p).parse((String) t));
        r.add("to_date", DATE, List.of(TEXT, TEXT), (Binary) (t, p) -> DateTimes.checkDay(
                new DateTimePattern((String) p).parse((String) t).toLocalDate().toEpochDay()));
        r.add("to_timestamp", TIMESTAMPTZ, List.of(TEXT, TEXT), Volatility.STABLE, (Contextual) (v, ctx) -> {
            LocalDateTime local = new DateTimePattern((String) v[1]).parse((String) v[0]);
            return DateTimes.toInstant(DateTimes.fromLocalDateTime(local), ctx.zone());
        });
    }

    private static String format(LocalDateTime t, String pattern) {
        return new DateTimePattern(pattern).format(t);
    }

    private static String number(double d, String pattern) {
        if (Double.isNaN(d) || Double.isInfinite(d)) {
            throw SqlException.outOfRange("TO_CHAR has no digits for " + Numbers.formatDouble(d));
        }
        return new NumberPattern(pattern).format(new BigDecimal(Numbers.formatDouble(d)));
    }
}
