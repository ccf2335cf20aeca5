// Time zones by name.
package org.mosslsm.sql.type;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds time zones by their names, of whose letters the case does not matter: {@code UTC}, {@code europe/berlin}, {@code +02:00}. */
public final class ZoneNames {
    /** Names in small letters, and as the platform has them; asked for only where a name is not known as written. */
    private static final class Lower {
        static final Map<String, String> NAMES = Stream.concat(
                        ZoneId.getAvailableZoneIds().stream(), ZoneId.SHORT_IDS.keySet().stream())
                .distinct()
                .collect(Collectors.toMap(n -> n.toLowerCase(Locale.ROOT), n -> n, (a, b) -> a));
    }

    private ZoneNames() {}

    /** The zone of that name; empty where there is none. Thread-safe. */
    public static Optional<ZoneId> find(String name) {
        try {
            return Optional.of(ZoneId.of(name, ZoneId.SHORT_IDS));
        } catch (DateTimeException unknown) {
            return Optional.ofNullable(Lower.NAMES.get(name.toLowerCase(Locale.ROOT)))
                    .map(n -> ZoneId.of(n, ZoneId.SHORT_IDS));
        }
    }
}
