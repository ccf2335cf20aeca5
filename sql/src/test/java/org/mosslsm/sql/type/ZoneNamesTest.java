package org.mosslsm.sql.type;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneNamesTest {
    /** Java's own names of zones, which a program may set, and a JVM have. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Z",
                "UTC",
                "GMT0",
                "GMT+03:00",
                "UTC-05:30",
                "UT+01:02:03",
                "+18:00",
                "-18:00",
                "Etc/GMT+5",
                "EST5EDT",
                "Europe/Berlin"
            })
    void whatIsShownOfASessionsZoneIsReadBackAsThatZone(String id) {
        ZoneId zone = ZoneId.of(id);
        ZoneId back = ZoneNames.findOfSession(ZoneNames.text(zone)).orElseThrow();
        Instant summer = Instant.parse("2024-07-01T00:00:00Z");
        assertEquals(zone.getRules().getOffset(summer), back.getRules().getOffset(summer));
        assertEquals(ZoneNames.text(zone), ZoneNames.text(back));
    }

    @ParameterizedTest
    @CsvSource({
        "UTC+3, -03:00",
        "gmt-5:30, +05:30",
        "+02:00, -02:00",
        "<x y>-1:2:3, +01:02:03",
        "JST-9, +09:00",
        "x18, -18:00"
    })
    void specificationsCountTheHoursToTheWest(String name, String offset) {
        assertEquals(Optional.of(ZoneOffset.of(offset)), ZoneNames.find(name));
        assertEquals(Optional.of(ZoneOffset.of(offset)), ZoneNames.findOfTime(name));
        assertEquals(Optional.of(ZoneOffset.of(offset)), ZoneNames.findOfSession(name));
    }

    @ParameterizedTest
    @CsvSource({"+02, +02:00", "-5, -05:00", "5.75, +05:45", "0, Z", "-18.0, -18:00"})
    void aNumberOfASessionCountsThemToTheEast(String number, String offset) {
        assertEquals(Optional.of(ZoneOffset.of(offset)), ZoneNames.findOfSession(number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " UTC", "UTC+", "UTC+19", "UTC+1:60", "UTC+0530", "UTC--1", "FOO", "18.5", "FOO3BAR", "WEST"
            })
    void whatIsNoZoneIsNotFound(String name) {
        assertEquals(Optional.empty(), ZoneNames.findOfSession(name));
        assertEquals(Optional.empty(), ZoneNames.findOfTime(name));
    }

    @Test
    void anAbbreviationIsOfATimeAndCountsBeforeAName() {
        assertEquals(Optional.empty(), ZoneNames.findOfSession("CEST"));
        assertEquals(Optional.of(ZoneOffset.ofHours(2)), ZoneNames.findOfTime("CEST"));
        assertEquals(Optional.of(ZoneId.of("CET")), ZoneNames.findOfSession("cet"));
        assertEquals(Optional.of(ZoneOffset.ofHours(1)), ZoneNames.findOfTime("cet"));
        assertEquals(Optional.of(ZoneOffset.ofHours(-5)), ZoneNames.findOfSession("EST"));
    }
}
