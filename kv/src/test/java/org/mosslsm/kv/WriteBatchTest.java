package org.mosslsm.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is put into a batch comes out of its bytes; bytes that are no batch are refused, and nothing worse. */
class WriteBatchTest {
    /** Writes down what it is shown. */
    private static final class Recorder implements WriteBatch.Visitor {
        final List<String> entries = new ArrayList<>();

        @Override
        public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
            entries.add("put " + text(array, keyOffset, keyLength) + " " + text(array, valueOffset, valueLength));
        }

        @Override
        public void delete(byte[] array, int keyOffset, int keyLength) {
            entries.add("delete " + text(array, keyOffset, keyLength));
        }

        @Override
        public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {
            entries.add("range " + text(array, loOffset, loLength) + " " + text(array, hiOffset, hiLength));
        }

        private static String text(byte[] array, int offset, int length) {
            return new String(array, offset, length, StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void entriesComeBackInOrder() {
        WriteBatch batch = new WriteBatch()
                .put(key("a"), key("1"))
                .delete(key(""))
                .deleteRange(key("b"), key("c"))
                .put(key(""), key(""));
        Recorder recorder = new Recorder();
        batch.forEach(recorder);
        assertEquals(List.of("put a 1", "delete ", "range b c", "put  "), recorder.entries);
        assertEquals(4, batch.count());
    }

    @Test
    void headerHoldsSequenceAndCountLittleEndian() {
        WriteBatch batch = new WriteBatch().delete(key("a"));
        batch.seal(0x0102030405060708L);
        byte[] expected = {8, 7, 6, 5, 4, 3, 2, 1, 1, 0, 0, 0, WriteBatch.DELETE, 1, 'a'};
        assertEquals(expected.length, batch.byteSize());
        assertEquals(Arrays.toString(expected), Arrays.toString(Arrays.copyOf(batch.array(), batch.byteSize())));
    }

    @Test
    void lengthsOfEverySizeRoundTrip() {
        for (int length : new int[] {0, 1, 127, 128, 129, 16_383, 16_384, 2_097_151, 2_097_152}) {
            byte[] value = new byte[length];
            Arrays.fill(value, (byte) 'v');
            WriteBatch batch = new WriteBatch().put(key("k"), value).delete(key("end"));
            Recorder recorder = new Recorder();
            batch.forEach(recorder);
            assertEquals(2, recorder.entries.size());
            assertEquals("put k ".length() + length, recorder.entries.get(0).length());
        }
    }

    @Test
    void clearedBatchIsEmptyAndReusable() {
        WriteBatch batch = new WriteBatch().put(key("a"), key("1"));
        batch.clear();
        assertEquals(0, batch.count());
        assertEquals(WriteBatch.HEADER_BYTES, batch.byteSize());
        batch.delete(key("b"));
        Recorder recorder = new Recorder();
        batch.forEach(recorder);
        assertEquals(List.of("delete b"), recorder.entries);
    }

    @Test
    void decodesInTheMiddleOfAnArray() {
        WriteBatch batch = new WriteBatch().put(key("a"), key("1"));
        batch.seal(7);
        byte[] larger = new byte[batch.byteSize() + 10];
        System.arraycopy(batch.array(), 0, larger, 5, batch.byteSize());
        Recorder recorder = new Recorder();
        assertEquals(1, WriteBatch.decode(larger, 5, batch.byteSize(), recorder));
        assertEquals(List.of("put a 1"), recorder.entries);
    }

    @Test
    void everyCutOfABatchIsRefusedOrSmaller() {
        WriteBatch batch = new WriteBatch().put(key("key"), key("value")).deleteRange(key("b"), key("c"));
        batch.seal(1);
        for (int length = 0; length < batch.byteSize(); length++) {
            int cut = length;
            assertThrows(
                    IllegalArgumentException.class,
                    () -> WriteBatch.decode(batch.array(), 0, cut, new Recorder()),
                    "cut to " + cut);
        }
    }

    @Test
    void wrongCountAndUnknownKindAreRefused() {
        WriteBatch batch = new WriteBatch().delete(key("a")).delete(key("b"));
        batch.seal(1);
        byte[] wrongCount = Arrays.copyOf(batch.array(), batch.byteSize());
        wrongCount[8] = 3;
        byte[] wrongKind = Arrays.copyOf(batch.array(), batch.byteSize());
        wrongKind[WriteBatch.HEADER_BYTES] = 9;
        for (byte[] broken : List.of(wrongCount, wrongKind)) {
            assertThrows(
                    IllegalArgumentException.class, () -> WriteBatch.decode(broken, 0, broken.length, new Recorder()));
        }
    }

    @Test
    void arbitraryBytesAreDecodedOrRefusedAndNothingElse() {
        long seed = System.nanoTime();
        System.out.println("WriteBatchTest.arbitraryBytes seed=" + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = random.nextInt(4) == 0 ? noise(random) : mutated(random);
            try {
                WriteBatch.decode(bytes, 0, bytes.length, new Recorder());
            } catch (IllegalArgumentException expected) {
                refused++;
            } catch (RuntimeException e) {
                fail("seed " + seed + ", round " + round + ": " + Arrays.toString(bytes), e);
            }
        }
        assertTrue(refused > 0);
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] mutated(Random random) {
        WriteBatch batch = new WriteBatch();
        for (int n = random.nextInt(5); n >= 0; n--) {
            switch (random.nextInt(3)) {
                case 0 -> batch.put(new byte[random.nextInt(20)], new byte[random.nextInt(200)]);
                case 1 -> batch.delete(new byte[random.nextInt(20)]);
                default -> batch.deleteRange(new byte[random.nextInt(20)], new byte[random.nextInt(20)]);
            }
        }
        batch.seal(random.nextInt(2));
        byte[] bytes = Arrays.copyOf(batch.array(), batch.byteSize());
        for (int n = random.nextInt(3); n >= 0; n--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return Arrays.copyOf(bytes, bytes.length - random.nextInt(3));
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aBatchOfOneIsTheSameBatchAndCanGrow() {
        byte[] key = {1, 2};
        byte[] value = new byte[300];
        WriteBatch one = WriteBatch.ofPut(key, value);
        WriteBatch same = new WriteBatch().put(key, value);
        assertArrayEquals(Arrays.copyOf(same.array(), same.byteSize()), Arrays.copyOf(one.array(), one.byteSize()));
        WriteBatch two = WriteBatch.ofDelete(key).put(key, value);
        WriteBatch again = new WriteBatch().delete(key).put(key, value);
        assertArrayEquals(Arrays.copyOf(again.array(), again.byteSize()), Arrays.copyOf(two.array(), two.byteSize()));
        assertEquals(2, two.count());
    }
}
