// The formats results are printed in.
package org.mosslsm.shell;

import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A format results are printed in. Rows stream; none holds a whole result. */
enum ResultFormat {
    /** Aligned columns, for people. */
    TABLE {
        @Override
        long print(ResultSet rows, PrintStream out) throws SQLException {
            return new TableWriter(rows, out).write();
        }
    },
    /** RFC 4180, with a header line. */
    CSV {
        @Override
        long print(ResultSet rows, PrintStream out) throws SQLException {
            return CsvWriter.write(rows, out);
        }
    },
    /** An array of objects, one a line. */
    JSON {
        @Override
        long print(ResultSet rows, PrintStream out) throws SQLException {
            return JsonWriter.write(rows, out);
        }
    };

    /** Prints all rows; returns their number. */
    abstract long print(ResultSet rows, PrintStream out) throws SQLException;
}
