// The row of a single key.
package org.mosslsm.sql.exec;

import org.mosslsm.sql.encode.EncodedRow;
import org.mosslsm.sql.encode.EntryShape;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.expr.Row;

/**
 * A run of a scan that looks for one entry by its whole key, by far the commonest statement there is. It is apart from the
 * scan of ranges so that it has next to no state, and because of the compiler of the JVM: all that such a statement runs
 * is compiled while a program starts, and what a scan of ranges does besides would be compiled with it.
 */
final class PointScan extends RowEnumerator {
    private final IndexScanOperator scan;
    private final KeyRanges ranges;
    private final ScanFilter filter;
    private final EntryShape rowShape;
    private final EntryShape outShape;
    private boolean looked;
    /** The scan that serves values which are no key: NULL, and those that the column cannot hold. Else null. */
    private RowEnumerator others;

    /** Of a scan whose ranges are {@link KeyRanges#isPoint a point}, through an index that holds all its columns. */
    PointScan(
            IndexScanOperator scan,
            KeyRanges ranges,
            ScanFilter filter,
            EntryShape rowShape,
            EntryShape outShape,
            ExecutionContext context) {
        super(context);
        this.scan = scan;
        this.ranges = ranges;
        this.filter = filter;
        this.rowShape = rowShape;
        this.outShape = outShape;
    }

    @Override
    public boolean isSettled() {
        return looked && (others == null || others.isSettled());
    }

    @Override
    protected Row advance() {
        if (others != null) {
            return others.moveNext() ? others.current() : null;
        }
        if (looked) {
            return null;
        }
        looked = true;
        byte[] key = ranges.point(context, new KeyWriter());
        if (key == null) {
            others = own(scan.openRanges(context));
            return others.moveNext() ? others.current() : null;
        }
        byte[] value = context.reads().get(key);
        return value == null ? null : row(key, value);
    }

    private Row row(byte[] key, byte[] value) {
        EncodedRow out = outShape.newRow().set(key, 0, value, 0);
        if (filter == null) {
            return out;
        }
        EncodedRow seen = outShape == rowShape ? out : rowShape.newRow().set(key, 0, value, 0);
        return filter.accepts(seen, context) ? out : null;
    }
}
