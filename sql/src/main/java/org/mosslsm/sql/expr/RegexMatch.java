package org.mosslsm.sql.expr;

import java.util.Optional;
import java.util.regex.Matcher;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * The matches of a regular expression in a string, one after another. Java's engine begins, which is the faster one; where it
 * takes more looks than a match takes that is no trap, or nests too deeply, the linear one goes on from the same place, if the
 * pattern is one for it. Rounds that match nothing, as in {@code (a|b*)*}, Java's engine counts wrongly now and then: there
 * the linear one says whether there is a match. One thread at a time.
 */
final class RegexMatch {
    private final RegularExpression expression;
    private final String string;
    private final boolean places;
    private final RegexWatch watch;

    /** Of the last match. */
    private int start = -1;

    private int end = -1;

    private Matcher java;
    private LinearMatcher linear;

    /** Java's engine has taken too long, and there is another. */
    private static final class TrapException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TrapException() {
            super(null, null, false, false);
        }
    }

    /** @param places whether it will be asked where a match is, not only whether there is one */
    RegexMatch(RegularExpression expression, String string, EvalContext context, boolean places) {
        this.expression = expression;
        this.string = string;
        this.places = places;
        this.watch = new RegexWatch(string.length(), context);
        if (expression.knownTrap() || (!places && expression.emptyRounds())) {
            goLinear();
        }
        if (linear == null) {
            java = expression.pattern(string).matcher(new Watched());
        }
    }

    private boolean goLinear() {
        Optional<LinearProgram> program = expression.linear(places);
        program.ifPresent(p -> linear = new LinearMatcher(p, string, watch));
        return program.isPresent();
    }

    /** The next match after the last one, the first one at first. */
    boolean find() {
        if (start < 0) {
            return find(0);
        }
        if (start < end) {
            return find(end);
        }
        return end < string.length() && find(end + Character.charCount(string.codePointAt(end)));
    }

    /** The first match that begins at {@code from}, at the earliest. */
    boolean find(int from) {
        return search(from, false);
    }

    /** Whether the whole string matches. */
    boolean matches() {
        return search(0, true);
    }

    private boolean search(int from, boolean whole) {
        if (linear == null) {
            try {
                return found(whole ? java.matches() : find(java, string, from));
            } catch (TrapException e) {
                expression.setKnownTrap();
            } catch (StackOverflowError e) {
                if (!goLinear()) {
                    throw new SqlException(
                            SqlState.TOO_COMPLEX, "the regular expression is too complex for this string", e);
                }
            }
        }
        boolean matched = linear.find(from, whole);
        if (matched && places) {
            start = linear.places()[0];
            end = linear.places()[1];
        }
        return matched;
    }

    /** As Java's engine finds, but at no place between the halves of a character. */
    static boolean find(Matcher java, String string, int from) {
        boolean found = java.find(from);
        while (found && LongText.isWithinPair(string, java.start())) {
            found = java.find(java.start() + 1);
        }
        return found;
    }

    private boolean found(boolean matched) {
        if (matched) {
            start = java.start();
            end = java.end();
        }
        return matched;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int groupCount() {
        return expression.groups();
    }

    String group() {
        return string.substring(start, end);
    }

    /** What a group of the match encloses; null if it takes no part. */
    String group(int i) {
        if (linear == null) {
            return java.group(i);
        }
        int from = linear.places()[2 * i];
        int to = linear.places()[2 * i + 1];
        return from < 0 || to < 0 ? null : string.substring(from, to);
    }

    /** The string, each look at which is counted. */
    private final class Watched implements CharSequence {
        @Override
        public char charAt(int index) {
            if (watch.look()) {
                if (linear == null && watch.suspicious() && goLinear()) {
                    throw new TrapException();
                }
                watch.checkBound();
            }
            return string.charAt(index);
        }

        @Override
        public int length() {
            return string.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return string.substring(start, end);
        }

        @Override
        public String toString() {
            return string;
        }
    }
}
