package org.mosslsm.kv.lsm.table.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.Trailer;

/** Sorted entries as plain objects: what a block or a table is compared with, and where its input comes from. */
public final class EntryModel {
    /** Key and trailer of an entry, or a place between entries to seek to. */
    @SuppressWarnings("ArrayRecordComponent") // compared by content, below
    public record Place(byte[] key, long trailer) implements Comparable<Place> {
        @Override
        public int compareTo(Place that) {
            return EntryOrder.compare(key, 0, key.length, trailer, that.key, 0, that.key.length, that.trailer);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Place that && compareTo(that) == 0;
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(key) + Long.hashCode(trailer);
        }
    }

    private final TreeMap<Place, byte[]> entries = new TreeMap<>();

    /** Entries with keys of many shapes: empty, long, with shared prefixes, with many versions, of 0x00 and 0xFF. */
    public static EntryModel random(Random random, int count) {
        EntryModel model = new EntryModel();
        int shape = random.nextInt(6);
        int maxValue = random.nextInt(8) == 0 ? 5000 : 60;
        while (model.entries.size() < count) {
            byte[] key = randomKey(random, shape == 5 ? random.nextInt(5) : shape);
            int versions = random.nextInt(5) == 0 ? 1 + random.nextInt(40) : 1;
            for (int i = 0; i < versions; i++) {
                long trailer =
                        Trailer.of(random.nextInt(100_000), random.nextInt(4) == 0 ? Trailer.DELETE : Trailer.PUT);
                byte[] value = new byte[Trailer.kind(trailer) == Trailer.DELETE ? 0 : random.nextInt(maxValue)];
                if (random.nextBoolean()) {
                    random.nextBytes(value);
                }
                model.entries.put(new Place(key, trailer), value);
            }
        }
        return model;
    }

    /** A key of one of the shapes 0 to 4. */
    public static byte[] randomKey(Random random, int shape) {
        byte[] key =
                switch (shape) {
                    case 0 -> new byte[random.nextInt(4)];
                    case 1 -> new byte[8];
                    case 2 -> new byte[20 + random.nextInt(20)];
                    case 3 -> new byte[random.nextInt(400)];
                    default -> new byte[random.nextInt(30)];
                };
        int alphabet = shape == 4 ? 2 : random.nextInt(3) == 0 ? 256 : 4;
        int constant = shape == 2 ? 17 : 0;
        for (int i = 0; i < key.length; i++) {
            int letter = random.nextInt(alphabet);
            key[i] = (byte) (i < constant ? 'p' : shape == 4 ? -letter : letter);
        }
        return key;
    }

    /** The entries, in order. */
    public NavigableMap<Place, byte[]> entries() {
        return entries;
    }

    /** Places worth seeking to: each entry, beside each entry, and random ones. */
    public List<Place> places(Random random) {
        List<Place> places = new ArrayList<>();
        for (Place place : entries.keySet()) {
            places.add(place);
            places.add(new Place(place.key, Trailer.FIRST));
            places.add(new Place(place.key, 0));
            places.add(new Place(place.key, Math.max(0, place.trailer - 1)));
            places.add(new Place(place.key, place.trailer + 1));
            places.add(new Place(Arrays.copyOf(place.key, place.key.length + 1), Trailer.FIRST));
            places.add(new Place(Arrays.copyOf(place.key, place.key.length / 2), random.nextInt(1000)));
        }
        for (int i = 0; i < 50; i++) {
            places.add(new Place(randomKey(random, random.nextInt(5)), random.nextInt(100_000)));
        }
        return places;
    }

    /** Walks the cursor from end to end both ways, zigzags, and seeks to all places from both sides. */
    public void check(EntryCursor cursor, Random random) {
        boolean at = cursor.seekFirst();
        for (Map.Entry<Place, byte[]> e = entries.firstEntry(); e != null; e = entries.higherEntry(e.getKey())) {
            expect(e, cursor, at);
            at = cursor.next();
        }
        expect(null, cursor, at);
        at = cursor.seekLast();
        for (Map.Entry<Place, byte[]> e = entries.lastEntry(); e != null; e = entries.lowerEntry(e.getKey())) {
            expect(e, cursor, at);
            at = cursor.prev();
        }
        expect(null, cursor, at);
        for (Place place : places(random)) {
            at = cursor.seek(place.key, 0, place.key.length, place.trailer);
            expect(entries.ceilingEntry(place), cursor, at);
            at = cursor.seekForPrev(place.key, 0, place.key.length, place.trailer);
            expect(entries.floorEntry(place), cursor, at);
        }
        zigzag(cursor, random);
    }

    private void zigzag(EntryCursor cursor, Random random) {
        for (Place start : places(random)) {
            boolean at = cursor.seek(start.key, 0, start.key.length, start.trailer);
            Map.Entry<Place, byte[]> e = entries.ceilingEntry(start);
            boolean forward = random.nextBoolean();
            for (int step = 0; step < 12 && e != null; step++) {
                expect(e, cursor, at);
                forward = random.nextInt(4) == 0 ? !forward : forward;
                e = forward ? entries.higherEntry(e.getKey()) : entries.lowerEntry(e.getKey());
                at = forward ? cursor.next() : cursor.prev();
            }
            expect(e, cursor, at);
        }
    }

    private static void expect(Map.Entry<Place, byte[]> expected, EntryCursor cursor, boolean at) {
        assertEquals(at, cursor.valid());
        if (expected == null) {
            assertFalse(at, "no entry is here");
            return;
        }
        assertTrue(at, "an entry is here");
        byte[] key = Arrays.copyOfRange(cursor.keyArray(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
        assertArrayEquals(expected.getKey().key, key);
        assertEquals(expected.getKey().trailer, cursor.trailer());
        byte[] value = Arrays.copyOfRange(
                cursor.valueArray(), cursor.valueOffset(), cursor.valueOffset() + cursor.valueLength());
        assertArrayEquals(expected.getValue(), value);
    }
}
