package org.mosslsm.sql.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.testkit.GoldenFile;
import org.mosslsm.sql.testkit.SqlWorld;

/** What statements without meaning are answered with: SQLSTATE, place, message. */
class BinderErrorsTest {
    @Test
    void errorsNameTheirPlaceAndSayWhatToDo() {
        SqlWorld world = new SqlWorld();
        assertEquals("", GoldenFile.run("org/mosslsm/sql/bind/errors.test", world::run, sql -> answer(world, sql)));
    }

    private static List<String> answer(SqlWorld world, String sql) {
        try {
            world.bind(sql);
            return List.of("ok");
        } catch (SqlException e) {
            return List.of(e.sqlState() + " " + e.line() + ":" + e.column() + " " + e.getMessage());
        }
    }
}
