package org.mosslsm.it.slt;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Reads a result as sqllogictest writes it: integers in decimal, reals with three digits, NULL, (empty), @ for the odd. */
final class SltResult {
    private SltResult() {}

    /** The rows of the result; its columns must be as many as {@code types} has letters. */
    static List<List<String>> rows(ResultSet rs, String types) throws SQLException {
        int columns = rs.getMetaData().getColumnCount();
        if (columns != types.length()) {
            throw new SQLException("the result has " + columns + " columns, " + types.length() + " are expected");
        }
        List<List<String>> rows = new ArrayList<>();
        while (rs.next()) {
            List<String> row = new ArrayList<>(columns);
            for (int c = 1; c <= columns; c++) {
                row.add(text(rs.getObject(c), types.charAt(c - 1)));
            }
            rows.add(row);
        }
        return rows;
    }

    static String text(Object value, char type) {
        if (value == null) {
            return "NULL";
        }
        return switch (type) {
            case 'I' -> String.valueOf(integer(value));
            case 'R' -> String.format(Locale.ROOT, "%.3f", real(value));
            default -> printable(value instanceof Boolean truth ? (truth ? "1" : "0") : value.toString());
        };
    }

    /** As the expectations were made by SQLite: a fraction is cut off, a text counts as far as it is a number. */
    private static BigInteger integer(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? BigInteger.ONE : BigInteger.ZERO;
        }
        if (value instanceof Number) {
            return new BigDecimal(value.toString()).toBigInteger();
        }
        String digits = value.toString().replaceFirst("^\\s*([+-]?\\d+).*$", "$1");
        return digits.matches("[+-]?\\d+") ? new BigInteger(digits) : BigInteger.ZERO;
    }

    private static double real(Object value) {
        return value instanceof Number number
                ? number.doubleValue()
                : integer(value).doubleValue();
    }

    private static String printable(String text) {
        if (text.isEmpty()) {
            return "(empty)";
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] < ' ' || bytes[i] > '~') {
                bytes[i] = '@';
            }
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** How a long expectation is written: {@code N values hashing to md5}. */
    static String hashLine(List<String> values) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            for (String value : values) {
                md5.update((value + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            return values.size() + " values hashing to " + HexFormat.of().formatHex(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
