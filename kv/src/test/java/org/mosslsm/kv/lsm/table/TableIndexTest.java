package org.mosslsm.kv.lsm.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.testkit.EntryModel;
import org.mosslsm.kv.lsm.table.testkit.EntryModel.Place;

/** The index names the block that holds an entry, or the first that holds a greater one. */
class TableIndexTest {
    @Test
    void findsTheBlockOfEveryPlace() {
        long seed = new Random().nextLong();
        System.out.println("TableIndexTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            EntryModel model = EntryModel.random(random, 2 + random.nextInt(200));
            List<Place> entries = new ArrayList<>(model.entries().keySet());
            // Every few entries a block ends; block b holds entries starts[b] .. starts[b + 1].
            TreeSet<Integer> cuts = new TreeSet<>(List.of(entries.size()));
            for (int i = random.nextInt(20); i > 0; i--) {
                cuts.add(1 + random.nextInt(entries.size()));
            }
            TableIndex index = index(entries, cuts);
            assertEquals(cuts.size(), index.count());
            for (Place place : model.places(random)) {
                int first = 0;
                while (first < entries.size() && entries.get(first).compareTo(place) < 0) {
                    first++;
                }
                int wanted = cuts.headSet(first, true).size();
                int found = index.find(place.key(), 0, place.key().length, place.trailer());
                // A place between two blocks belongs to either: the cursor then steps on.
                boolean between = cuts.contains(first) && found == wanted - 1;
                assertTrue(found == wanted || between, place + ": block " + found + ", expected " + wanted);
                if (between) {
                    boolean sameKey = first < entries.size()
                            && Arrays.equals(entries.get(first).key(), place.key());
                    assertTrue(!sameKey, "a point get would miss its entry in the next block");
                }
            }
        }
    }

    @Test
    void separatorsAreShort() {
        TableIndex.Builder builder = new TableIndex.Builder();
        byte[] last = "users/00000017/a long tail that tells nothing".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] next = "users/00000031/another".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        builder.add(last, Trailer.of(5, Trailer.PUT), next, 100);
        assertTrue(builder.byteSize() < 20, builder.byteSize() + " bytes");
    }

    /** What all keys begin with is kept once: no reason to refuse that it is more than an array holds, key by key. */
    @Test
    void longKeysThatBeginAlikeAreReadAgain() {
        int keyLength = 1 << 20;
        int blocks = (int) ((1L << 31) / keyLength) + 10;
        TableIndex.Builder builder = new TableIndex.Builder();
        byte[] last = new byte[keyLength];
        byte[] next = new byte[keyLength];
        for (int i = 0; i < blocks; i++) {
            next[keyLength - 2] = (byte) ((i + 1) >> 8);
            next[keyLength - 1] = (byte) (i + 1);
            builder.add(last.clone(), 0, i + 1 < blocks ? next : null, 100);
            last[keyLength - 2] = next[keyLength - 2];
            last[keyLength - 1] = next[keyLength - 1];
        }
        ByteWriter out = new ByteWriter(100);
        builder.encode(out);
        long dataEnd = blocks * (100L + BlockCodec.TRAILER_BYTES);
        TableIndex index = TableIndex.decode(out.toByteArray(), "test", 0, dataEnd, (long) blocks * keyLength);
        assertEquals(blocks, index.count());
        last[keyLength - 2] = 1;
        last[keyLength - 1] = 7;
        assertEquals(256 + 7, index.find(last, 0, keyLength, 0));
    }

    private static TableIndex index(List<Place> entries, SortedSet<Integer> cuts) {
        TableIndex.Builder builder = new TableIndex.Builder();
        long end = 0;
        long keyBytes = 0;
        for (Place entry : entries) {
            keyBytes += entry.key().length;
        }
        for (int cut : cuts) {
            Place last = entries.get(cut - 1);
            byte[] next = cut < entries.size() ? entries.get(cut).key() : null;
            builder.add(last.key(), last.trailer(), next, 10 + cut);
            end += 10 + cut + BlockCodec.TRAILER_BYTES;
        }
        ByteWriter out = new ByteWriter(100);
        builder.encode(out);
        return TableIndex.decode(out.toByteArray(), "test", 0, end, keyBytes);
    }
}
