// Time zones by name.
package org.mosslsm.sql.type;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds time zones by their names ({@code UTC}, {@code europe/berlin}, {@code +02:00}), and by the abbreviations that stand
 * behind a time ({@code PST}, {@code cest}). The case of letters does not matter. Thread-safe.
 */
public final class ZoneNames {
    /** Names of zones that the platform's list may lack. */
    private static final Map<String, ZoneId> MORE =
            Map.of("est", ZoneOffset.ofHours(-5), "mst", ZoneOffset.ofHours(-7), "hst", ZoneOffset.ofHours(-10));

    /** What PostgreSQL takes by default: distances from UTC, whatever the season. */
    private static final Map<String, ZoneId> BY_ABBREVIATION = new HashMap<>();

    static {
        abbreviated(13, "nzdt");
        abbreviated(12, "nzst");
        abbreviated(11, "aedt");
        abbreviated(10.5, "acdt");
        abbreviated(10, "aest");
        abbreviated(9.5, "acst");
        abbreviated(9, "jst", "kst");
        abbreviated(8, "awst", "pht", "sgt", "hkt");
        abbreviated(3, "eest", "idt", "msk");
        abbreviated(2, "eet", "ist", "cest", "mest");
        abbreviated(1, "cet", "met", "bst", "west");
        abbreviated(0, "wet", "gmt", "utc", "ut");
        abbreviated(-2.5, "ndt");
        abbreviated(-3, "adt");
        abbreviated(-3.5, "nst");
        abbreviated(-4, "ast", "edt");
        abbreviated(-5, "est", "cdt");
        abbreviated(-6, "cst", "mdt");
        abbreviated(-7, "mst", "pdt");
        abbreviated(-8, "pst", "akdt");
        abbreviated(-9, "akst");
        abbreviated(-10, "hst");
    }

    private static void abbreviated(double hours, String... names) {
        for (String name : names) {
            BY_ABBREVIATION.put(name, ZoneOffset.ofTotalSeconds((int) (hours * 3600)));
        }
    }

    /** Names in small letters, and as the platform has them; asked for only where a name is not known as written. */
    private static final class Lower {
        static final Map<String, String> NAMES = ZoneId.getAvailableZoneIds().stream()
                .collect(Collectors.toMap(n -> n.toLowerCase(Locale.ROOT), n -> n, (a, b) -> a));
    }

    private ZoneNames() {}

    /** The zone of that name; empty where there is none. */
    public static Optional<ZoneId> find(String name) {
        try {
            return Optional.of(ZoneId.of(name));
        } catch (DateTimeException unknown) {
            String lower = name.toLowerCase(Locale.ROOT);
            return Optional.ofNullable(Lower.NAMES.get(lower))
                    .map(ZoneId::of)
                    .or(() -> Optional.ofNullable(MORE.get(lower)));
        }
    }

    /** As {@link #find}, of an abbreviation too, which counts before a name. */
    public static Optional<ZoneId> findOfTime(String name) {
        ZoneId abbreviated = BY_ABBREVIATION.get(name.toLowerCase(Locale.ROOT));
        return abbreviated == null ? find(name) : Optional.of(abbreviated);
    }
}
