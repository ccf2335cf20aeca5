package org.mosslsm.jdbc;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.mosslsm.sql.ResultColumn;
import org.mosslsm.sql.error.SqlState;

/** Finds columns by label, in any case; of several with one label the first wins, as JDBC says. */
final class ColumnLabels {
    private final Map<String, Integer> exact = new HashMap<>();
    private final Map<String, Integer> folded = new HashMap<>();
    private final List<ResultColumn> columns;

    ColumnLabels(List<ResultColumn> columns) {
        this.columns = columns;
        for (int i = 0; i < columns.size(); i++) {
            exact.putIfAbsent(columns.get(i).label(), i + 1);
            folded.putIfAbsent(columns.get(i).label().toLowerCase(Locale.ROOT), i + 1);
        }
    }

    int find(String label) throws SQLException {
        Integer column = exact.get(label);
        if (column == null && label != null) {
            column = folded.get(label.toLowerCase(Locale.ROOT));
        }
        if (column == null) {
            throw Errors.of(
                    SqlState.UNDEFINED_COLUMN,
                    "no column is called '" + label + "'; there are: "
                            + columns.stream().map(ResultColumn::label).collect(Collectors.joining(", ")));
        }
        return column;
    }
}
