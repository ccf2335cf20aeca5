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
    /** What PostgreSQL takes by default, of those that are no names of a zone with the same offset: hours from UTC. */
    private static final String ABBREVIATIONS =
            "NZDT 13, NZST 12, AEDT 11, AEST 10, ACDT 10.5, ACST 9.5, JST 9, KST 9, AWST 8, PHT 8, SGT 8, HKT 8, MSK 3,"
                    + " EEST 3, EET 2, IDT 3, IST 2, CEST 2, CET 1, MEST 2, MET 1, BST 1, WEST 1, WET 0, GMT 0, UTC 0, UT 0,"
                    + " NDT -2.5, NST -3.5, ADT -3, AST -4, EDT -4, EST -5, CDT -5, CST -6, MDT -6, MST -7, PDT -7, PST -8,"
                    + " AKDT -8, AKST -9, HST -10";

    /** Names of zones that the platform's list may lack. */
    private static final Map<String, ZoneId> MORE =
            Map.of("est", ZoneOffset.ofHours(-5), "mst", ZoneOffset.ofHours(-7), "hst", ZoneOffset.ofHours(-10));

    private static final Map<String, ZoneId> BY_ABBREVIATION = new HashMap<>();

    static {
        for (String entry : ABBREVIATIONS.split(", *")) {
            String[] words = entry.split(" ");
            int seconds = (int) (Double.parseDouble(words[1]) * 3600);
            BY_ABBREVIATION.put(words[0].toLowerCase(Locale.ROOT), ZoneOffset.ofTotalSeconds(seconds));
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
