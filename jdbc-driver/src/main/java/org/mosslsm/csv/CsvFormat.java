// How values are written in a file.
package org.mosslsm.csv;

import java.util.Objects;

/**
 * How rows of text are read and written.
 *
 * @param style how a value is told from a delimiter in it
 * @param delimiter between values; no quote, backslash or line break
 * @param header whether the first line names the columns
 * @param nullText what NULL is written as; in CSV only where it stands without quotes
 */
public record CsvFormat(Style style, char delimiter, boolean header, String nullText) {
    /** How a value is told from a delimiter in it. */
    public enum Style {
        /** RFC 4180: values with delimiters, quotes or line breaks stand in double quotes, which are doubled inside. */
        QUOTED,
        /** The text format of PostgreSQL's COPY: a backslash before what would otherwise mean something. */
        BACKSLASH
    }

    /** Commas, a header line, and nothing at all for NULL (an empty string is {@code ""}). */
    public static final CsvFormat CSV = new CsvFormat(Style.QUOTED, ',', true, "");

    /** Tabs, no header, {@code \N} for NULL: what pg_dump writes. */
    public static final CsvFormat TEXT = new CsvFormat(Style.BACKSLASH, '\t', false, "\\N");

    /** Checks the delimiter. */
    public CsvFormat {
        Objects.requireNonNull(style, "style");
        Objects.requireNonNull(nullText, "nullText");
        if (delimiter == '"' || delimiter == '\\' || delimiter == '\n' || delimiter == '\r') {
            throw new IllegalArgumentException("a delimiter cannot be a quote, a backslash or a line break");
        }
        if (nullText.indexOf(delimiter) >= 0 || nullText.indexOf('\n') >= 0 || nullText.indexOf('"') >= 0) {
            throw new IllegalArgumentException(
                    "the text of NULL cannot contain the delimiter, a quote or a line break");
        }
    }

    /** The same with another delimiter. */
    public CsvFormat withDelimiter(char newDelimiter) {
        return new CsvFormat(style, newDelimiter, header, nullText);
    }

    /** The same with or without a header line. */
    public CsvFormat withHeader(boolean newHeader) {
        return new CsvFormat(style, delimiter, newHeader, nullText);
    }

    /** The same with another text for NULL. */
    public CsvFormat withNullText(String newNullText) {
        return new CsvFormat(style, delimiter, header, newNullText);
    }
}
