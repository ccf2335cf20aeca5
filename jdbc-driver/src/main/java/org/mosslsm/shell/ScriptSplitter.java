// Cuts a script into statements as it streams by.
package org.mosslsm.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/**
 * Cuts a script into statements: at {@code ;}, but not in strings, quoted names, dollar quotes or comments. Reads ahead
 * one character at most, so that it also serves a terminal; holds one statement at a time.
 *
 * <p>A line that begins, where a statement could, with a backslash (psql's) or a dot and a letter (the shell's own) is an
 * item by itself. Blanks and comments before a statement are dropped; its text begins at its first token, whose place is
 * kept. One thread at a time.
 */
final class ScriptSplitter {
    /** What an item is. */
    enum Kind {
        STATEMENT,
        /** A command of psql: a line that begins with a backslash. */
        BACKSLASH,
        /** A command of the shell: a line that begins with a dot. */
        DOT
    }

    /**
     * An item of a script.
     *
     * @param text without the semicolon
     * @param line where it begins, from 1
     * @param column where it begins, from 1, in code points
     * @param terminated whether its semicolon was there; the last statement needs none
     */
    record Item(Kind kind, String text, int line, int column, boolean terminated) {}

    private final Reader in;
    private final StringBuilder text = new StringBuilder();
    private int next;
    private boolean primed;
    private int line = 1;
    private int column = 1;
    private long characters;

    ScriptSplitter(Reader in) {
        this.in = in instanceof BufferedReader ? in : new BufferedReader(in, 1 << 16);
    }

    /** Characters read so far, for progress. */
    long characters() {
        return characters;
    }

    /** The next item; empty at the end of the script. */
    Optional<Item> next() throws IOException {
        text.setLength(0);
        skipToToken();
        int startLine = line;
        int startColumn = column;
        if (peek() < 0) {
            return Optional.empty();
        } else if (text.length() == 0 && peek() == '\\') {
            return Optional.of(new Item(Kind.BACKSLASH, restOfLine(), startLine, startColumn, true));
        } else if (text.length() == 0 && peek() == '.') {
            take();
            if (Character.isLetter(peek())) {
                return Optional.of(new Item(Kind.DOT, restOfLine(), startLine, startColumn, true));
            }
        }
        // A dash or slash that begins no comment was taken already: it stands one column before.
        startColumn -= text.length();
        boolean terminated = takeStatement();
        return Optional.of(
                new Item(Kind.STATEMENT, text.toString().stripTrailing(), startLine, startColumn, terminated));
    }

    /**
     * The lines after COPY ... FROM stdin, up to one that is {@code \\.} alone, which is passed. To be read to its end
     * before the next item is asked for.
     */
    Reader data() throws IOException {
        restOfLine();
        if (peek() >= 0) {
            take();
        }
        return new Reader() {
            private String rest = "";
            private int at;
            private boolean ended;

            @Override
            public int read(char[] buffer, int offset, int length) throws IOException {
                if (at == rest.length() && !nextLine()) {
                    return -1;
                }
                int count = Math.min(length, rest.length() - at);
                rest.getChars(at, at + count, buffer, offset);
                at += count;
                return count;
            }

            private boolean nextLine() throws IOException {
                text.setLength(0);
                while (!ended && peek() >= 0 && take() != '\n') {
                    // up to the end of the line
                }
                ended |= text.length() == 0 || text.toString().stripTrailing().equals("\\.");
                rest = ended ? "" : text.toString();
                at = 0;
                return !ended;
            }

            @Override
            public void close() throws IOException {
                while (nextLine()) {
                    // what is left is passed over
                }
            }
        };
    }

    // ---------------------------------------------------------------------------------------- between statements

    /** Passes blanks, comments and lone semicolons. Leaves at most one taken character: a dash or slash. */
    private void skipToToken() throws IOException {
        while (true) {
            int c = peek();
            if (c == ';' || c == '\uFEFF' || (c >= 0 && Character.isWhitespace(c))) {
                take();
            } else if (c == '-' || c == '/') {
                take();
                if (!skipComment((char) c)) {
                    text.setLength(0);
                    text.append((char) c);
                    return;
                }
            } else {
                text.setLength(0);
                return;
            }
        }
    }

    /** After a taken dash or slash: passes the comment it begins, if it begins one. */
    private boolean skipComment(char first) throws IOException {
        if (first == '-' && peek() == '-') {
            while (peek() >= 0 && peek() != '\n') {
                take();
            }
            return true;
        } else if (first == '/' && peek() == '*') {
            take();
            takeBlockComment();
            return true;
        }
        return false;
    }

    private String restOfLine() throws IOException {
        while (peek() >= 0 && peek() != '\n') {
            take();
        }
        return text.toString().strip();
    }

    // ---------------------------------------------------------------------------------------- within a statement

    /** Takes up to the semicolon, which is passed, or to the end; whether there was one. */
    private boolean takeStatement() throws IOException {
        while (peek() >= 0) {
            int c = peek();
            switch (c) {
                case ';' -> {
                    int length = text.length();
                    take();
                    text.setLength(length);
                    return true;
                }
                case '\'' -> {
                    boolean escapes = endsWithEscapePrefix();
                    take();
                    takeQuoted('\'', escapes);
                }
                case '"' -> {
                    take();
                    takeQuoted('"', false);
                }
                case '$' -> takeDollar();
                case '-', '/' -> {
                    take();
                    skipComment((char) c);
                }
                default -> take();
            }
        }
        return false;
    }

    /** Whether the quote to come opens an {@code E'...'} string, in which a backslash escapes. */
    private boolean endsWithEscapePrefix() {
        int length = text.length();
        boolean e = length > 0 && (text.charAt(length - 1) == 'e' || text.charAt(length - 1) == 'E');
        return e && (length == 1 || !isNamePart(text.charAt(length - 2)));
    }

    private void takeQuoted(char quote, boolean escapes) throws IOException {
        while (peek() >= 0) {
            int c = take();
            if (c == '\\' && escapes && peek() >= 0) {
                take();
            } else if (c == quote) {
                if (peek() != quote) {
                    return;
                }
                take();
            }
        }
    }

    /** {@code $tag$ ... $tag$}, if that is what the dollar begins. */
    private void takeDollar() throws IOException {
        boolean inName = text.length() > 0 && isNamePart(text.charAt(text.length() - 1));
        int start = text.length();
        take();
        if (inName) {
            return;
        }
        while (peek() >= 0 && isNamePart((char) peek()) && peek() != '$') {
            take();
        }
        if (peek() != '$') {
            return;
        }
        take();
        String tag = text.substring(start);
        int body = text.length();
        while (peek() >= 0) {
            boolean ends = take() == '$'
                    && text.length() - body >= tag.length()
                    && text.indexOf(tag, text.length() - tag.length()) >= 0;
            if (ends) {
                return;
            }
        }
    }

    private void takeBlockComment() throws IOException {
        int depth = 1;
        while (depth > 0 && peek() >= 0) {
            int c = take();
            if (c == '*' && peek() == '/') {
                take();
                depth--;
            } else if (c == '/' && peek() == '*') {
                take();
                depth++;
            }
        }
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    // ---------------------------------------------------------------------------------------- characters

    private int peek() throws IOException {
        if (!primed) {
            next = in.read();
            primed = true;
        }
        return next;
    }

    private int take() throws IOException {
        int c = peek();
        primed = false;
        characters++;
        text.append((char) c);
        if (c == '\n') {
            line++;
            column = 1;
        } else if (!Character.isLowSurrogate((char) c)) {
            column++;
        }
        return c;
    }
}
