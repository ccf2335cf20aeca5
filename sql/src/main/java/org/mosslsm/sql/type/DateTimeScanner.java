package org.mosslsm.sql.type;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * Reads one text of a date, time or both, from left to right:
 *
 * <pre>
 * date   year sep month sep day        sep is one of - / . ; year of 3 or more digits first, or yyyymmdd,
 *        or the month as a word: {@link WordyDate}; or epoch
 * time   hour : minute [: second [. fraction]]  [AM | PM], or hhmm[ss[. fraction]]
 * era    BC | AD, at the end
 * zone   +hh[[:]mm[:ss]] to the east of UTC, below 16 hours, or what begins with a letter: {@link ZoneNames#findOfTime}
 * </pre>
 */
final class DateTimeScanner {
    /** PostgreSQL's limit; no place on earth comes near it. */
    private static final int FARTHEST_SECONDS = 16 * 3600;

    private final String whole;
    private final String text;
    private final SqlType type;
    private final boolean beforeChrist;
    private int at;
    private long timeMicros;
    private ZoneId zone;

    DateTimeScanner(String text, SqlType type) {
        String stripped = text.strip();
        boolean era = stripped.length() > 2 && !Character.isLetter(stripped.charAt(stripped.length() - 3));
        int last = stripped.length() - 2;
        this.beforeChrist = era && stripped.regionMatches(true, last, "BC", 0, 2);
        boolean annoDomini = era && stripped.regionMatches(true, last, "AD", 0, 2);
        this.whole = text;
        this.text = beforeChrist || annoDomini ? stripped.substring(0, last).stripTrailing() : stripped;
        this.type = type;
    }

    /** Microseconds of the time read last; 0 when none was. */
    long timeMicros() {
        return timeMicros;
    }

    /** The zone read, or {@code other} when none was. */
    ZoneId zoneOr(ZoneId other) {
        return zone == null ? other : zone;
    }

    LocalDate date() {
        if (text.equalsIgnoreCase("epoch")) {
            at = text.length();
            zone = ZoneOffset.UTC;
            return LocalDate.EPOCH;
        }
        if (!digit(0)) {
            return wordy();
        }
        int start = at;
        int year = number(6);
        int digits = at - start;
        if (digits == 6 && digit(at) && digit(at + 1)) {
            // yyyymmdd: the first six digits are year and month.
            return date(year / 100, year % 100, number(2));
        }
        char sep = next();
        if (digits < 3 || (sep != '-' && sep != '/' && sep != '.') || !digit(at)) {
            return wordy();
        }
        int month = number(2);
        if (next() != sep) {
            throw invalid();
        }
        return date(year, month, number(2));
    }

    private LocalDate wordy() {
        WordyDate found = WordyDate.find(text).orElseThrow(this::invalid);
        at = found.end();
        int year = found.year();
        if (found.yearDigits() < 3 && !beforeChrist) {
            year += year < 70 ? 2000 : 1900; // as POSIX
        }
        return date(year, found.month(), found.day());
    }

    private LocalDate date(int year, int month, int day) {
        if (year == 0 || year > DateTimes.MAX_YEAR) {
            throw outOfRange();
        }
        try {
            return LocalDate.of(beforeChrist ? 1 - year : year, month, day);
        } catch (DateTimeException outOfRange) {
            throw outOfRange();
        }
    }

    /** Passes over a date before a time, if there is one. */
    void optionalDate() {
        int colon = text.indexOf(':');
        int dash = text.indexOf('-');
        if (dash > 0 && (colon < 0 || dash < colon)) {
            date();
            separator();
        }
    }

    void optionalTimeAndZone() {
        if (at < text.length() && separator() && digit(at)) {
            time();
        }
        zone();
    }

    private boolean separator() {
        int start = at;
        blanks();
        if (at < text.length()
                && (text.charAt(at) == 'T' || text.charAt(at) == 't')
                && (at == start || digit(at + 1))) { // behind a blank it may begin a zone
            at++;
        }
        blanks();
        return at > start;
    }

    long time() {
        int hour = number(2);
        boolean compact = digit(at);
        if (!compact) {
            expectColon();
        }
        int minute = compact ? two() : number(2);
        int second = 0;
        int fraction = 0;
        if (compact ? digit(at) : is(':')) {
            at += compact ? 0 : 1;
            second = compact ? two() : number(2);
            if (is('.')) {
                at++;
                fraction = fraction();
            }
        }
        hour = meridiem(hour);
        if (hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute | second | fraction) != 0)) {
            throw outOfRange();
        }
        timeMicros = ((hour * 60L + minute) * 60 + second) * DateTimes.MICROS_PER_SECOND + fraction;
        if (timeMicros > DateTimes.MICROS_PER_DAY) {
            throw outOfRange(); // the second 23:59:60 has no fraction
        }
        return timeMicros;
    }

    /** The hour of the day. AM and PM are words of their own: America/New_York and AMT are zones. */
    private int meridiem(int hour) {
        blanks();
        boolean am = text.regionMatches(true, at, "AM", 0, 2);
        if (!am && !text.regionMatches(true, at, "PM", 0, 2)) {
            return hour;
        }
        if (at + 2 < text.length() && Character.isLetter(text.charAt(at + 2))) {
            return hour;
        }
        if (hour > 12) {
            throw outOfRange();
        }
        at += 2;
        return am ? hour % 12 : hour % 12 + 12;
    }

    /** Six digits of a second's fraction; the seventh rounds. */
    private int fraction() {
        int start = at;
        int value = 0;
        int places = 0;
        boolean up = false;
        while (digit(at)) {
            int d = text.charAt(at++) - '0';
            if (places < 6) {
                value = value * 10 + d;
            } else if (places == 6) {
                up = d >= 5;
            }
            places++;
        }
        if (at == start) {
            throw invalid();
        }
        for (int i = places; i < 6; i++) {
            value *= 10;
        }
        return up ? value + 1 : value;
    }

    void zone() {
        blanks();
        if (at == text.length()) {
            return;
        }
        char c = text.charAt(at);
        if (c == '+' || c == '-') {
            at++;
            zone = offset(c == '-');
        } else {
            String name = text.substring(at).strip();
            zone = named(name);
            at = text.length();
        }
    }

    private ZoneId named(String name) {
        return Optional.of(name)
                .filter(n -> !n.isEmpty() && Character.isLetter(n.charAt(0)))
                .flatMap(ZoneNames::findOfTime)
                .orElseThrow(() -> new SqlException(
                        SqlState.INVALID_DATETIME, "time zone \"" + name + "\" is not known, in \"" + whole + "\""));
    }

    private ZoneOffset offset(boolean negative) {
        int start = at;
        int hours = number(4);
        int minutes = 0;
        int seconds = 0;
        if (at - start > 2) {
            minutes = hours % 100;
            hours /= 100;
        } else if (is(':')) {
            at++;
            minutes = number(2);
            if (is(':')) {
                at++;
                seconds = number(2);
            }
        }
        int total = (hours * 60 + minutes) * 60 + seconds;
        if (minutes > 59 || seconds > 59 || total >= FARTHEST_SECONDS) {
            throw new SqlException(
                    SqlState.INVALID_ZONE_DISPLACEMENT, "time zone displacement out of range: \"" + shown() + "\"");
        }
        return ZoneOffset.ofTotalSeconds(negative ? -total : total);
    }

    void end() {
        blanks();
        if (at < text.length()) {
            throw invalid();
        }
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private void expectColon() {
        if (next() != ':') {
            throw invalid();
        }
    }

    private char next() {
        if (at == text.length()) {
            throw invalid();
        }
        return text.charAt(at++);
    }

    private boolean is(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private boolean digit(int i) {
        return i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }

    private int two() {
        int start = at;
        int value = number(2);
        if (at < start + 2) {
            throw invalid();
        }
        return value;
    }

    private int number(int most) {
        int start = at;
        int value = 0;
        while (at - start < most && digit(at)) {
            value = value * 10 + text.charAt(at++) - '0';
        }
        if (at == start) {
            throw invalid();
        }
        return value;
    }

    private SqlException invalid() {
        return new SqlException(SqlState.INVALID_DATETIME, "invalid input for type " + type + ": \"" + shown() + "\"");
    }

    private SqlException outOfRange() {
        return new SqlException(
                SqlState.DATETIME_OVERFLOW, "field of " + type + " is out of range: \"" + shown() + "\"");
    }

    private String shown() {
        return whole.length() > 100 ? whole.substring(0, 100) + "..." : whole;
    }
}
