package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A tree of writes is a sorted map, whose frozen states stay as they were. */
class WriteTreeTest {
    @Test
    void ascendingInsertsFillTheirNodes() {
        WriteTree tree = new WriteTree();
        for (int i = 0; i < 10_000; i++) {
            tree.put(key(i), key(i));
        }
        assertEquals(10_000, tree.count());
        assertTrue(depth(tree) <= 3, "depth " + depth(tree));
        assertArrayEquals(key(7_777), tree.get(key(7_777)));
        assertNull(tree.get(key(10_000)));
    }

    @Test
    void frozenStateIsNotTouchedByLaterWrites() {
        WriteTree tree = new WriteTree();
        for (int i = 0; i < 500; i++) {
            tree.put(key(i), key(1));
        }
        WriteTree.State state = tree.freeze();
        for (int i = 0; i < 1_000; i++) {
            tree.put(key(i), key(2));
        }
        tree.removeRange(key(100), key(300));
        assertEquals(500, contents(state).size());
        assertTrue(contents(state).values().stream().allMatch(v -> Arrays.equals(v, key(1))));
        assertEquals(800, tree.count());

        tree.restore(state);
        assertEquals(500, tree.count());
        tree.put(key(0), key(3));
        assertArrayEquals(key(1), WriteTree.get(state.root(), key(0)));
    }

    @Test
    void bytesFollowWhatIsKept() {
        WriteTree tree = new WriteTree();
        tree.put(new byte[10], new byte[100]);
        long one = tree.bytes();
        assertTrue(one >= 110);
        tree.put(new byte[10], new byte[50]);
        assertEquals(one - 50, tree.bytes());
        WriteTree.State state = tree.freeze();
        tree.put(new byte[11], new byte[0]);
        tree.restore(state);
        assertEquals(one - 50, tree.bytes());
        tree.removeRange(new byte[0], null);
        assertEquals(0, tree.bytes());
        assertTrue(tree.isEmpty());
    }

    @Test
    void randomHistoriesMatchATreeMap() {
        long seed = System.nanoTime();
        System.out.println("WriteTreeTest.randomHistories seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            runHistory(random, 1 + random.nextInt(3_000), "seed " + seed + " round " + round);
        }
    }

    private static void runHistory(Random random, int keys, String name) {
        WriteTree tree = new WriteTree();
        NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        List<WriteTree.State> states = new ArrayList<>();
        List<NavigableMap<byte[], byte[]>> models = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
            int dice = random.nextInt(1_000);
            if (dice < 960) {
                byte[] key = key(random.nextInt(keys));
                byte[] value = key(step);
                tree.put(key, value);
                model.put(key, value);
            } else if (dice < 975) {
                byte[] lo = key(random.nextInt(keys));
                byte[] hi = key(random.nextInt(keys));
                tree.removeRange(lo, hi);
                if (Arrays.compareUnsigned(lo, hi) < 0) {
                    model.subMap(lo, hi).clear();
                }
            } else if (dice < 977) {
                byte[] lo = key(random.nextInt(keys));
                tree.removeRange(lo, null);
                model.tailMap(lo).clear();
            } else if (dice < 995 || states.isEmpty()) {
                states.add(tree.freeze());
                models.add(copy(model));
            } else {
                int to = random.nextInt(states.size());
                tree.restore(states.get(to));
                model = copy(models.get(to));
            }
        }
        assertSame(model, tree.freeze(), random, keys, name);
        assertEquals(model.size(), tree.count(), name);
        for (int i = 0; i < states.size(); i += 1 + states.size() / 10) {
            assertSame(models.get(i), states.get(i), random, keys, name);
        }
    }

    private static void assertSame(
            NavigableMap<byte[], byte[]> model, WriteTree.State state, Random random, int keys, String name) {
        List<String> expected = new ArrayList<>();
        model.forEach((k, v) -> expected.add(Arrays.toString(k) + Arrays.toString(v)));
        List<String> forward = new ArrayList<>();
        TreeCursor cursor = new TreeCursor(state);
        for (cursor.first(); cursor.valid(); cursor.next()) {
            forward.add(Arrays.toString(cursor.key()) + Arrays.toString(cursor.value()));
        }
        assertEquals(expected, forward, name);
        List<String> backward = new ArrayList<>();
        for (cursor.last(); cursor.valid(); cursor.prev()) {
            backward.add(0, Arrays.toString(cursor.key()) + Arrays.toString(cursor.value()));
        }
        assertEquals(expected, backward, name);
        for (int i = 0; i < 50; i++) {
            byte[] key = key(random.nextInt(keys + 2));
            assertArrayEquals(model.get(key), WriteTree.get(state.root(), key), name);
            cursor.ceiling(key);
            assertPosition(model.ceilingKey(key), cursor, name);
            cursor.lower(key);
            assertPosition(model.lowerKey(key), cursor, name);
            cursor.floor(key);
            assertPosition(model.floorKey(key), cursor, name);
            if (cursor.valid()) {
                cursor.next();
                assertPosition(model.higherKey(key), cursor, name);
            }
        }
    }

    private static void assertPosition(byte[] expected, TreeCursor cursor, String name) {
        assertArrayEquals(expected, cursor.valid() ? cursor.key() : null, name);
    }

    private static Map<byte[], byte[]> contents(WriteTree.State state) {
        TreeMap<byte[], byte[]> map = new TreeMap<>(Arrays::compareUnsigned);
        TreeCursor cursor = new TreeCursor(state);
        for (cursor.first(); cursor.valid(); cursor.next()) {
            map.put(cursor.key(), cursor.value());
        }
        return map;
    }

    private static int depth(WriteTree tree) {
        int depth = 0;
        for (WriteTree.Node node = tree.freeze().root(); node != null; node = node.isLeaf() ? null : node.children[0]) {
            depth++;
        }
        return depth;
    }

    private static NavigableMap<byte[], byte[]> copy(NavigableMap<byte[], byte[]> map) {
        TreeMap<byte[], byte[]> copy = new TreeMap<>(Arrays::compareUnsigned);
        copy.putAll(map);
        return copy;
    }

    private static byte[] key(int i) {
        return new byte[] {(byte) (i >>> 8), (byte) i};
    }
}
