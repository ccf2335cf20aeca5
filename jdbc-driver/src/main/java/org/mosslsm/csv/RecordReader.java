// Reads rows of text.
package org.mosslsm.csv;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.mosslsm.csv.CsvFormat.Style;

/**
 * Reads one record after another, in one pass; holds one record. Lines end with LF, CR LF or CR; a byte order mark at the
 * start is passed over. Empty lines are no records, unless records have one value. One thread at a time.
 */
final class RecordReader {
    private final Reader in;
    private final CsvFormat format;
    private final StringBuilder value = new StringBuilder();
    private final char[] buffer = new char[1 << 16];
    private int at;
    private int filled;
    private int next;
    private long line = 1;
    private long recordLine = 1;
    private boolean emptyLines;

    RecordReader(Reader in, CsvFormat format) throws IOException {
        this.in = in;
        this.format = format;
        advance();
        if (next == '\uFEFF') {
            advance();
        }
    }

    /** Says that records have one value, so that an empty line is one. */
    void oneValue() {
        emptyLines = true;
    }

    /** Line at which the last record began, from 1. */
    long line() {
        return recordLine;
    }

    /**
     * The values of the next record, null for NULL; null at the end.
     *
     * @throws CsvException when a quote or an escape is wrong
     */
    List<String> next() throws IOException, CsvException {
        while (!emptyLines && (next == '\n' || next == '\r')) {
            endLine();
        }
        if (next < 0) {
            return null;
        }
        recordLine = line;
        List<String> record = new ArrayList<>();
        while (true) {
            record.add(format.style() == Style.QUOTED ? quotedStyle() : backslashStyle());
            if (next != format.delimiter()) {
                endLine();
                return record;
            }
            take();
        }
    }

    private int take() throws IOException {
        int c = next;
        advance();
        if (c == '\n') {
            line++;
        }
        return c;
    }

    private void advance() throws IOException {
        if (at == filled) {
            filled = 0;
            at = 0;
            while (filled == 0) {
                filled = in.read(buffer, 0, buffer.length);
            }
            if (filled < 0) {
                filled = 0;
                next = -1;
                return;
            }
        }
        next = buffer[at++];
    }

    private void endLine() throws IOException {
        if (next == '\r') {
            take();
            if (next != '\n') {
                line++;
                return;
            }
        }
        if (next == '\n') {
            take();
        }
    }

    private boolean atEnd() {
        return next < 0 || next == format.delimiter() || next == '\n' || next == '\r';
    }

    // ---- CSV

    private String quotedStyle() throws IOException, CsvException {
        value.setLength(0);
        if (next != '"') {
            while (!atEnd()) {
                value.append((char) take());
            }
            return format.nullText().contentEquals(value) ? null : value.toString();
        }
        take();
        while (true) {
            if (next < 0) {
                throw new CsvException(recordLine, "a quoted value has no end: \" is missing");
            }
            char c = (char) take();
            if (c != '"') {
                value.append(c);
            } else if (next == '"') {
                value.append((char) take());
            } else if (atEnd()) {
                return value.toString();
            } else {
                throw new CsvException(
                        line,
                        "expected a delimiter or the end of the line after a quoted value, found '" + (char) next
                                + "'");
            }
        }
    }

    // ---- PostgreSQL's text

    private String backslashStyle() throws IOException, CsvException {
        value.setLength(0);
        StringBuilder raw = new StringBuilder();
        while (!atEnd()) {
            char c = (char) take();
            raw.append(c);
            if (c != '\\') {
                value.append(c);
            } else if (next < 0) {
                throw new CsvException(recordLine, "a backslash at the end of the data");
            } else {
                raw.append((char) next);
                escape((char) take());
            }
        }
        return format.nullText().contentEquals(raw) ? null : value.toString();
    }

    private void escape(char c) throws IOException {
        switch (c) {
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'v' -> value.append('\u000B');
            case 'x' -> value.append(next >= 0 && Character.digit(next, 16) >= 0 ? (char) digits(0, 16, 2) : c);
            default -> value.append(Character.digit(c, 8) >= 0 ? (char) digits(Character.digit(c, 8), 8, 2) : c);
        }
    }

    private int digits(int first, int radix, int most) throws IOException {
        int n = first;
        for (int i = 0; i < most && next >= 0 && Character.digit(next, radix) >= 0; i++) {
            n = n * radix + Character.digit(take(), radix);
        }
        return n;
    }
}
