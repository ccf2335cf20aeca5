package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.txn.TransactionException.Kind;

/** What is validated at commit: reads under SERIALIZABLE, and what a caller demands under any isolation. */
@Timeout(60)
class SerializableTest extends TransactionFixture {
    @Test
    void writeSkewHappensUnderRepeatableReadAndNotUnderSerializable() {
        for (Isolation isolation : List.of(Isolation.REPEATABLE_READ, Isolation.SERIALIZABLE)) {
            put("a", "1", "b", "1");
            try (Transaction one = begin(isolation);
                    Transaction two = begin(isolation)) {
                assertEquals("1", get(one, "b"));
                assertEquals("1", get(two, "a"));
                one.lock(key("a"));
                one.put(key("a"), key("0"));
                two.lock(key("b"));
                two.put(key("b"), key("0"));
                one.commit();
                if (isolation == Isolation.SERIALIZABLE) {
                    TransactionException e = assertKind(Kind.SERIALIZATION, two::commit);
                    assertInstanceOf(ConflictException.class, e.getCause());
                    assertFalse(two.isOpen());
                } else {
                    two.commit();
                }
            }
            assertEquals(isolation == Isolation.SERIALIZABLE ? "1" : "0", newest("b"));
        }
    }

    @Test
    void phantomsAreRefusedUnderSerializable() {
        put("a1", "1");
        try (Transaction counter = begin(Isolation.SERIALIZABLE)) {
            assertEquals(List.of("a1=1"), scan(counter));
            put("a2", "phantom");
            counter.put(key("count"), key("1"));
            assertKind(Kind.SERIALIZATION, counter::commit);
        }
        assertNull(newest("count"));
    }

    @Test
    void whatWasCountedMustStayAsItWas() {
        put("a1", "1");
        try (Transaction counter = begin(Isolation.SERIALIZABLE);
                Transaction elsewhere = begin(Isolation.SERIALIZABLE);
                FrozenReads frozen = counter.freeze()) {
            assertEquals(1, counter.count(KeyRange.prefix(key("a")), () -> {}));
            assertEquals(0, elsewhere.count(KeyRange.prefix(key("b")), () -> {}));
            put("a2", "phantom");
            assertEquals(1, counter.count(KeyRange.prefix(key("a")), () -> {}));
            assertEquals(1, frozen.count(KeyRange.prefix(key("a")), () -> {}));
            counter.put(key("count"), key("1"));
            elsewhere.put(key("else"), key("0"));
            assertKind(Kind.SERIALIZATION, counter::commit);
            elsewhere.commit();
        }
        assertNull(newest("count"));
    }

    @Test
    void aScanThatStopsEarlyDependsOnWhatItReadOnly() {
        for (Direction direction : Direction.values()) {
            put("a1", "1", "a2", "1", "a3", "1");
            for (String other : List.of("a0", "a1x", "a2", "a2x", "a4")) {
                boolean read = direction == Direction.FORWARD ? other.compareTo("a2") <= 0 : other.compareTo("a2") >= 0;
                try (Transaction txn = begin(Isolation.SERIALIZABLE);
                        Cursor cursor = txn.scan(KeyRange.prefix(key("a")), direction, new ScanHints(1, false, true))) {
                    assertEquals(1, cursor.nextBatch().size());
                    assertEquals("a2", text(cursor.nextBatch().copyKey(0)));
                    put(other, "2");
                    txn.put(key("result"), key("1"));
                    if (read) {
                        assertKind(Kind.SERIALIZATION, txn::commit);
                    } else {
                        txn.commit();
                    }
                }
                try (Transaction cleaner = begin()) {
                    List.of("a0", "a1x", "a2x", "a4").forEach(k -> cleaner.delete(key(k)));
                    cleaner.commit();
                }
            }
        }
    }

    @Test
    void closedAndMovedScansAreRemembered() {
        put("a1", "1", "a2", "1", "a3", "1");
        try (Transaction closed = begin(Isolation.SERIALIZABLE);
                Transaction moved = begin(Isolation.SERIALIZABLE);
                Transaction unread = begin(Isolation.SERIALIZABLE)) {
            assertEquals(3, scan(closed).size());
            try (Cursor cursor = moved.scan(KeyRange.prefix(key("a")), Direction.FORWARD, ScanHints.NONE)) {
                cursor.seek(key("a3"));
            }
            unread.scan(KeyRange.all(), Direction.BACKWARD, ScanHints.NONE).close();
            put("a2", "2");
            for (Transaction txn : List.of(closed, moved, unread)) {
                txn.put(key("result"), key("1"));
            }
            assertKind(Kind.SERIALIZATION, closed::commit);
            assertKind(Kind.SERIALIZATION, moved::commit);
            unread.commit();
        }
    }

    @Test
    void keysReadAsAbsentAreValidatedUnderSerializable() {
        try (Transaction txn = begin(Isolation.SERIALIZABLE)) {
            assertEquals(2, txn.getAll(List.of(key("x"), key("y"))).size());
            put("y", "1");
            txn.put(key("z"), key("1"));
            assertKind(Kind.SERIALIZATION, txn::commit);
        }
    }

    @Test
    void serializableReadersNeverFail() {
        put("a", "1");
        try (Transaction reader = begin(Isolation.SERIALIZABLE)) {
            assertEquals(List.of("a=1"), scan(reader));
            put("a", "2");
            reader.commit();
        }
    }

    @Test
    void disjointSerializableTransactionsDoNotDisturbEachOther() {
        put("a", "1", "b", "1");
        try (Transaction one = begin(Isolation.SERIALIZABLE);
                Transaction two = begin(Isolation.SERIALIZABLE)) {
            one.put(key("a2"), one.get(key("a")));
            two.put(key("b2"), two.get(key("b")));
            one.commit();
            two.commit();
        }
        assertEquals("1", newest("b2"));
    }

    @Test
    void requireUnchangedHoldsUnderEveryIsolation() {
        put("schema", "1");
        try (Transaction txn = begin()) {
            txn.requireUnchanged(key("schema"));
            txn.put(key("row"), key("1"));
            put("schema", "2");
            txn.beginStatement();
            assertKind(Kind.SERIALIZATION, txn::commit);
        }
        assertNull(newest("row"));
    }

    @Test
    void requireAbsentIsCheckedUnlessTheLockSuffices() {
        try (Transaction unlocked = begin();
                Transaction locked = begin()) {
            unlocked.requireAbsent(key("u"));
            unlocked.put(key("u"), key("1"));
            put("u", "other");
            assertKind(Kind.SERIALIZATION, unlocked::commit);

            locked.lock(key("v"));
            locked.requireAbsent(key("v"));
            locked.put(key("v"), key("1"));
            locked.commit();
        }
        assertEquals("other", newest("u"));
    }
}
