// Time zones by name.
package org.mosslsm.sql.type;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds time zones by what SQL calls them. The case of letters does not matter. Thread-safe.
 *
 * <pre>
 * name            UTC, europe/berlin
 * specification   [letters | &lt;anything&gt;] [+|-] hh[:mm[:ss]]   as in POSIX and PostgreSQL: UTC+3, +03:00 are WEST of UTC
 * abbreviation    PST, cest                                   behind a time only, and counts before a name there
 * number          2, -5.5                                     of hours, of a session only: positive is EAST of UTC
 * </pre>
 *
 * A distance is at most 18 hours. The offset behind a time ({@code 12:00+02}) is none of these, and positive to the east.
 */
public final class ZoneNames {
    private static final Pattern SPECIFICATION =
            Pattern.compile("(?:<[^>]*>|[\\p{L}_/]*)([+-]?)(\\d{1,3})(?::(\\d{1,2})(?::(\\d{1,2}))?)?");

    /** What java.time reads, too, but as a distance to the east. */
    private static final Pattern DISTANCE = Pattern.compile("(?:UTC|GMT|UT)?[+-].*");

    private static final Pattern HOURS = Pattern.compile("[+-]?\\d{1,3}(?:\\.\\d{0,9})?");

    /** Names in small letters, and as the platform has them; asked for only where a name is not known as written. */
    private static final class Lower {
        static final Map<String, String> NAMES = ZoneId.getAvailableZoneIds().stream()
                .collect(Collectors.toMap(n -> n.toLowerCase(Locale.ROOT), n -> n, (a, b) -> a));
    }

    private ZoneNames() {}

    /** The zone of that name or specification; empty where there is none. */
    public static Optional<ZoneId> find(String name) {
        return named(name).or(() -> specified(name));
    }

    /** As {@link #find}, of an abbreviation too, which counts before a name. */
    public static Optional<ZoneId> findOfTime(String name) {
        return ZoneAbbreviations.find(name).or(() -> find(name));
    }

    /** As {@link #find}, of a number of hours too. */
    public static Optional<ZoneId> findOfSession(String name) {
        return HOURS.matcher(name).matches()
                ? offset(new BigDecimal(name).movePointRight(2).multiply(BigDecimal.valueOf(36)))
                : find(name);
    }

    /** What {@link #findOfSession} reads back as the same zone. */
    public static String text(ZoneId zone) {
        if (!(zone instanceof ZoneOffset) && !DISTANCE.matcher(zone.getId()).matches()) {
            return zone.getId();
        }
        ZoneOffset east = (ZoneOffset) zone.normalized();
        if (east.getTotalSeconds() == 0) {
            return "UTC";
        }
        ZoneOffset west = ZoneOffset.ofTotalSeconds(-east.getTotalSeconds());
        return "<" + shortened(east) + ">" + shortened(west);
    }

    /** {@code +02}, {@code -05:30}. */
    private static String shortened(ZoneOffset offset) {
        String id = offset.getId();
        return id.endsWith(":00") ? id.substring(0, id.length() - 3) : id;
    }

    private static Optional<ZoneId> named(String name) {
        if (!DISTANCE.matcher(name).matches()) {
            try {
                return Optional.of(ZoneId.of(name));
            } catch (DateTimeException unknown) {
                // Its letters may be of another case.
            }
        }
        String lower = Words.lower(name);
        return switch (lower) {
            // The platform's list may lack these.
            case "est", "mst", "hst" -> ZoneAbbreviations.find(lower);
            default -> Optional.ofNullable(Lower.NAMES.get(lower)).map(ZoneId::of);
        };
    }

    private static Optional<ZoneId> specified(String name) {
        Matcher m = SPECIFICATION.matcher(name);
        if (!m.matches() || part(m, 3) > 59 || part(m, 4) > 59) {
            return Optional.empty();
        }
        int seconds = (part(m, 2) * 60 + part(m, 3)) * 60 + part(m, 4);
        return offset(BigDecimal.valueOf(m.group(1).equals("-") ? seconds : -seconds));
    }

    private static int part(Matcher m, int group) {
        return m.group(group) == null ? 0 : Integer.parseInt(m.group(group));
    }

    /** So many seconds to the east. */
    private static Optional<ZoneId> offset(BigDecimal seconds) {
        int whole = seconds.setScale(0, RoundingMode.HALF_EVEN).intValue();
        return Math.abs(whole) > ZoneOffset.MAX.getTotalSeconds()
                ? Optional.empty()
                : Optional.of(ZoneOffset.ofTotalSeconds(whole));
    }
}
