package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.txn.TransactionException.Kind;

/** Ranges that a transaction deletes or locks, and locks of many keys that become one of a range. */
@Timeout(60)
class TransactionRangesTest extends TransactionFixture {
    @Test
    void rangeDeleteAndLaterPutsCommitInOrder() {
        put("a", "1", "b", "1", "c", "1", "d", "1");
        try (Transaction txn = begin()) {
            txn.put(key("b"), key("2"));
            txn.deleteRange(KeyRange.of(key("b"), key("d")));
            txn.put(key("c"), key("3"));
            txn.deleteRange(KeyRange.of(key("x"), key("x")));
            txn.commit();
        }
        try (Transaction txn = begin()) {
            assertEquals(List.of("a=1", "c=3", "d=1"), scan(txn));
        }
    }

    @Test
    void rangeDeleteKeepsOthersFromLockingInTheRange() {
        put("b", "1");
        try (Transaction deleter = begin();
                Transaction other = begin()) {
            deleter.deleteRange(KeyRange.of(key("a"), key("d")));
            other.setLockTimeoutMillis(0);
            assertKind(Kind.LOCK_TIMEOUT, () -> other.lock(key("b")));
            assertFalse(other.tryLock(key("c")));
            other.lock(key("d"));
            deleter.commit();
            assertTrue(other.lock(key("b")));
            assertNull(other.getLatest(key("b")));
        }
    }

    @Test
    void lockRangeTellsWhetherToLookAgain() {
        put("a", "1");
        try (Transaction txn = begin()) {
            txn.beginStatement();
            put("b", "1");
            assertTrue(txn.lockRange(KeyRange.of(key("a"), key("z"))));
            txn.beginStatement();
            assertFalse(txn.lockRange(KeyRange.of(key("a"), key("z"))));
            assertEquals(List.of("a=1", "b=1"), scan(txn));
        }
    }

    @Test
    void rangeDeleteUnderRepeatableReadIsRefusedWhenTheRangeChanged() {
        put("a", "1");
        try (Transaction txn = begin(Isolation.REPEATABLE_READ)) {
            txn.beginStatement();
            put("b", "unseen");
            txn.deleteRange(KeyRange.of(key("a"), key("z")));
            assertKind(Kind.SERIALIZATION, txn::commit);
        }
        assertEquals("unseen", newest("b"));
    }

    @Test
    void unboundedRangeDeleteIsRefused() {
        try (Transaction txn = begin()) {
            assertThrows(IllegalArgumentException.class, () -> txn.deleteRange(KeyRange.from(key("a"))));
            assertThrows(IllegalArgumentException.class, () -> txn.setLockTimeoutMillis(-1));
        }
    }

    /** Parts that nobody counts, and that are locked together as {@code ranges} says. */
    private static CountedParts lockedBy(Function<byte[], KeyRange> ranges) {
        return new NothingCounted() {
            @Override
            public KeyRange lockedTogether(byte[] key) {
                return ranges.apply(key);
            }
        };
    }

    @Test
    void manyLocksBecomeOne() {
        CountedParts parts = lockedBy(key -> KeyRange.prefix(new byte[] {key[0]}));
        Transactions small = new Transactions(transactions.store(), parts, 1_000);
        try (Transaction txn = small.begin();
                Transaction other = small.begin()) {
            assertTrue(other.tryLock(key("k500")));
            for (int i = 0; i < 15; i++) {
                txn.lock(key("k" + i));
                txn.lock(key("m" + i));
            }
            assertTrue(small.lockedKeys() < 25, () -> "m is locked as a whole: " + small.lockedKeys());
            assertFalse(other.tryLock(key("mmm")));
            assertTrue(other.tryLock(key("kkk")));
            assertKind(Kind.TOO_LARGE, () -> {
                for (int i = 20; i < 100; i++) {
                    txn.lock(key("k" + i));
                }
            });
            other.rollback();
            txn.lock(key("k1000"));
            assertEquals(0, small.lockedKeys());
            txn.rollback();
        }
        assertEquals(0, small.lockedKeys());
    }

    @Test
    void whatIsLockedAsAWholeIsNotLockedSoAgain() {
        int[] asked = new int[1];
        CountedParts parts = lockedBy(key -> {
            asked[0] += key[0] == 'm' ? 1 : 0;
            return key[0] == 'm' ? KeyRange.prefix(new byte[] {key[0]}) : null;
        });
        Transactions small = new Transactions(transactions.store(), parts, 1_000);
        try (Transaction txn = small.begin()) {
            for (int i = 0; i < 100; i++) {
                txn.lock(key("x" + i)); // these stay: there is nothing to lock in their place
            }
            for (int i = 0; i < 1_000; i++) {
                txn.lock(key("m" + i));
            }
            assertEquals(1, asked[0], "each look goes through all the locks");
        }
        assertEquals(0, small.lockedKeys());
    }

    @Test
    void rangesBeyondTheirMemoryAreRefused() {
        Transactions small = new Transactions(transactions.store(), 100);
        try (Transaction txn = small.begin()) {
            assertKind(Kind.TOO_LARGE, () -> {
                for (int i = 0; i < 30_000; i++) {
                    byte[] lo = String.format("%08d", 2 * i).getBytes(StandardCharsets.UTF_8);
                    byte[] hi = String.format("%08d", 2 * i + 1).getBytes(StandardCharsets.UTF_8);
                    txn.deleteRange(KeyRange.of(lo, hi));
                }
            });
        }
    }
}
