package org.mosslsm.it.compare;

import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** One of the two engines, and what it answers in a form that can be compared. */
final class Engine implements AutoCloseable {
    /** Digits that must agree: sums of doubles may differ in the last ones. */
    private static final MathContext DIGITS = new MathContext(10);

    private final Connection connection;
    private final boolean states;

    Engine(Connection connection) {
        this(connection, true);
    }

    /** @param states whether the two engines have the same SQLSTATEs for violated constraints */
    Engine(Connection connection, boolean states) {
        this.connection = connection;
        this.states = states;
    }

    Connection connection() {
        return connection;
    }

    /** The update count, or the SQLSTATE of the refusal. */
    String change(String sql) {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql) + " rows";
        } catch (SQLException e) {
            return refusal(e);
        }
    }

    /** The rows as text, or the refusal alone. */
    List<String> query(RandomSql.Query query) {
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery(query.sql())) {
            int columns = rs.getMetaData().getColumnCount();
            List<String> rows = new ArrayList<>();
            while (rs.next()) {
                StringBuilder row = new StringBuilder();
                for (int c = 1; c <= columns; c++) {
                    boolean padded = rs.getMetaData().getColumnType(c) == Types.CHAR;
                    String text = text(rs.getObject(c));
                    // Blanks at the end of a CHAR mean nothing; whether they are shown is an engine's choice.
                    row.append(c == 1 ? "" : "|").append(padded ? text.stripTrailing() : text);
                }
                rows.add(row.toString());
            }
            if (!query.ordered()) {
                Collections.sort(rows);
            }
            return rows;
        } catch (SQLException e) {
            return List.of(refusal(e) + " " + e.getMessage());
        }
    }

    /** The plan of a query, a node a line. */
    String explain(String sql) {
        return String.join("\n", query(new RandomSql.Query("EXPLAIN " + sql, true)));
    }

    private static String text(Object value) {
        if (value instanceof Number number) {
            BigDecimal rounded = new BigDecimal(number.toString()).round(DIGITS);
            return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
        }
        if (value instanceof Boolean truth) {
            return truth ? "1" : "0";
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        return value instanceof OffsetDateTime time ? time.toInstant().toString() : String.valueOf(value);
    }

    /** Constraint violations must agree in their SQLSTATE; of the rest it is enough that both refuse. */
    private String refusal(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return "refused " + (states && state.startsWith("23") ? state : "");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
