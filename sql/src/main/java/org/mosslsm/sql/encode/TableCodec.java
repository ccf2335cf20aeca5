// All indexes of one table.
package org.mosslsm.sql.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.Row;

/** Makes rows' entries in the primary index and in all others. Immutable, thread-safe. */
public final class TableCodec {
    private final Table table;
    private final IndexCodec primary;
    private final List<IndexCodec> secondary;
    private final RowLayout layout;
    private final int[] storedOrdinals;
    private final EntryShape fullShape;

    /** The codec of a table, to read rows or to write those of a table without partial indexes. */
    public TableCodec(Table table) {
        this(table, IndexCodec::new);
    }

    /** The codec of a table, whose secondary indexes have codecs of the caller's. */
    public TableCodec(Table table, BiFunction<Table, Index, IndexCodec> secondaryCodec) {
        this.table = table;
        this.primary = new IndexCodec(table, table.primary());
        List<IndexCodec> others = new ArrayList<>();
        for (Index index : table.indexes()) {
            others.add(secondaryCodec.apply(table, index));
        }
        this.secondary = List.copyOf(others);
        this.layout = new RowLayout(table.rowVersion());
        this.storedOrdinals = table.rowVersion().columns().stream()
                .mapToInt(c -> table.ordinal(c.columnId()))
                .toArray();
        this.fullShape = EntryShape.of(
                table,
                table.primary(),
                IntStream.range(0, table.rowColumns().size()).toArray());
    }

    /** The table. */
    public Table table() {
        return table;
    }

    /** The primary index. */
    public IndexCodec primary() {
        return primary;
    }

    /** The other indexes, as {@code table.indexes()}. */
    public List<IndexCodec> secondary() {
        return secondary;
    }

    /** Value of the row's entry in the primary index. */
    public byte[] rowValue(Row row, KeyWriter scratch) {
        scratch.clear();
        layout.encode(row, storedOrdinals, scratch);
        return scratch.toBytes();
    }

    /** A view of full rows, to be set to entries of the primary index. */
    public EncodedRow newRow() {
        return fullShape.newRow();
    }
}
