package org.mosslsm.it.chinook;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.StringJoiner;

/** Writes a result as CSV with a header line: NULL as the word, quotes only where a value needs them. */
final class CsvResult {
    private CsvResult() {}

    static String of(ResultSet rs) throws SQLException {
        ResultSetMetaData columns = rs.getMetaData();
        StringJoiner lines = new StringJoiner("\n");
        StringJoiner header = new StringJoiner(",");
        for (int c = 1; c <= columns.getColumnCount(); c++) {
            header.add(field(columns.getColumnLabel(c)));
        }
        lines.add(header.toString());
        while (rs.next()) {
            StringJoiner row = new StringJoiner(",");
            for (int c = 1; c <= columns.getColumnCount(); c++) {
                row.add(field(rs.getString(c)));
            }
            lines.add(row.toString());
        }
        return lines.toString();
    }

    private static String field(String value) {
        if (value == null) {
            return "NULL";
        }
        boolean quoted = value.isEmpty() || value.matches("(?s).*[,\"\r\n].*");
        return quoted ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }
}
