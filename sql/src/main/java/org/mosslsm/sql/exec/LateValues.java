package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.exec.Accumulators.Distinct;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.type.SqlType;

/**
 * Values of one DISTINCT aggregate, over all groups, that found no memory to be remembered in: sorted by group and value,
 * so that at the end each is passed on once. An accumulator that had to give one value away gives all that are new, so
 * that what comes here was never passed on before. Thread safety: none.
 */
final class LateValues implements Deferred {
    private final ExecutionContext context;
    private final MemoryMeter meter;
    private final SqlType type;
    private final List<Distinct> groups = new ArrayList<>();
    private RowSorter sorter;

    LateValues(ExecutionContext context, MemoryMeter meter, SqlType type) {
        this.context = context;
        this.meter = meter;
        this.type = type;
    }

    /** Whether there is memory to remember a value of that size; it is taken then. */
    boolean takes(long bytes) {
        return meter.takes(bytes);
    }

    void add(Distinct group, Object value) {
        if (sorter == null) {
            sorter = new RowSorter(SortOrder.ofKeys(SqlType.BIGINT, type), context);
        }
        if (group.number < 0) {
            group.number = groups.size();
            groups.add(group);
        }
        Object[] keys = {(long) group.number, value};
        sorter.add(new ValueRow(keys), keys);
    }

    @Override
    public void deliver() {
        if (sorter == null) {
            return;
        }
        SortOrder order = SortOrder.ofKeys(SqlType.BIGINT, type);
        sorter.sort();
        Object[] last = null;
        for (ValueRow row = sorter.next(); row != null; row = sorter.next()) {
            Object[] values = row.values();
            if (last == null || order.compare(last, values) != 0) {
                groups.get(Math.toIntExact((Long) values[0])).addLate(values[1]);
            }
            last = values;
        }
        close();
    }

    @Override
    public void close() {
        if (sorter != null) {
            sorter.close();
            sorter = null;
        }
        groups.clear();
    }
}
