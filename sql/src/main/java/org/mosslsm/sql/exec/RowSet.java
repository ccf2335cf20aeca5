// Rows looked up by value.
package org.mosslsm.sql.exec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.mosslsm.sql.exec.spill.HeapSize;
import org.mosslsm.sql.exec.spill.KeyFile;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueKeys;

/**
 * The rows of a subquery that IN looks into, hashed; those with a NULL aside, because they may equal anything. Where they
 * outgrow the memory they are in files. Added first, then {@link #finish}ed, then looked at; not thread-safe.
 */
final class RowSet implements AutoCloseable {
    /** A place in a hash set. */
    private static final int NODE_BYTES = 64;

    private final List<SqlType> types;
    private final ExecutionContext context;
    private final long budget;
    private Set<Object> keys = new HashSet<>();
    private long bytes;
    /** All the keys once they outgrew the memory; else null. */
    private KeyFile file;

    private final RowList withNull;
    private Set<Object> withNullKeys = new HashSet<>();
    private boolean empty = true;

    RowSet(List<SqlType> types, ExecutionContext context) {
        this.types = types;
        this.context = context;
        this.budget = context.workspace().budgetBytes();
        this.withNull = new RowList(context.workspace());
    }

    void add(Row row) {
        empty = false;
        Object[] parts = new Object[types.size()];
        boolean hasNull = false;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = ValueKeys.key(row.get(i), types.get(i));
            hasNull |= parts[i] == null;
        }
        if (hasNull) {
            addWithNull(parts);
        } else if (file != null) {
            file.add(stored(parts));
        } else if (keys.add(GroupKey.of(parts)) && budget != Long.MAX_VALUE) {
            bytes += NODE_BYTES + HeapSize.of(parts);
            context.workspace().watch().holds(bytes);
            if (bytes > budget) {
                moveToFile();
            }
        }
    }

    private void moveToFile() {
        file = new KeyFile(context.workspace(), context::checkCancelled);
        for (Object key : keys) {
            file.add(stored(parts(key)));
        }
        keys = Set.of();
        bytes = 0;
    }

    /** Of one column a single NULL says all; of more each row is kept, once while they are few. */
    private void addWithNull(Object[] parts) {
        if (parts.length == 1 && withNull.size() > 0) {
            return;
        }
        boolean isNew = withNullKeys == null || withNullKeys.add(GroupKey.of(parts));
        if (!isNew) {
            return;
        }
        withNull.add(new ValueRow(stored(parts)));
        if (withNullKeys != null && withNullKeys.size() * (NODE_BYTES + HeapSize.of(parts)) > budget) {
            withNullKeys = null; // twice the same row is only looked at twice
        }
    }

    /** Ends the adding. */
    void finish() {
        withNullKeys = null;
        if (file != null) {
            file.finish();
        }
    }

    /** Bytes of memory it holds, roughly. */
    long heapBytes() {
        return withNull.heapBytes() + (file == null ? bytes : file.heapBytes());
    }

    private static Object[] parts(Object key) {
        return key instanceof GroupKey k ? k.parts() : new Object[] {key};
    }

    /** Keys as a file takes them. */
    private static Object[] stored(Object[] parts) {
        Object[] stored = parts.clone();
        for (int i = 0; i < stored.length; i++) {
            if (stored[i] instanceof ByteBuffer b) {
                byte[] bytes = new byte[b.remaining()];
                b.duplicate().get(bytes);
                stored[i] = bytes;
            } else if (stored[i] instanceof BigInteger v) {
                stored[i] = new BigDecimal(v);
            }
        }
        return stored;
    }

    /** Whether {@code (left...)} is among the rows. */
    Truth contains(Object[] left) {
        if (empty) {
            return Truth.FALSE;
        }
        Object[] parts = new Object[left.length];
        boolean hasNull = false;
        for (int i = 0; i < left.length; i++) {
            parts[i] = ValueKeys.key(left[i], types.get(i));
            hasNull |= parts[i] == null;
        }
        if (!hasNull && isKey(parts)) {
            return Truth.TRUE;
        }
        if (left.length == 1) {
            return (hasNull || withNull.size() > 0) ? Truth.UNKNOWN : Truth.FALSE;
        }
        boolean maybe = (hasNull && mayBeKey(parts)) || mayBeWithNull(parts);
        return maybe ? Truth.UNKNOWN : Truth.FALSE;
    }

    private boolean isKey(Object[] parts) {
        return file == null ? keys.contains(GroupKey.of(parts)) : file.contains(stored(parts));
    }

    /** Whether values with a NULL among them may equal one of the keys. */
    private boolean mayBeKey(Object[] parts) {
        if (file != null) {
            Object[] stored = stored(parts);
            return file.anyMatch(parts.length, key -> mayEqual(key, stored));
        }
        int n = 0;
        for (Object key : keys) {
            if ((++n & 0xFFF) == 0) {
                context.checkCancelled();
            }
            if (mayEqual(((GroupKey) key).parts(), parts)) {
                return true;
            }
        }
        return false;
    }

    private boolean mayBeWithNull(Object[] parts) {
        Object[] stored = stored(parts);
        withNull.rewind();
        for (ValueRow row = withNull.next(); row != null; row = withNull.next()) {
            if ((withNull.position() & 0xFFF) == 0) {
                context.checkCancelled();
            }
            if (mayEqual(row.values(), stored)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayEqual(Object[] a, Object[] b) {
        for (int i = 0; i < a.length; i++) {
            if (a[i] != null && b[i] != null && !Objects.deepEquals(a[i], b[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        withNull.close();
        if (file != null) {
            file.close();
        }
    }
}
