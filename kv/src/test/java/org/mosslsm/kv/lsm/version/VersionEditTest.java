package org.mosslsm.kv.lsm.version;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.table.ByteReader;
import org.mosslsm.kv.lsm.table.ByteWriter;

/** Edits survive their encoding, and other bytes are refused. */
class VersionEditTest {
    @Test
    void editsRoundTrip() {
        VersionEdit edit = new VersionEdit()
                .startManifest()
                .logNumber(7)
                .nextFileNumber(99)
                .lastSequence(1L << 50)
                .closedSequence(1L << 51)
                .remove(3, TestFiles.paper(12, "a", "b", 1))
                .add(0, TestFiles.paper(13, "", "zzz", 5))
                .add(6, TestFiles.paper(14, "c", "d", true, 6));
        VersionEdit read = decode(edit.encode());
        assertEquals(edit.toString(), read.toString());
        assertTrue(read.startsManifest());
        assertEquals(1L << 51, read.closedSequence());
        assertArrayEquals(edit.encode(), read.encode());
        FileMeta file = read.added().get(1).file();
        assertTrue(file.largestExclusive());
        assertEquals(10, file.entries());
        assertEquals(1, file.deletes());
        assertEquals(300, file.rawBytes());
        assertEquals(5, file.createdMillis());
    }

    @Test
    void anEmptyEditChangesNothing() {
        VersionEdit read = decode(new VersionEdit().encode());
        assertEquals(-1, read.logNumber());
        assertEquals(-1, read.nextFileNumber());
        assertEquals(-1, read.lastSequence());
        assertEquals(-1, read.closedSequence());
    }

    @Test
    void theLeastFormatThatSaysItAllIsNeeded() {
        assertEquals(1, new VersionEdit().lastSequence(3).formatVersion());
        assertEquals(3, new VersionEdit().closedSequence(0).formatVersion());
        assertEquals(4, new VersionEdit().closedSequence(4).closedSequence(3).closedSequence());
    }

    @Test
    void anUnknownTagIsAnError() {
        byte[] bytes = new ByteWriter(10).varint(77).varint(1).toByteArray();
        CorruptionException e = assertThrows(CorruptionException.class, () -> decode(bytes));
        assertTrue(e.getMessage().contains("77"), e.getMessage());
    }

    @Test
    void aNewerFormatIsTold() {
        byte[] bytes = new ByteWriter(10).varint(1).varint(4).toByteArray();
        StoreOpenException e = assertThrows(StoreOpenException.class, () -> decode(bytes));
        assertEquals(StoreOpenException.Reason.NEWER_FORMAT, e.reason());
    }

    @Test
    void levelsThatDoNotExistAreRefused() {
        FileMeta file = TestFiles.paper(1, "a", "b", 1);
        assertThrows(IllegalArgumentException.class, () -> new VersionEdit().add(7, file));
        assertThrows(IllegalArgumentException.class, () -> new VersionEdit().remove(-1, file));
    }

    @Test
    void damagedEditsAreCorruptionAndNothingElse() {
        long seed = new Random().nextLong();
        System.out.println("VersionEditTest seed " + seed);
        Random random = new Random(seed);
        byte[] whole = new VersionEdit()
                .logNumber(7)
                .add(0, TestFiles.paper(13, "abc", "zzz", 5))
                .remove(1, TestFiles.paper(14, "c", "d", 6))
                .encode();
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = round % 2 == 0 ? whole.clone() : new byte[random.nextInt(40)];
            if (round % 2 == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            } else {
                random.nextBytes(bytes);
                if (bytes.length > 0) {
                    bytes[0] = (byte) (2 + random.nextInt(5));
                }
            }
            try {
                decode(bytes);
            } catch (CorruptionException | StoreOpenException e) {
                refused++;
            }
        }
        assertTrue(refused > 5000, refused + " refused");
    }

    private static VersionEdit decode(byte[] bytes) {
        return VersionEdit.decode(new ByteReader(bytes, 0, bytes.length, "MANIFEST-000001", 0), "MANIFEST-000001");
    }
}
