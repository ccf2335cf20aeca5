// What the lexer and the parser read from.
package org.mosslsm.sql.parse;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.TokenSource;
import org.antlr.v4.runtime.misc.Interval;
import org.mosslsm.sql.error.Cancellation;

/** Streams that ask whether the statement was cancelled as they are read, so that a text of many megabytes can be. */
final class AskingStreams {
    /** A shorter text is read within milliseconds whatever it is, by the faster stream. */
    private static final int LONG = 100_000;

    private AskingStreams() {}

    static CharStream characters(String sql) {
        CharStream plain = CharStreams.fromString(sql);
        return sql.length() < LONG ? plain : new Characters(plain);
    }

    static CommonTokenStream tokens(TokenSource lexer) {
        return new Tokens(lexer);
    }

    /** Counts what is consumed: by the lexer as it is read, and by the parser, also where it only looks ahead. */
    private static final class Tokens extends CommonTokenStream {
        private int steps;

        Tokens(TokenSource lexer) {
            super(lexer);
        }

        @Override
        public void consume() {
            if ((++steps & Cancellation.MASK) == 0) {
                Cancellation.ask();
            }
            super.consume();
        }
    }

    /** A single token, a string say, may have a million characters. */
    private static final class Characters implements CharStream {
        private static final int MASK = 0xFFFF;

        private final CharStream plain;
        private int steps;

        Characters(CharStream plain) {
            this.plain = plain;
        }

        @Override
        public void consume() {
            if ((++steps & MASK) == 0) {
                Cancellation.ask();
            }
            plain.consume();
        }

        @Override
        public int LA(int i) {
            return plain.LA(i);
        }

        @Override
        public int mark() {
            return plain.mark();
        }

        @Override
        public void release(int marker) {
            plain.release(marker);
        }

        @Override
        public int index() {
            return plain.index();
        }

        @Override
        public void seek(int index) {
            plain.seek(index);
        }

        @Override
        public int size() {
            return plain.size();
        }

        @Override
        public String getSourceName() {
            return plain.getSourceName();
        }

        @Override
        public String getText(Interval interval) {
            return plain.getText(interval);
        }
    }
}
