package org.mosslsm.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** How a durability is made and compared. */
class DurabilityTest {
    @Test
    void onlyAnIntervalHasAnInterval() {
        assertEquals(50, Durability.interval(50).intervalMillis());
        assertEquals(Durability.Kind.INTERVAL, Durability.interval(1).kind());
        assertEquals(0, Durability.SYNC.intervalMillis());
        assertThrows(IllegalArgumentException.class, () -> Durability.interval(0));
        assertThrows(IllegalArgumentException.class, () -> Durability.interval(-1));
        assertThrows(IllegalArgumentException.class, () -> new Durability(Durability.Kind.SYNC, 5));
    }

    @Test
    void equalSettingsAreEqual() {
        assertEquals(Durability.interval(7), Durability.interval(7));
        assertEquals(Durability.SYNC, new Durability(Durability.Kind.SYNC, 0));
    }
}
