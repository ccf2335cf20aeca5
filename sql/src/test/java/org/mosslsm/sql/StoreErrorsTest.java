package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.sql.error.SqlState;

/** What a disk refuses has the SQLSTATE that PostgreSQL gives it. */
class StoreErrorsTest {
    @Test
    void aShortageIsToldFromAFailure() {
        assertEquals(SqlState.DISK_FULL, state("f: No space left on device"));
        assertEquals(SqlState.INSUFFICIENT_RESOURCES, state("f (Too many open files)"));
        assertEquals(SqlState.IO_ERROR, state("f: Input/output error"));
    }

    private static String state(String said) {
        return StoreErrors.translate(new KvIoException("cannot write f", new IOException(said)))
                .sqlState();
    }
}
