package org.mosslsm.sql.expr;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.JulianFields;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * A pattern of TO_CHAR, TO_DATE and TO_TIMESTAMP, as PostgreSQL reads it: {@code 'FMDay, DD Month YYYY HH24:MI:SS.US'}. The
 * longest word of {@link Word} at a place is meant; text in double quotes and whatever is no word stands for itself. FM
 * before a word takes the padding away, TH after it adds the English ending of a number. Immutable.
 */
final class DateTimePattern {
    /** What a pattern can ask for; longer words before their beginnings. */
    private enum Word {
        HH24(2, ChronoField.HOUR_OF_DAY),
        HH12(2, ChronoField.CLOCK_HOUR_OF_AMPM),
        HH(2, ChronoField.CLOCK_HOUR_OF_AMPM),
        MI(2, ChronoField.MINUTE_OF_HOUR),
        SSSSS(1, ChronoField.SECOND_OF_DAY),
        SSSS(1, ChronoField.SECOND_OF_DAY),
        SS(2, ChronoField.SECOND_OF_MINUTE),
        MS(3, ChronoField.MILLI_OF_SECOND),
        US(6, ChronoField.MICRO_OF_SECOND),
        AM_DOTS("A.M."),
        PM_DOTS("P.M."),
        AM("AM"),
        PM("PM"),
        Y_COMMA("Y,YYY"),
        YYYY("YYYY"),
        YYY("YYY"),
        YY("YY"),
        Y("Y"),
        IYYY(4, IsoFields.WEEK_BASED_YEAR),
        MONTH("MONTH"),
        MON("MON"),
        MM(2, ChronoField.MONTH_OF_YEAR),
        RM("RM"),
        DAY("DAY"),
        DDD(3, ChronoField.DAY_OF_YEAR),
        DD(2, ChronoField.DAY_OF_MONTH),
        DY("DY"),
        D("D"),
        ID(1, ChronoField.DAY_OF_WEEK),
        IW(2, IsoFields.WEEK_OF_WEEK_BASED_YEAR),
        WW("WW"),
        W("W"),
        CC("CC"),
        J(1, JulianFields.JULIAN_DAY),
        Q(1, IsoFields.QUARTER_OF_YEAR),
        BC("BC"),
        AD("AD");

        private final String text;
        private final int digits;
        private final java.time.temporal.TemporalField field;

        Word(int digits, java.time.temporal.TemporalField field) {
            this.text = name();
            this.digits = digits;
            this.field = field;
        }

        Word(String text) {
            this.text = text;
            this.digits = 0;
            this.field = null;
        }
    }

    /**
     * One piece of the pattern.
     *
     * @param word null for plain text
     * @param text as it is written
     */
    private record Piece(Word word, String text, boolean fill, String ending) {}

    private final List<Piece> pieces = new ArrayList<>();

    DateTimePattern(String pattern) {
        boolean fill = true;
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < pattern.length(); ) {
            if (pattern.charAt(i) == '"') {
                int end = pattern.indexOf('"', i + 1);
                plain.append(pattern, i + 1, end < 0 ? pattern.length() : end);
                i = end < 0 ? pattern.length() : end + 1;
                continue;
            }
            if (pattern.regionMatches(true, i, "FM", 0, 2)) {
                fill = false;
                i += 2;
                continue;
            }
            Word word = word(pattern, i);
            if (word == null) {
                plain.append(pattern.charAt(i++));
                continue;
            }
            flush(plain);
            int end = i + word.text.length();
            String ending = pattern.regionMatches(true, end, "TH", 0, 2) ? pattern.substring(end, end + 2) : "";
            pieces.add(new Piece(word, pattern.substring(i, end), fill, ending));
            i = end + ending.length();
            fill = true;
        }
        flush(plain);
    }

    private void flush(StringBuilder plain) {
        if (plain.length() > 0) {
            pieces.add(new Piece(null, plain.toString(), false, ""));
            plain.setLength(0);
        }
    }

    private static Word word(String pattern, int at) {
        for (Word w : Word.values()) {
            if (pattern.regionMatches(true, at, w.text, 0, w.text.length())) {
                return w;
            }
        }
        return null;
    }

    // ---- printing

    String format(LocalDateTime t) {
        StringBuilder out = new StringBuilder();
        for (Piece p : pieces) {
            out.append(p.word() == null ? p.text() : format(p, t));
        }
        return out.toString();
    }

    private static String format(Piece p, LocalDateTime t) {
        Word w = p.word();
        if (w.field != null) {
            return number(t.getLong(w.field), w.digits, p);
        }
        int year = t.getYear() > 0 ? t.getYear() : 1 - t.getYear();
        return switch (w) {
            case YYYY -> number(year, 4, p);
            case YYY -> number(year % 1000, 3, p);
            case YY -> number(year % 100, 2, p);
            case Y -> number(year % 10, 1, p);
            case Y_COMMA -> year / 1000 + "," + String.format(Locale.ROOT, "%03d", year % 1000) + ending(year, p);
            case CC -> number((year + 99) / 100, 2, p);
            case WW -> number((t.getDayOfYear() - 1) / 7 + 1L, 2, p);
            case W -> number((t.getDayOfMonth() - 1) / 7 + 1L, 1, p);
            case D -> number(t.getDayOfWeek().getValue() % 7 + 1L, 1, p);
            case MONTH -> padded(t.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH), p);
            case MON ->
                cased(
                        t.getMonth()
                                .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                                .substring(0, 3),
                        p.text());
            case DAY -> padded(t.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH), p);
            case DY ->
                cased(
                        t.getDayOfWeek()
                                .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                                .substring(0, 3),
                        p.text());
            case RM -> {
                String roman = ROMAN[t.getMonthValue() - 1];
                String text = Character.isLowerCase(p.text().charAt(0)) ? roman.toLowerCase(Locale.ROOT) : roman;
                yield p.fill() ? String.format(Locale.ROOT, "%-4s", text) : text;
            }
            case AM, PM -> cased(t.getHour() < 12 ? "AM" : "PM", allOrNothing(p.text()));
            case AM_DOTS, PM_DOTS -> cased(t.getHour() < 12 ? "A.M." : "P.M.", allOrNothing(p.text()));
            default -> cased(t.getYear() > 0 ? "AD" : "BC", allOrNothing(p.text()));
        };
    }

    private static final String[] ROMAN = {"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};

    private static String number(long n, int digits, Piece p) {
        String text = Long.toString(n);
        return (p.fill() ? "0".repeat(Math.max(0, digits - text.length())) + text : text) + ending(n, p);
    }

    /** st, nd, rd or th. */
    private static String ending(long n, Piece p) {
        if (p.ending().isEmpty()) {
            return "";
        }
        boolean teens = n / 10 % 10 == 1;
        String ending = teens ? "th" : n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
        return Character.isUpperCase(p.ending().charAt(0)) ? ending.toUpperCase(Locale.ROOT) : ending;
    }

    /** The names of days and months are nine long with blanks. */
    private static String padded(String name, Piece p) {
        String text = cased(name, p.text());
        return p.fill() ? text + " ".repeat(9 - text.length()) : text;
    }

    /** As the word is written: MONTH, Month or month. */
    private static String cased(String name, String like) {
        if (Character.isLowerCase(like.charAt(0))) {
            return name.toLowerCase(Locale.ROOT);
        }
        return Character.isUpperCase(like.charAt(1)) ? name.toUpperCase(Locale.ROOT) : name;
    }

    private static String allOrNothing(String like) {
        return Character.isLowerCase(like.charAt(0)) ? "am" : "AM";
    }

    // ---- reading

    /** What a text says, piece by piece. */
    private static final class Reading {
        final String text;
        int at;
        int year = 1;
        int month = 1;
        int day = 1;
        int hour;
        int minute;
        int second;
        int micros;
        int dayOfYear;
        int weekYear;
        int week;
        int weekday = 1;
        long julian = -1;
        long secondOfDay = -1;
        boolean clock12;
        boolean afternoon;
        boolean beforeChrist;

        Reading(String text) {
            this.text = text;
        }

        void skipBlanks() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }
    }

    /**
     * Reads a date and time; what the pattern does not name is the first of its kind.
     *
     * @throws SqlException 22007 where the text does not fit, 22008 for a date that is none
     */
    LocalDateTime parse(String text) {
        Reading r = new Reading(text);
        for (int i = 0; i < pieces.size(); i++) {
            Piece p = pieces.get(i);
            if (p.word() == null) {
                skip(r, p.text());
            } else {
                r.skipBlanks();
                boolean digitsFollow =
                        i + 1 < pieces.size() && pieces.get(i + 1).word() != null;
                read(r, p, digitsFollow);
                if (!p.ending().isEmpty()) {
                    r.at = Math.min(r.at + 2, text.length());
                }
            }
        }
        try {
            return made(r);
        } catch (DateTimeException e) {
            throw new SqlException(
                    SqlState.DATETIME_OVERFLOW, "date/time field value out of range: \"" + text + "\"", e);
        }
    }

    /** Plain text of the pattern stands for as many characters, but signs and blanks for any number of those. */
    private static void skip(Reading r, String plain) {
        for (int i = 0; i < plain.length(); i++) {
            boolean letter = Character.isLetterOrDigit(plain.charAt(i));
            r.skipBlanks();
            if (r.at < r.text.length() && (letter || !Character.isLetterOrDigit(r.text.charAt(r.at)))) {
                r.at++;
            }
        }
    }

    private static void read(Reading r, Piece p, boolean digitsFollow) {
        switch (p.word()) {
            case HH24 -> r.hour = (int) digits(r, 2);
            case HH, HH12 -> {
                r.hour = (int) digits(r, 2);
                r.clock12 = true;
                if (r.hour < 1 || r.hour > 12) {
                    throw new SqlException(
                            SqlState.INVALID_DATETIME, "hour \"" + r.hour + "\" is invalid for the 12-hour clock");
                }
            }
            case MI -> r.minute = (int) digits(r, 2);
            case SS -> r.second = (int) digits(r, 2);
            case SSSS, SSSSS -> r.secondOfDay = digits(r, 5);
            case MS -> r.micros = (int) fraction(r, 3) * 1000;
            case US -> r.micros = (int) fraction(r, 6);
            case AM, PM, AM_DOTS, PM_DOTS -> {
                r.clock12 = true;
                r.afternoon = letters(r, p.word().text.length()).startsWith("P");
            }
            case YYYY -> r.year = (int) digits(r, digitsFollow ? 4 : 9);
            case YYY -> r.year = nearest(digits(r, 3), 1000);
            case YY -> r.year = nearest(digits(r, 2), 100);
            case Y -> r.year = nearest(digits(r, 1), 10);
            case Y_COMMA -> {
                long thousands = digits(r, 6);
                r.at = Math.min(r.at + 1, r.text.length());
                r.year = (int) (thousands * 1000 + digits(r, 3));
            }
            case MONTH, MON -> r.month = month(r, p);
            case MM -> r.month = (int) digits(r, 2);
            case DAY, DY -> letters(r, 9);
            case DD -> r.day = (int) digits(r, 2);
            case DDD -> r.dayOfYear = (int) digits(r, 3);
            case IYYY -> r.weekYear = (int) digits(r, 4);
            case IW -> r.week = (int) digits(r, 2);
            case ID -> r.weekday = (int) digits(r, 1);
            case J -> r.julian = digits(r, 9);
            case BC, AD -> r.beforeChrist = letters(r, 2).startsWith("B");
            case CC -> r.year = (int) (digits(r, 2) - 1) * 100 + 1;
            case D, Q, W, WW -> digits(r, 2);
            default ->
                throw new SqlException(
                        SqlState.NOT_SUPPORTED, "\"" + p.text() + "\" is not supported where a date is read");
        }
    }

    private static int nearest(long n, int modulo) {
        // PostgreSQL: the year of that ending that is nearest to 2020.
        long year = 2020 - 2020 % modulo + n;
        return (int) (year >= 2020 + modulo / 2 ? year - modulo : year < 2020 - modulo / 2 ? year + modulo : year);
    }

    private static int month(Reading r, Piece p) {
        String rest = r.text.substring(r.at).toLowerCase(Locale.ROOT);
        for (java.time.Month m : java.time.Month.values()) {
            String name = m.getDisplayName(TextStyle.FULL, Locale.ENGLISH).toLowerCase(Locale.ROOT);
            String wanted = p.word() == Word.MON ? name.substring(0, 3) : name;
            if (rest.startsWith(wanted)) {
                r.at += wanted.length();
                return m.getValue();
            }
        }
        throw unfit(r, p.text());
    }

    private static String letters(Reading r, int most) {
        int from = r.at;
        while (r.at < r.text.length()
                && r.at - from < most
                && (Character.isLetter(r.text.charAt(r.at)) || r.text.charAt(r.at) == '.')) {
            r.at++;
        }
        return r.text.substring(from, r.at).toUpperCase(Locale.ROOT);
    }

    private static long digits(Reading r, int most) {
        int from = r.at;
        while (r.at < r.text.length() && r.at - from < most && isDigit(r.text.charAt(r.at))) {
            r.at++;
        }
        if (r.at == from) {
            throw unfit(r, "a number");
        }
        return Long.parseLong(r.text.substring(from, r.at));
    }

    private static long fraction(Reading r, int places) {
        int from = r.at;
        long n = digits(r, places);
        for (int read = r.at - from; read < places; read++) {
            n *= 10;
        }
        return n;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static SqlException unfit(Reading r, String wanted) {
        return new SqlException(
                SqlState.INVALID_DATETIME,
                "the text \"" + r.text + "\" does not fit the pattern: " + wanted + " is wanted at character "
                        + (r.at + 1));
    }

    private static LocalDateTime made(Reading r) {
        LocalDate date;
        int year = r.beforeChrist ? 1 - r.year : r.year;
        if (r.julian >= 0) {
            date = LocalDate.MIN.with(JulianFields.JULIAN_DAY, r.julian);
        } else if (r.week > 0) {
            Temporal monday = LocalDate.of(r.weekYear == 0 ? year : r.weekYear, 1, 4)
                    .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, r.week)
                    .with(ChronoField.DAY_OF_WEEK, r.weekday);
            date = LocalDate.from(monday);
        } else {
            date = r.dayOfYear > 0 ? LocalDate.ofYearDay(year, r.dayOfYear) : LocalDate.of(year, r.month, r.day);
        }
        if (r.secondOfDay >= 0) {
            return date.atTime(java.time.LocalTime.ofSecondOfDay(r.secondOfDay)).plusNanos(r.micros * 1000L);
        }
        int hour = r.clock12 ? r.hour % 12 + (r.afternoon ? 12 : 0) : r.hour;
        return date.atTime(hour, r.minute, r.second, r.micros * 1000);
    }
}
