package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class MossUrlTest {
    @Test
    void takesLocationAndOptionsApart() throws SQLException {
        MossUrl url = MossUrl.parse("jdbc:mosslsm:./data?durability=process&readOnly=true", new Properties());

        assertEquals("./data", url.location());
        assertEquals(Map.of("durability", "process"), url.store());
        assertEquals(Map.of("readOnly", "true"), url.session());
    }

    @Test
    void understandsSemicolonsAndAnyCaseOfNames() throws SQLException {
        MossUrl url = MossUrl.parse("jdbc:mosslsm:mem:x;SCHEMA=public;create=false", new Properties());

        assertEquals("mem:x", url.location());
        assertEquals(Map.of("create", "false"), url.store());
        assertEquals(Map.of("schema", "public"), url.session());
    }

    @Test
    void theUrlWinsOverThePropertiesAndUserAndPasswordAreIgnored() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("durability", "none");
        properties.setProperty("user", "sa");
        properties.setProperty("password", "");

        MossUrl url = MossUrl.parse("jdbc:mosslsm:./data?durability=sync", properties);

        assertEquals(Map.of("durability", "sync"), url.store());
    }

    @Test
    void anUnknownOptionIsRefusedWithTheKnownOnes() {
        SQLException e = assertThrows(
                SQLException.class, () -> MossUrl.parse("jdbc:mosslsm:./data?INIT=RUNSCRIPT", new Properties()));

        assertTrue(e.getMessage().contains("INIT") && e.getMessage().contains("durability"), e.getMessage());
    }

    @Test
    void aUrlWithoutALocationIsRefused() {
        assertThrows(SQLException.class, () -> MossUrl.parse("jdbc:mosslsm:", new Properties()));
    }

    @Test
    void theDriverLeavesForeignUrlsAlone() throws SQLException {
        MossDriver driver = new MossDriver();

        assertNull(driver.connect("jdbc:h2:mem:", new Properties()));
        assertFalse(driver.acceptsURL("jdbc:h2:mem:"));
        assertTrue(driver.acceptsURL("jdbc:mosslsm:./data"));
    }

    @Test
    void describesEveryOptionEvenForAHalfTypedUrl() {
        DriverPropertyInfo[] infos = new MossDriver().getPropertyInfo("jdbc:mosslsm:./data?du", new Properties());

        assertEquals(MossUrl.OPTIONS.size(), infos.length);
        for (DriverPropertyInfo info : infos) {
            assertFalse(info.description.isEmpty(), info.name);
        }
    }
}
