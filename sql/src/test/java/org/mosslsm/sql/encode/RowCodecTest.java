package org.mosslsm.sql.encode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableChange;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.type.SqlType;

/** Rows and entries of random tables come back as they were, also after the table was altered. */
class RowCodecTest {
    private static final long SEED = System.nanoTime();

    /** A table with random columns, a primary key of some of them, and indexes of every kind. */
    private static Table randomTable(Random random) {
        TableChange change = TableChange.create(7, "public", "t");
        int n = 3 + random.nextInt(12);
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            SqlType type = SampleValues.TYPES.get(random.nextInt(SampleValues.TYPES.size()));
            ids.add(change.addColumn(Column.of(0, "c" + i, type, i < 2)).id());
        }
        boolean rowId = random.nextInt(4) == 0;
        List<Index.Key> primary = rowId
                ? List.of(new Index.Key(Column.ROW_ID, false, false))
                : List.of(new Index.Key(1, random.nextBoolean(), false), new Index.Key(2, false, false))
                        .subList(0, 1 + random.nextInt(2));
        change.primary(new Index(200, "p", primary, true, true, List.of(), Index.State.READY, false));
        for (int i = 0; i < 4; i++) {
            Collections.shuffle(ids, random);
            List<Index.Key> keys = ids.subList(0, 1 + random.nextInt(3)).stream()
                    .map(id -> new Index.Key(id, random.nextBoolean(), id > 2))
                    .toList();
            List<Integer> include = random.nextBoolean() ? List.of() : List.of(ids.get(n - 1));
            change.index(
                    new Index(300 + i, "i" + i, keys, random.nextBoolean(), false, include, Index.State.READY, false));
        }
        return change.build();
    }

    private static Object[] randomRow(Table table, Random random) {
        List<Column> columns = table.rowColumns();
        Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            Column c = columns.get(i);
            List<Object> samples = SampleValues.of(c.type(), random);
            values[i] = !c.notNull() && random.nextInt(4) == 0 ? null : samples.get(random.nextInt(samples.size()));
        }
        return values;
    }

    private static int[] all(Table table) {
        return IntStream.range(0, table.rowColumns().size()).toArray();
    }

    /** As the value comes back: -0.0 is 0.0 in a key. */
    private static boolean same(Object a, Object b) {
        return Objects.deepEquals(a, b) || (a instanceof Double x && b instanceof Double y && x + 0.0 == y + 0.0);
    }

    private static void assertRow(Object[] expected, Row actual, int[] ordinals) {
        for (int i = 0; i < ordinals.length; i++) {
            if (ordinals[i] < 0) {
                continue;
            }
            Object e = expected[ordinals[i]];
            assertTrue(same(e, actual.get(i)), "column " + ordinals[i] + ": " + e + " became " + actual.get(i));
            assertEquals(e == null, actual.isNull(i));
            if (e instanceof Long v) {
                assertEquals(v, actual.getLong(i));
            } else if (e instanceof Double v) {
                assertEquals(v + 0.0, actual.getDouble(i) + 0.0);
            }
        }
    }

    @RepeatedTest(60)
    void rowsAndEntriesComeBack(RepetitionInfo repetition) {
        long seed = SEED + repetition.getCurrentRepetition();
        Random random = new Random(seed);
        Table table = randomTable(random);
        TableCodec codec = new TableCodec(table);
        KeyWriter scratch = new KeyWriter();
        EncodedRow row = codec.newRow();
        for (int i = 0; i < 30; i++) {
            Object[] values = randomRow(table, random);
            Row given = new ValueRow(values);
            byte[] key = codec.primary().key(given, scratch);
            byte[] value = codec.rowValue(given, scratch);
            byte[] keyAmid = amid(key);
            byte[] valueAmid = amid(value);

            row.set(keyAmid, 5, valueAmid, 5);

            assertRow(values, row, all(table));
            assertArrayEquals(key, codec.primary().key(row, scratch), "seed " + seed);
            assertArrayEquals(value, codec.rowValue(row, scratch), "seed " + seed);
            for (IndexCodec index : codec.secondary()) {
                checkEntry(table, index, given, values, key, scratch);
            }
        }
    }

    private static void checkEntry(
            Table table, IndexCodec index, Row given, Object[] values, byte[] primaryKey, KeyWriter scratch) {
        byte[] key = amid(index.key(given, scratch));
        byte[] value = amid(index.value(given, scratch));
        assertArrayEquals(
                primaryKey,
                index.primaryKey(key, 5, value, 5, scratch),
                index.index().toString());
        int[] held = all(table);
        for (int i = 0; i < held.length; i++) {
            if (!EntryShape.covers(table, index.index(), new int[] {held[i]})) {
                held[i] = -1;
            }
        }
        assertRow(values, EntryShape.of(table, index.index(), held).newRow().set(key, 5, value, 5), held);
        for (Index.Key k : index.index().keys()) {
            int ordinal = table.ordinal(k.columnId());
            boolean exact = KeyCodec.keepsAll(table.column(k.columnId()).type());
            assertEquals(exact || index.index().include().contains(k.columnId()), held[ordinal] >= 0);
        }
    }

    private static byte[] amid(byte[] bytes) {
        byte[] amid = new byte[bytes.length + 9];
        Arrays.fill(amid, (byte) 0xA5);
        System.arraycopy(bytes, 0, amid, 5, bytes.length);
        return amid;
    }

    @RepeatedTest(40)
    void rowsOfOldVersionsAreReadWithTheirOwnLayout(RepetitionInfo repetition) {
        long seed = SEED + 1_000 + repetition.getCurrentRepetition();
        Random random = new Random(seed);
        Table table = randomTable(random);
        TableCodec old = new TableCodec(table);
        KeyWriter scratch = new KeyWriter();
        Object[] values = randomRow(table, random);
        Row given = new ValueRow(values);
        byte[] key = old.primary().key(given, scratch);
        byte[] value = old.rowValue(given, scratch);

        TableChange change = table.change();
        change.indexes(i -> i); // all but the columns stays
        int dropped = table.columns().get(2).id();
        for (Index index : table.indexes()) {
            if (index.uses(dropped)) {
                change.dropIndex(index.id());
            }
        }
        change.dropColumn(dropped);
        Object missing = random.nextBoolean() ? "before" : null;
        Column added =
                change.addColumn(Column.of(0, "added", SqlType.TEXT, false).withMissingValue(missing));
        Table altered = change.build();

        Row read = new TableCodec(altered).newRow().set(key, 0, value, 0);

        assertEquals(2, altered.rowVersions().size());
        for (Column column : altered.rowColumns()) {
            Object expected = column.id() == added.id() ? missing : values[table.ordinal(column.id())];
            Object actual = read.get(altered.ordinal(column.id()));
            assertTrue(same(expected, actual), "seed " + seed + " " + column + ": " + expected + " " + actual);
        }
        Object[] rewritten = read.toArray();
        rewritten[altered.ordinal(added.id())] = "after";
        byte[] newValue = new TableCodec(altered).rowValue(new ValueRow(rewritten), scratch);
        Row again = new TableCodec(altered).newRow().set(key, 0, newValue, 0);
        assertEquals("after", again.get(altered.ordinal(added.id())));
    }

    private static Table simpleTable() {
        TableChange change = TableChange.create(1, "public", "t");
        change.addColumn(Column.of(0, "id", SqlType.BIGINT, true));
        change.addColumn(Column.of(0, "a", SqlType.TEXT, false));
        change.addColumn(Column.of(0, "b", SqlType.VARBINARY, false));
        change.addColumn(Column.of(0, "u", SqlType.INTEGER, false));
        change.primary(new Index(
                2, "p", List.of(new Index.Key(1, false, false)), true, true, List.of(), Index.State.READY, false));
        change.index(new Index(
                3, "u", List.of(new Index.Key(4, false, true)), true, false, List.of(), Index.State.READY, false));
        return change.build();
    }

    @Test
    void longRowsTakeWideOffsets() {
        TableCodec codec = new TableCodec(simpleTable());
        KeyWriter scratch = new KeyWriter();
        for (int length : new int[] {0, 1, 65_534, 65_535, 65_536, 300_000}) {
            byte[] bytes = new byte[length];
            new Random(SEED).nextBytes(bytes);
            Row row = new ValueRow(1L, "x".repeat(length / 2), bytes, null);
            byte[] value = codec.rowValue(row, scratch);

            Row read = codec.newRow().set(codec.primary().key(row, scratch), 0, value, 0);

            assertEquals("x".repeat(length / 2), read.get(1));
            assertArrayEquals(bytes, (byte[]) read.get(2));
        }
    }

    @Test
    void keysWithNullDoNotCollideAndOthersDo() {
        TableCodec codec = new TableCodec(simpleTable());
        IndexCodec unique = codec.secondary().get(0);
        KeyWriter scratch = new KeyWriter();
        Row a = new ValueRow(1L, null, null, 5L);
        Row b = new ValueRow(2L, null, null, 5L);
        Row c = new ValueRow(1L, null, null, null);
        Row d = new ValueRow(2L, null, null, null);

        assertArrayEquals(unique.key(a, scratch), unique.key(b, scratch));
        assertFalse(Arrays.equals(unique.key(c, scratch), unique.key(d, scratch)));
        assertTrue(unique.hasNull(c));
        assertFalse(unique.hasNull(a));
    }

    @Test
    void anUnknownVersionIsDamage() {
        Table table = simpleTable();
        TableCodec codec = new TableCodec(table);
        KeyWriter scratch = new KeyWriter();
        Row row = new ValueRow(1L, null, null, 5L);
        byte[] value = codec.rowValue(row, scratch);
        value[3] = 77;

        EncodedRow read = codec.newRow();
        byte[] key = codec.primary().key(row, scratch);
        assertThrows(CorruptionException.class, () -> read.set(key, 0, value, 0));
    }

    @Test
    void aLoneSurrogateIsRefused() {
        TableCodec codec = new TableCodec(simpleTable());
        Row row = new ValueRow(1L, "a\uD800", null, null);
        SqlException e = assertThrows(SqlException.class, () -> codec.rowValue(row, new KeyWriter()));
        assertEquals("22021", e.sqlState());
    }
}
