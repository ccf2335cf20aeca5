package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KeyRange;

/** Who holds a key of a range is found with order among the keys as without. */
class LockStripeTest {
    private static final int KEYS = 600;
    private static final int STEPS = 32_000;

    private final LockStripe stripe = new LockStripe();
    private final LockedRanges noRanges = new LockedRanges();
    private final List<LockOwner> owners = List.of(new LockOwner(), new LockOwner(), new LockOwner());

    /** Who holds each key. */
    private final NavigableMap<Integer, LockOwner> model = new TreeMap<>();

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private void lock(int key, LockOwner owner) {
        synchronized (stripe) {
            boolean free = model.get(key) == null || model.get(key) == owner;
            assertEquals(free, stripe.tryLock(owner, key(key), true, noRanges), "key " + key);
        }
        model.putIfAbsent(key, owner);
    }

    private void release(int key) {
        LockOwner owner = model.remove(key);
        if (owner != null) {
            int at = 0;
            while (ByteBuffer.wrap(owner.held.get(at).key).getInt() != key) {
                at++;
            }
            synchronized (stripe) {
                stripe.release(owner, owner.held.remove(at), noRanges);
            }
        }
    }

    private void compareHolders(LockOwner asking, int lo, int hi) {
        Set<LockOwner> found = Collections.newSetFromMap(new IdentityHashMap<>());
        KeyRange range = hi < KEYS ? KeyRange.of(key(lo), key(hi)) : KeyRange.from(key(lo));
        synchronized (stripe) {
            stripe.addHolders(asking, range, found);
        }
        Set<LockOwner> expected = Collections.newSetFromMap(new IdentityHashMap<>());
        expected.addAll(model.subMap(lo, hi).values());
        expected.remove(asking);
        assertEquals(expected, found);
    }

    @Test
    void holdersAreFoundWhateverCameBefore() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int ordered = 0;
        int changes = 0;
        try {
            boolean before = false;
            for (int step = 0; step < STEPS; step++) {
                int phase = step / 2_000 % 4; // asked now and then or never, more locked than let go of or fewer
                int what = random.nextInt(100);
                if (what < (phase % 2 == 0 ? 30 : 0)) {
                    int lo = random.nextInt(KEYS);
                    compareHolders(owners.get(random.nextInt(3)), lo, lo + random.nextInt(40));
                } else if (what < (phase < 2 ? 80 : 60)) {
                    lock(random.nextInt(KEYS), owners.get(random.nextInt(3)));
                } else {
                    release(random.nextInt(KEYS));
                }
                boolean now = stripe.isOrdered();
                ordered += now ? 1 : 0;
                changes += now != before ? 1 : 0;
                before = now;
            }
            assertEquals(model.size(), stripe.size());
            new ArrayList<>(model.keySet()).forEach(this::release);
            assertEquals(0, stripe.size());
            assertTrue(ordered > STEPS / 10 && ordered < STEPS * 9 / 10, "in order for " + ordered + " steps");
            assertTrue(changes > 4, changes + " times put in order or not");
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }
}
