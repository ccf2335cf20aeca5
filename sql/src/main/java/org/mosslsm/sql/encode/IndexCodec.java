// Entries of one index.
package org.mosslsm.sql.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.RowVersion;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;

/**
 * Makes the entries of one index from rows, and finds the row an entry stands for. Rows here are full rows: the columns
 * of {@code table.rowColumns()}. Immutable, thread-safe; the writers passed in are scratch space of the caller.
 */
public final class IndexCodec {
    private final Index index;
    private final boolean primary;
    private final byte[] prefix;

    /** Key columns: positions in the full row, and codecs. */
    private final int[] ordinals;

    private final KeyCodec[] codecs;

    /** Primary key columns: positions in the full row, and codecs as in the primary index. */
    private final int[] pkOrdinals;

    private final KeyCodec[] pkCodecs;
    /** For each primary key column its position among the key columns, or -1. */
    private final int[] pkInKey;

    private final byte[] pkPrefix;

    private final RowLayout include;
    private final int[] includeOrdinals;
    private final Predicate<Row> covered;

    /** The codec of an index of the table, not to be asked which rows a partial one covers. */
    public IndexCodec(Table table, Index index) {
        this(table, index, row -> {
            if (index.isPartial()) {
                throw new IllegalStateException("the condition of index " + index.name() + " is not known here");
            }
            return true;
        });
    }

    /**
     * The codec of an index of the table.
     *
     * @param covered whether a full row has an entry; thread-safe
     */
    public IndexCodec(Table table, Index index, Predicate<Row> covered) {
        this.index = index;
        this.covered = covered;
        this.primary = index.id() == table.primary().id();
        this.prefix = IndexKeys.prefix(table, index);
        this.pkPrefix = IndexKeys.prefix(table, table.primary());
        this.ordinals = table.ordinals(index.columnIds());
        this.codecs = codecs(table, index);
        this.pkOrdinals = table.ordinals(table.primary().columnIds());
        this.pkCodecs = codecs(table, table.primary());
        this.pkInKey = table.primary().columnIds().stream()
                .mapToInt(c -> index.columnIds().indexOf(c))
                .toArray();
        RowVersion included = includedVersion(table, index);
        this.include = new RowLayout(included);
        this.includeOrdinals = included.columns().stream()
                .mapToInt(c -> table.ordinal(c.columnId()))
                .toArray();
    }

    private static KeyCodec[] codecs(Table table, Index index) {
        return index.keys().stream()
                .map(k -> KeyCodec.of(table.column(k.columnId()).type(), k.nullable(), k.descending()))
                .toArray(KeyCodec[]::new);
    }

    private static RowVersion includedVersion(Table table, Index index) {
        List<RowVersion.Stored> stored = new ArrayList<>();
        index.include().stream().sorted().distinct().forEach(id -> {
            Column column = table.column(id);
            stored.add(new RowVersion.Stored(id, column.type()));
        });
        return new RowVersion(0, stored);
    }

    /** The index. */
    public Index index() {
        return index;
    }

    /** What all its keys begin with. */
    public byte[] prefix() {
        return prefix.clone();
    }

    /** Codecs of the key columns, in their order. */
    public KeyCodec keyCodec(int i) {
        return codecs[i];
    }

    /** Number of key columns. */
    public int keyCount() {
        return codecs.length;
    }

    /** Whether the row has an entry: every row has, unless the index is partial. */
    public boolean covers(Row row) {
        return covered.test(row);
    }

    /** Whether a key column of the row is NULL, and that row therefore no duplicate of any. */
    public boolean hasNull(Row row) {
        if (index.nullsNotDistinct()) {
            return false;
        }
        for (int ordinal : ordinals) {
            if (row.isNull(ordinal)) {
                return true;
            }
        }
        return false;
    }

    /** Whether two rows agree in all that the index holds of them: its entry need not be written again. */
    public boolean sameEntry(Row a, Row b) {
        return same(ordinals, a, b) && same(pkOrdinals, a, b) && same(includeOrdinals, a, b);
    }

    /** Whether two rows agree in the key columns. */
    public boolean sameKey(Row a, Row b) {
        return same(ordinals, a, b);
    }

    private static boolean same(int[] ordinals, Row a, Row b) {
        for (int ordinal : ordinals) {
            if (!java.util.Objects.deepEquals(a.get(ordinal), b.get(ordinal))) {
                return false;
            }
        }
        return true;
    }

    /** The key of the row's entry. */
    public byte[] key(Row row, KeyWriter scratch) {
        scratch.clear().bytes(prefix);
        boolean anyNull = false;
        for (int i = 0; i < ordinals.length; i++) {
            anyNull |= codecs[i].encode(row, ordinals[i], scratch);
        }
        if (!primary && (!index.unique() || (anyNull && !index.nullsNotDistinct()))) {
            for (int i = 0; i < pkOrdinals.length; i++) {
                if (pkInKey[i] < 0) {
                    pkCodecs[i].encode(row, pkOrdinals[i], scratch);
                }
            }
        }
        return scratch.toBytes();
    }

    /** The first bytes of all keys whose first columns have these values. */
    public byte[] prefixOf(Object[] values, KeyWriter scratch) {
        scratch.clear().bytes(prefix);
        for (int i = 0; i < values.length; i++) {
            codecs[i].encode(values[i], scratch);
        }
        return scratch.toBytes();
    }

    /** The value of the row's entry; not of the primary index, whose value is the row. */
    public byte[] value(Row row, KeyWriter scratch) {
        assert !primary : "the value of a primary entry is the row";
        scratch.clear();
        if (index.unique()) {
            for (int i = 0; i < pkOrdinals.length; i++) {
                pkCodecs[i].encode(row, pkOrdinals[i], scratch);
            }
        }
        if (include.size() > 0) {
            include.encode(row, includeOrdinals, scratch);
        }
        return scratch.toBytes();
    }

    /** The key, in the primary index, of the row that an entry of this index stands for. */
    public byte[] primaryKey(byte[] key, int keyOffset, byte[] value, int valueOffset, KeyWriter scratch) {
        scratch.clear().bytes(pkPrefix);
        if (index.unique()) {
            int end = valueOffset;
            for (KeyCodec codec : pkCodecs) {
                end = codec.end(value, end);
            }
            return scratch.bytes(value, valueOffset, end - valueOffset).toBytes();
        }
        int[] starts = new int[codecs.length];
        int at = keyOffset + prefix.length;
        for (int i = 0; i < codecs.length; i++) {
            starts[i] = at;
            at = codecs[i].end(key, at);
        }
        for (int i = 0; i < pkCodecs.length; i++) {
            if (pkInKey[i] < 0) {
                int end = pkCodecs[i].end(key, at);
                scratch.bytes(key, at, end - at);
                at = end;
            } else if (codecs[pkInKey[i]].nullable()) {
                pkCodecs[i].encode(codecs[pkInKey[i]].decode(key, starts[pkInKey[i]]), scratch);
            } else {
                pkCodecs[i].recode(codecs[pkInKey[i]], key, starts[pkInKey[i]], scratch);
            }
        }
        return scratch.toBytes();
    }

    /** A full row of the table that holds the key columns, as a key has them, and NULL elsewhere. */
    public Row keyColumns(byte[] key, Table table) {
        Object[] values = new Object[table.rowColumns().size()];
        int at = prefix.length;
        for (int i = 0; i < codecs.length; i++) {
            values[ordinals[i]] = codecs[i].decode(key, at);
            at = codecs[i].end(key, at);
        }
        return new ValueRow(values);
    }

    /** Whether it is the primary index, whose entries are the rows. */
    public boolean isPrimary() {
        return primary;
    }

    int prefixLength() {
        return prefix.length;
    }

    /** Codecs of the columns that follow each other in the key; the primary key's last, where it is appended. */
    KeyCodec[] keySegment() {
        List<KeyCodec> segment = new ArrayList<>(List.of(codecs));
        if (!primary && !index.unique()) {
            for (int i = 0; i < pkCodecs.length; i++) {
                if (pkInKey[i] < 0) {
                    segment.add(pkCodecs[i]);
                }
            }
        }
        return segment.toArray(KeyCodec[]::new);
    }

    /** Positions in the full row of the columns of {@link #keySegment}. */
    int[] keySegmentOrdinals() {
        List<Integer> all = new ArrayList<>();
        for (int ordinal : ordinals) {
            all.add(ordinal);
        }
        if (!primary && !index.unique()) {
            for (int i = 0; i < pkCodecs.length; i++) {
                if (pkInKey[i] < 0) {
                    all.add(pkOrdinals[i]);
                }
            }
        }
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Codecs of the primary key columns at the start of the value of a unique index. */
    KeyCodec[] valueSegment() {
        return !primary && index.unique() ? pkCodecs : new KeyCodec[0];
    }

    int[] valueSegmentOrdinals() {
        return !primary && index.unique() ? pkOrdinals : new int[0];
    }

    RowLayout include() {
        return include;
    }
}
