// Results as JSON.
package org.mosslsm.shell;

import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;

/**
 * Writes a result as an array of objects, one a line. Numbers are JSON numbers with all their digits, booleans and NULL
 * are JSON's; everything else, NaN and infinities included, is a string.
 */
final class JsonWriter {
    private JsonWriter() {}

    static long write(ResultSet rows, PrintStream out) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        int width = columns.getColumnCount();
        String[] names = new String[width + 1];
        int[] types = new int[width + 1];
        for (int i = 1; i <= width; i++) {
            StringBuilder name = new StringBuilder();
            string(name, columns.getColumnLabel(i));
            names[i] = name.append(':').toString();
            types[i] = columns.getColumnType(i);
        }
        long count = 0;
        StringBuilder line = new StringBuilder();
        out.append('[');
        while (rows.next()) {
            line.setLength(0);
            line.append(count++ == 0 ? "\n {" : ",\n {");
            for (int i = 1; i <= width; i++) {
                line.append(i > 1 ? "," : "").append(names[i]);
                value(line, rows.getString(i), types[i]);
            }
            out.append(line.append('}'));
        }
        out.append(count == 0 ? "]\n" : "\n]\n");
        return count;
    }

    private static void value(StringBuilder line, String value, int type) {
        if (value == null) {
            line.append("null");
            return;
        }
        switch (type) {
            case Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.DECIMAL,
                    Types.NUMERIC,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE -> {
                boolean finite = Character.isDigit(value.charAt(value.length() - 1));
                if (finite) {
                    line.append(value);
                } else {
                    string(line, value);
                }
            }
            case Types.BOOLEAN, Types.BIT -> line.append(value.startsWith("t") || value.startsWith("T"));
            default -> string(line, value);
        }
    }

    private static void string(StringBuilder line, String value) {
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < ' ') {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
