package org.mosslsm.sql.expr;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.time.temporal.JulianFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.Interval;

/**
 * A pattern of TO_CHAR, TO_DATE and TO_TIMESTAMP, as PostgreSQL reads it: {@code 'FMDay, DD Month YYYY HH24:MI:SS.US'}. The
 * longest word of {@link Word} at a place is meant; text in double quotes and whatever is no word stands for itself. FM
 * or TM before a word takes the padding away, TH after it adds the English ending of a number; FX, and SP after a word, are
 * read and without effect. Immutable. {@link DateTimeReading} reads by it.
 */
final class DateTimePattern {
    /** What a pattern can ask for; longer words before their beginnings. */
    enum Word {
        HH24,
        HH12,
        HH,
        MI,
        SSSSS,
        SSSS,
        SS,
        MS,
        US,
        FF1,
        FF2,
        FF3,
        FF4,
        FF5,
        FF6,
        AM_DOTS("A.M."),
        PM_DOTS("P.M."),
        AM,
        PM,
        Y_COMMA("Y,YYY"),
        YYYY,
        YYY,
        YY,
        Y,
        IYYY,
        IYY,
        IY,
        MONTH,
        MON,
        MM,
        RM,
        DAY,
        DDD,
        DD,
        DY,
        D,
        IDDD,
        ID,
        IW,
        I,
        WW,
        W,
        CC,
        J,
        Q,
        BC_DOTS("B.C."),
        AD_DOTS("A.D."),
        BC,
        AD,
        TZH,
        TZM,
        TZ,
        OF;

        final String text;

        Word() {
            this.text = name();
        }

        Word(String text) {
            this.text = text;
        }
    }

    /**
     * One piece of the pattern.
     *
     * @param word null for plain text
     * @param text as it is written
     * @param fill whether numbers and names have their whole width
     * @param ending TH or th; empty for none
     */
    record Piece(Word word, String text, boolean fill, String ending) {}

    static final String[] ROMAN = {"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};

    private final List<Piece> pieces = new ArrayList<>();

    DateTimePattern(String pattern) {
        boolean fill = true;
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < pattern.length(); ) {
            if (pattern.charAt(i) == '"') {
                i = quoted(pattern, i, plain);
                continue;
            }
            if (pattern.startsWith("\\\"", i)) {
                plain.append('"');
                i += 2;
                continue;
            }
            if (isPrefix(pattern, i)) {
                fill &= pattern.regionMatches(true, i, "FX", 0, 2);
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
            i += pattern.regionMatches(true, i, "SP", 0, 2) ? 2 : 0;
            fill = true;
        }
        flush(plain);
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** Copies the text in quotes, where a backslash makes the next character plain; the place behind it. */
    private static int quoted(String pattern, int at, StringBuilder plain) {
        int i = at + 1;
        while (i < pattern.length() && pattern.charAt(i) != '"') {
            i += pattern.charAt(i) == '\\' && i + 1 < pattern.length() ? 1 : 0;
            plain.append(pattern.charAt(i++));
        }
        return i + 1;
    }

    private static boolean isPrefix(String pattern, int at) {
        return pattern.regionMatches(true, at, "FM", 0, 2)
                || pattern.regionMatches(true, at, "FX", 0, 2)
                || pattern.regionMatches(true, at, "TM", 0, 2);
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

    /** What is printed; {@code date} is null for an interval. */
    private record Fields(
            long year,
            long month,
            long day,
            long hour,
            long minute,
            long second,
            long micros,
            LocalDate date,
            ZoneOffset offset,
            String zone) {}

    /** A local time without a zone. */
    String format(LocalDateTime t) {
        return format(t, ZoneOffset.UTC, "");
    }

    /** A local time at an offset in a zone. */
    String format(LocalDateTime t, ZoneOffset offset, ZoneId zone) {
        return format(
                t,
                offset,
                zone.getDisplayName(TextStyle.SHORT, Locale.ROOT).equals("Z")
                        ? "UTC"
                        : java.time.format.DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH)
                                .format(t.atOffset(offset).atZoneSameInstant(zone)));
    }

    private String format(LocalDateTime t, ZoneOffset offset, String zone) {
        return format(new Fields(
                t.getYear(),
                t.getMonthValue(),
                t.getDayOfMonth(),
                t.getHour(),
                t.getMinute(),
                t.getSecond(),
                t.getNano() / 1000,
                t.toLocalDate(),
                offset,
                zone));
    }

    /**
     * An interval: what is not of a calendar.
     *
     * @throws SqlException 22007 where the pattern asks for what only a date has
     */
    String format(Interval i) {
        long seconds = i.micros() / 1_000_000;
        return format(new Fields(
                i.months() / 12,
                i.months() % 12,
                i.days(),
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60,
                i.micros() % 1_000_000,
                null,
                ZoneOffset.UTC,
                ""));
    }

    private String format(Fields f) {
        StringBuilder out = new StringBuilder();
        for (Piece p : pieces) {
            out.append(p.word() == null ? p.text() : format(p, f));
        }
        return out.toString();
    }

    private static String format(Piece p, Fields f) {
        long year = f.date() == null || f.year() > 0 ? f.year() : 1 - f.year();
        return switch (p.word()) {
            case HH24 -> number(f.hour(), 2, p);
            case HH12, HH -> number(f.hour() % 12 == 0 ? 12 : f.hour() % 12, 2, p);
            case MI -> number(f.minute(), 2, p);
            case SS -> number(f.second(), 2, p);
            case SSSSS, SSSS -> number(f.hour() * 3600 + f.minute() * 60 + f.second(), 1, p);
            case MS, FF3 -> number(f.micros() / 1000, 3, p);
            case US, FF6 -> number(f.micros(), 6, p);
            case FF1 -> number(f.micros() / 100_000, 1, p);
            case FF2 -> number(f.micros() / 10_000, 2, p);
            case FF4 -> number(f.micros() / 100, 4, p);
            case FF5 -> number(f.micros() / 10, 5, p);
            case YYYY -> number(year, 4, p);
            case YYY -> number(year % 1000, 3, p);
            case YY -> number(year % 100, 2, p);
            case Y -> number(year % 10, 1, p);
            case Y_COMMA ->
                year / 1000 + "," + String.format(Locale.ROOT, "%03d", Math.abs(year % 1000)) + ending(year, p);
            case MM -> number(f.month(), 2, p);
            case DD -> number(f.day(), 2, p);
            case AM, PM -> cased(isMorning(f) ? "AM" : "PM", allOrNothing(p.text()));
            case AM_DOTS, PM_DOTS -> cased(isMorning(f) ? "A.M." : "P.M.", allOrNothing(p.text()));
            default -> ofDate(p, dateOf(f, p), f);
        };
    }

    private static boolean isMorning(Fields f) {
        return Math.floorMod(f.hour(), 24L) < 12;
    }

    private static LocalDate dateOf(Fields f, Piece p) {
        if (f.date() == null) {
            throw new SqlException(
                    SqlState.INVALID_DATETIME, "\"" + p.text() + "\" of the pattern does not apply to an interval");
        }
        return f.date();
    }

    private static String ofDate(Piece p, LocalDate d, Fields f) {
        int week = d.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
        int weekYear = d.get(IsoFields.WEEK_BASED_YEAR);
        int isoYear = weekYear > 0 ? weekYear : 1 - weekYear;
        int weekday = d.getDayOfWeek().getValue();
        return switch (p.word()) {
            case IYYY -> number(isoYear, 4, p);
            case IYY -> number(isoYear % 1000, 3, p);
            case IY -> number(isoYear % 100, 2, p);
            case I -> number(isoYear % 10, 1, p);
            case IW -> number(week, 2, p);
            case ID -> number(weekday, 1, p);
            case IDDD -> number((week - 1) * 7L + weekday, 3, p);
            case DDD -> number(d.getDayOfYear(), 3, p);
            case J -> number(d.getLong(JulianFields.JULIAN_DAY), 1, p);
            case Q -> number(d.get(IsoFields.QUARTER_OF_YEAR), 1, p);
            case CC -> number(d.getYear() > 0 ? (d.getYear() + 99L) / 100 : d.getYear() / 100 - 1L, 2, p);
            case WW -> number((d.getDayOfYear() - 1) / 7 + 1L, 2, p);
            case W -> number((d.getDayOfMonth() - 1) / 7 + 1L, 1, p);
            case D -> number(weekday % 7 + 1L, 1, p);
            case MONTH -> padded(d.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH), p);
            case MON -> cased(first3(d.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH)), p.text());
            case DAY -> padded(d.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH), p);
            case DY -> cased(first3(d.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH)), p.text());
            case RM -> {
                String roman = cased(ROMAN[d.getMonthValue() - 1], allOrNothing(p.text()));
                yield p.fill() ? String.format(Locale.ROOT, "%-4s", roman) : roman;
            }
            case BC_DOTS, AD_DOTS -> cased(d.getYear() > 0 ? "A.D." : "B.C.", allOrNothing(p.text()));
            case BC, AD -> cased(d.getYear() > 0 ? "AD" : "BC", allOrNothing(p.text()));
            case TZ -> cased(f.zone(), allOrNothing(p.text()));
            case TZH -> offsetHours(f);
            case TZM -> offsetMinutes(f);
            case OF -> offsetHours(f) + (offsetMinutes(f).equals("00") ? "" : ":" + offsetMinutes(f));
            default -> throw new IllegalStateException("unknown word " + p.text());
        };
    }

    private static String offsetHours(Fields f) {
        int seconds = f.offset().getTotalSeconds();
        return String.format(Locale.ROOT, "%s%02d", seconds < 0 ? "-" : "+", Math.abs(seconds) / 3600);
    }

    private static String offsetMinutes(Fields f) {
        return String.format(Locale.ROOT, "%02d", Math.abs(f.offset().getTotalSeconds()) / 60 % 60);
    }

    private static String first3(String name) {
        return name.substring(0, 3);
    }

    private static String number(long n, int digits, Piece p) {
        String text = Long.toString(Math.abs(n));
        String whole = p.fill() ? "0".repeat(Math.max(0, digits - text.length())) + text : text;
        return (n < 0 ? "-" : "") + whole + ending(n, p);
    }

    /** st, nd, rd or th. */
    private static String ending(long number, Piece p) {
        if (p.ending().isEmpty()) {
            return "";
        }
        long n = Math.abs(number);
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

    /** What a text says by this pattern, see {@link DateTimeReading#of}. */
    LocalDateTime parse(String text) {
        return DateTimeReading.of(this, text);
    }
}
