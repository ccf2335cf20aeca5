package org.mosslsm.kv.lsm.version;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Names lead back to what they were made from, and other names to nothing. */
class FileNamesTest {
    @Test
    void namesRoundTrip() {
        for (long number : new long[] {1, 42, 999_999, 1_000_000, 123_456_789_012L}) {
            assertEquals(FileNames.Kind.MANIFEST, FileNames.kind(FileNames.manifest(number)));
            assertEquals(number, FileNames.number(FileNames.manifest(number)));
            assertEquals(FileNames.Kind.WAL, FileNames.kind(FileNames.wal(number)));
            assertEquals(number, FileNames.number(FileNames.wal(number)));
            assertEquals(FileNames.Kind.TABLE, FileNames.kind(FileNames.table(number)));
            assertEquals(number, FileNames.number(FileNames.table(number)));
        }
        assertEquals("MANIFEST-000001", FileNames.manifest(1));
        assertEquals("000002.wal", FileNames.wal(2));
        assertEquals("000003.sst", FileNames.table(3));
    }

    @Test
    void othersAreForeign() {
        for (String name : new String[] {
            "", "foo", ".sst", "1.sst", "00000x.sst", "-00001.wal", "MANIFEST-", "MANIFEST-1", "current", "000001.sst2"
        }) {
            assertEquals(FileNames.Kind.FOREIGN, FileNames.kind(name), name);
            assertEquals(-1, FileNames.number(name));
        }
        assertEquals(FileNames.Kind.CURRENT, FileNames.kind("CURRENT"));
        assertEquals(FileNames.Kind.LOCK, FileNames.kind("LOCK"));
        assertEquals(FileNames.Kind.TEMPORARY, FileNames.kind("CURRENT.tmp"));
    }
}
