// One row as bytes.
package org.mosslsm.sql.exec.spill;

import java.util.Arrays;
import org.mosslsm.sql.expr.ValueRow;

/** A row as the value of a map in scratch files; the form is that of all scratch files, and nobody keeps it. */
public final class RowBytes {
    private RowBytes() {}

    /** The row as bytes. */
    public static byte[] of(ValueRow row) {
        ValueBytes out = new ValueBytes();
        out.putRow(row.values());
        return Arrays.copyOf(out.bytes, out.position);
    }

    /** The row of these bytes, of so many columns. */
    public static ValueRow row(byte[] bytes, int columns) {
        ValueBytes in = new ValueBytes();
        in.bytes = bytes;
        in.position = Integer.BYTES; // behind the length
        return new ValueRow(in.getRow(columns));
    }
}
