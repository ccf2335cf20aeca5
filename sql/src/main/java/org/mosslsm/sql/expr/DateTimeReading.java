// Dates and times read by a pattern.
package org.mosslsm.sql.expr;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.JulianFields;
import java.time.temporal.Temporal;
import java.util.List;
import java.util.Locale;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.DateTimePattern.Piece;
import org.mosslsm.sql.expr.DateTimePattern.Word;

/** One text being read by a {@link DateTimePattern}, as PostgreSQL does it: piece by piece, to the end of either. */
final class DateTimeReading {
    private final String text;
    private int at;
    private int year;
    private int yearDigits = 4;
    private int century;
    private int month;
    private int day;
    private int hour;
    private int minute;
    private int second;
    private int micros;
    private int dayOfYear;
    private int weekYear;
    private int week;
    private int weekday = 1;
    private int weekDays;
    private long julian = -1;
    private long secondOfDay = -1;
    private boolean clock12;
    private boolean afternoon;
    private boolean beforeChrist;
    private boolean gregorian;
    private boolean isoWeeks;

    private DateTimeReading(String text) {
        this.text = text;
    }

    /**
     * Reads a date and time; what the pattern does not name is the first of its kind, and the year 1 BC.
     *
     * @throws SqlException 22007 where the text does not fit, 22008 for a date that is none
     */
    static LocalDateTime of(DateTimePattern pattern, String text) {
        DateTimeReading r = new DateTimeReading(text);
        List<Piece> pieces = pattern.pieces();
        for (int i = 0; i < pieces.size() && r.at < text.length(); i++) {
            Piece p = pieces.get(i);
            if (p.word() == null) {
                r.skip(p.text());
                continue;
            }
            r.skipBlanks();
            r.read(p, i + 1 < pieces.size() && pieces.get(i + 1).word() != null);
            if (!p.ending().isEmpty()) {
                r.at = Math.min(r.at + 2, text.length());
            }
        }
        if (r.gregorian && r.isoWeeks) {
            throw new SqlException(
                    SqlState.INVALID_DATETIME, "a pattern must not mix the calendar of ISO weeks and that of months");
        }
        try {
            return r.made();
        } catch (DateTimeException e) {
            throw new SqlException(
                    SqlState.DATETIME_OVERFLOW, "date/time field value out of range: \"" + text + "\"", e);
        }
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** Plain text of the pattern stands for as many characters, but signs and blanks for any number of those. */
    private void skip(String plain) {
        for (int i = 0; i < plain.length(); i++) {
            boolean letter = Character.isLetterOrDigit(plain.charAt(i));
            skipBlanks();
            if (at < text.length() && (letter || !Character.isLetterOrDigit(text.charAt(at)))) {
                at++;
            }
        }
    }

    private void read(Piece p, boolean digitsFollow) {
        switch (p.word()) {
            case HH24 -> hour = digits(2);
            case HH, HH12 -> {
                hour = digits(2);
                clock12 = true;
                if (hour < 1 || hour > 12) {
                    throw new SqlException(
                            SqlState.INVALID_DATETIME, "hour \"" + hour + "\" is invalid for the 12-hour clock");
                }
            }
            case MI -> minute = digits(2);
            case SS -> second = digits(2);
            case SSSS, SSSSS -> secondOfDay = digits(5);
            case MS -> micros += fraction(3) * 1000;
            case US, FF6 -> micros += fraction(6);
            case FF1 -> micros += fraction(1) * 100_000;
            case FF2 -> micros += fraction(2) * 10_000;
            case FF3 -> micros += fraction(3) * 1000;
            case FF4 -> micros += fraction(4) * 100;
            case FF5 -> micros += fraction(5) * 10;
            case AM, PM, AM_DOTS, PM_DOTS -> {
                clock12 = true;
                afternoon = letters(p.word().text.length()).startsWith("P");
            }
            case IYYY, IYY, IY, I, IDDD, IW, ID -> readIso(p.word(), digitsFollow);
            case D, Q, W, WW -> digits(2);
            case J -> julian = digits(9);
            case CC -> century = digits(2);
            case BC, AD, BC_DOTS, AD_DOTS ->
                beforeChrist = letters(p.word().text.length()).startsWith("B");
            case DAY ->
                name(p, DayOfWeek.values().length, i -> DayOfWeek.of(i).getDisplayName(TextStyle.FULL, Locale.ENGLISH));
            case DY ->
                name(p, DayOfWeek.values().length, i -> DayOfWeek.of(i)
                        .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                        .substring(0, 3));
            case TZ, TZH, TZM, OF ->
                throw new SqlException(
                        SqlState.NOT_SUPPORTED, "\"" + p.text() + "\" is not supported where a time is read");
            default -> readDate(p, digitsFollow);
        }
    }

    private void readDate(Piece p, boolean digitsFollow) {
        gregorian = true;
        switch (p.word()) {
            case YYYY -> {
                year = digits(digitsFollow ? 4 : 9);
                yearDigits = 4;
            }
            case YYY -> shortYear(3);
            case YY -> shortYear(2);
            case Y -> shortYear(1);
            case Y_COMMA -> {
                int thousands = digits(6);
                at = Math.min(at + 1, text.length());
                year = thousands * 1000 + digits(3);
            }
            case MONTH -> month = name(p, 12, i -> Month.of(i).getDisplayName(TextStyle.FULL, Locale.ENGLISH));
            case MON ->
                month = name(p, 12, i -> Month.of(i)
                        .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                        .substring(0, 3));
            case RM -> month = 13 - name(p, 12, i -> DateTimePattern.ROMAN[12 - i]); // the longer before its beginning
            case MM -> month = digits(2);
            case DD -> day = digits(2);
            case DDD -> dayOfYear = digits(3);
            default -> throw new IllegalStateException("unknown word " + p.text());
        }
    }

    private void readIso(Word word, boolean digitsFollow) {
        isoWeeks = true;
        switch (word) {
            case IYYY -> weekYear = digits(digitsFollow ? 4 : 9);
            case IYY -> weekYear = completed(digits(3));
            case IY -> weekYear = completed(digits(2));
            case I -> weekYear = completed(digits(1));
            case IW -> week = digits(2);
            case IDDD -> weekDays = digits(3);
            default -> weekday = digits(1);
        }
    }

    private void shortYear(int most) {
        year = digits(most);
        yearDigits = most;
    }

    /** PostgreSQL: the year of that ending that is nearest to 2020. */
    private static int completed(int n) {
        return n + (n < 0 || n > 999 ? 0 : n < 70 ? 2000 : n < 100 ? 1900 : n < 520 ? 2000 : 1000);
    }

    private interface Names {
        String of(int number);
    }

    /** The number, from 1 on, of the first name that stands here. */
    private int name(Piece p, int count, Names names) {
        for (int i = 1; i <= count; i++) {
            String name = names.of(i);
            if (text.regionMatches(true, at, name, 0, name.length())) {
                at += name.length();
                return i;
            }
        }
        throw unfit(p.text());
    }

    private String letters(int most) {
        int from = at;
        while (at < text.length()
                && at - from < most
                && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        return text.substring(from, at).toUpperCase(Locale.ROOT);
    }

    private int digits(int most) {
        int from = at;
        boolean signed = at + 1 < text.length() && text.charAt(at) == '-' && isDigit(text.charAt(at + 1));
        at += signed ? 1 : 0;
        while (at < text.length() && at - from < most + (signed ? 1 : 0) && isDigit(text.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw unfit("a number");
        }
        return Integer.parseInt(text.substring(from, at));
    }

    private int fraction(int places) {
        int from = at;
        int n = digits(places);
        for (int read = at - from; read < places; read++) {
            n *= 10;
        }
        return n;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private SqlException unfit(String wanted) {
        return new SqlException(
                SqlState.INVALID_DATETIME,
                "the text \"" + text + "\" does not fit the pattern: " + wanted + " is wanted at character "
                        + (at + 1));
    }

    private LocalDateTime made() {
        LocalDate date = date();
        if (secondOfDay >= 0) {
            return date.atTime(LocalTime.ofSecondOfDay(secondOfDay)).plusNanos(micros * 1000L);
        }
        int hours = clock12 ? hour % 12 + (afternoon ? 12 : 0) : hour;
        return date.atTime(hours, minute, second).plusNanos(micros * 1000L);
    }

    private LocalDate date() {
        if (julian >= 0) {
            return LocalDate.MIN.with(JulianFields.JULIAN_DAY, julian);
        }
        if (week > 0 || weekDays > 0) {
            int days = weekDays > 0 ? weekDays - 1 : (week - 1) * 7 + weekday - 1;
            if (days < 0 || week > 53 || weekday > 7) {
                throw new DateTimeException("no such week");
            }
            Temporal monday = LocalDate.of(weekYear, 1, 4)
                    .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 1)
                    .with(ChronoField.DAY_OF_WEEK, 1);
            return LocalDate.from(monday).plusDays(days);
        }
        int y = proleptic();
        return dayOfYear > 0
                ? LocalDate.ofYearDay(y, dayOfYear)
                : LocalDate.of(y, month == 0 ? 1 : month, day == 0 ? 1 : day);
    }

    /** The year as a calendar counts it that has a year 0, which is 1 BC. */
    private int proleptic() {
        int y = isoWeeks ? weekYear : year;
        if (century != 0 && yearDigits <= 2) {
            y = y % 100 == 0 ? century * 100 : (century - 1) * 100 + y % 100;
        } else if (century != 0 && y == 0) {
            y = (century - 1) * 100 + 1;
        } else if (yearDigits < 4) {
            y = completed(y);
        }
        y = beforeChrist && y > 0 ? -y : y;
        return y < 0 ? y + 1 : y;
    }
}
