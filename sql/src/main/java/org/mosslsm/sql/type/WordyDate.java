// Dates with the name of their month.
package org.mosslsm.sql.type;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A date in which the month is a word of English, as {@code January 8, 1999}, {@code 08-Jan-1999}, {@code 1999-Jan-08} and
 * {@code Mon, 8 Jan 1999}: the day of the week may stand before it, and is not checked.
 *
 * @param year as written
 * @param yearDigits how many digits that were
 * @param month from 1
 * @param day as written
 * @param end index behind the date
 */
record WordyDate(int year, int yearDigits, int month, int day, int end) {
    private static final Pattern DATE = Pattern.compile(("(?:(WORD)[,. ]+)?(?:(WORD)SEP(DAY)SEP(YEAR)"
                    + "|(DAY)SEP(WORD)SEP(YEAR)"
                    + "|(\\d{3,6})SEP(WORD)SEP(DAY))(?![\\d:])")
            .replace("WORD", "[a-zA-Z]{3,9}")
            .replace("SEP", "[-/., ]+")
            .replace("DAY", "\\d{1,2}")
            .replace("YEAR", "\\d{1,6}"));

    private static final Map<String, Integer> MONTHS = new HashMap<>();

    static {
        String[] names = {
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sep sept", "october oct", "november nov", "december dec"
        };
        for (int i = 0; i < names.length; i++) {
            for (String name : names[i].split(" ", -1)) {
                MONTHS.put(name, i + 1);
            }
        }
    }

    private static final Set<String> WEEKDAYS = Set.of(
            "sunday",
            "sun",
            "monday",
            "mon",
            "tuesday",
            "tue",
            "tues",
            "wednesday",
            "wed",
            "weds",
            "thursday",
            "thu",
            "thur",
            "thurs",
            "friday",
            "fri",
            "saturday",
            "sat");

    /** The date at the beginning of the text; empty where there is none. */
    static Optional<WordyDate> find(String text) {
        Matcher m = DATE.matcher(text);
        if (!m.lookingAt() || (m.group(1) != null && !WEEKDAYS.contains(lower(m.group(1))))) {
            return Optional.empty();
        }
        return m.group(2) != null ? of(m, 4, 2, 3) : m.group(6) != null ? of(m, 7, 6, 5) : of(m, 8, 9, 10);
    }

    private static Optional<WordyDate> of(Matcher m, int year, int month, int day) {
        return Optional.ofNullable(MONTHS.get(lower(m.group(month))))
                .map(number -> new WordyDate(
                        Integer.parseInt(m.group(year)),
                        m.group(year).length(),
                        number,
                        Integer.parseInt(m.group(day)),
                        m.end()));
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
