package org.mosslsm.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.SQLException;

/** A character string held in memory, as a JDBC handle; valid until {@code free}. Not thread-safe. */
final class MossClob implements NClob {
    private String text;

    MossClob(String text) {
        this.text = text;
    }

    private String text() throws SQLException {
        if (text == null) {
            throw Errors.closedObject("the clob");
        }
        return text;
    }

    @Override
    public long length() throws SQLException {
        return text().length();
    }

    @Override
    public String getSubString(long position, int length) throws SQLException {
        int from = start(position);
        if (length < 0) {
            throw Errors.badArgument("length " + length + " is negative");
        }
        return text().substring(from, (int) Math.min(text().length(), (long) from + length));
    }

    private int start(long position) throws SQLException {
        if (position < 1 || position > text().length() + 1L) {
            throw Errors.badArgument("position " + position + " is not within 1.." + (text().length() + 1L));
        }
        return (int) (position - 1);
    }

    @Override
    public Reader getCharacterStream() throws SQLException {
        return new StringReader(text());
    }

    @Override
    public Reader getCharacterStream(long position, long length) throws SQLException {
        return new StringReader(getSubString(position, Math.toIntExact(length)));
    }

    @Override
    public InputStream getAsciiStream() throws SQLException {
        return new ByteArrayInputStream(text().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public long position(String pattern, long start) throws SQLException {
        int found = text().indexOf(pattern, start(start));
        return found < 0 ? -1 : found + 1L;
    }

    @Override
    public long position(Clob pattern, long start) throws SQLException {
        return position(pattern.getSubString(1, Math.toIntExact(pattern.length())), start);
    }

    @Override
    public int setString(long position, String string) throws SQLException {
        return setString(position, string, 0, string.length());
    }

    @Override
    public int setString(long position, String string, int offset, int length) throws SQLException {
        int at = start(position);
        String tail = text().length() > at + length ? text().substring(at + length) : "";
        text = text().substring(0, at) + string.substring(offset, offset + length) + tail;
        return length;
    }

    @Override
    public OutputStream setAsciiStream(long position) throws SQLException {
        throw Errors.unsupported("Clob.setAsciiStream");
    }

    @Override
    public Writer setCharacterStream(long position) throws SQLException {
        int at = start(position);
        return new StringWriter() {
            @Override
            public void close() {
                String written = toString();
                String old = text == null ? "" : text;
                String tail = old.length() > at + written.length() ? old.substring(at + written.length()) : "";
                text = old.substring(0, at) + written + tail;
            }
        };
    }

    @Override
    public void truncate(long length) throws SQLException {
        text = text().substring(0, Math.toIntExact(Math.min(length, text().length())));
    }

    @Override
    public void free() {
        text = null;
    }
}
