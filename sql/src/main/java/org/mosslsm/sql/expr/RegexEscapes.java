package org.mosslsm.sql.expr;

import java.util.List;
import org.mosslsm.sql.error.SqlException;

/**
 * What escapes and names of sets in a regular expression mean, in Java's spelling: the one place that decides it, for Java's
 * engine and for the linear one. Letters, digits in words, blanks and signs are those of Unicode, as with PostgreSQL's C.UTF-8;
 * \d is 0 to 9.
 */
final class RegexEscapes {
    /**
     * Elements of a set. Those of ASCII stand first, to be found first, and what begins and ends them is no character, so that
     * a hyphen beside them makes no range.
     */
    private static final String WORD = "\\w\\p{IsAlphabetic}\\p{IsDigit}";

    /** All white space but what keeps a line together (U+00A0 and its like). */
    private static final String SPACE = "\\s\\u1680\\u2000-\\u2006\\u2008-\\u200A\\u205F\\u3000\\p{Zl}\\p{Zp}";

    private static final String GRAPH = "\\p{Graph}\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}";

    /** Java looks back by characters, not by their halves, where what it looks for has one of two halves. */
    private static final String BACK = "[" + WORD + "\uD835\uDC00]";

    /** Each in parentheses: a quantifier behind it is of all of it. */
    private static final String WORD_START = "(?:(?<!" + BACK + ")(?=[" + WORD + "]))";

    private static final String WORD_END = "(?:(?<=" + BACK + ")(?![" + WORD + "]))";
    private static final String WORD_EDGE = "(?:" + WORD_START + "|" + WORD_END + ")";
    private static final String NO_WORD_EDGE =
            "(?:(?<=" + BACK + ")(?=[" + WORD + "])|(?<!" + BACK + ")(?![" + WORD + "]))";

    /** Where a line begins: Java's ^ does not stand behind a newline at the end. */
    static final String LINE_START = "(?:\\A|(?<=\n))";

    /** All spellings that take no character, of those that this package writes. */
    static final List<String> ASSERTIONS =
            List.of(LINE_START, WORD_START, WORD_END, WORD_EDGE, NO_WORD_EDGE, "\\A", "\\z", "^", "$");

    private RegexEscapes() {}

    /** The same pattern for strings of ASCII alone. */
    static String forAscii(String java) {
        return java.replace(WORD_EDGE, "\\b")
                .replace(NO_WORD_EDGE, "\\B")
                .replace(WORD_START, "(?:\\b(?=\\w))")
                .replace(WORD_END, "(?:\\b(?<=\\w))")
                .replace(WORD, "\\w")
                .replace(SPACE, "\\s");
    }

    /**
     * Writes what \ and {@code c} mean.
     *
     * @throws SqlException 2201B for a letter that PostgreSQL has no escape of
     */
    static void write(char c, StringBuilder out) {
        switch (c) {
            case 'm' -> out.append(WORD_START);
            case 'M' -> out.append(WORD_END);
            case 'y' -> out.append(WORD_EDGE);
            case 'Y' -> out.append(NO_WORD_EDGE);
            case 'A' -> out.append("\\A");
            case 'Z' -> out.append("\\z");
            case 'w', 's' -> {
                out.append('[');
                writeInSet(c, out);
                out.append(']');
            }
            default -> writeInSet(c, out);
        }
    }

    /** As {@link #write}, between brackets, where there are no places. */
    static void writeInSet(char c, StringBuilder out) {
        switch (c) {
            case 'w' -> out.append(WORD);
            case 'W' -> out.append("[^").append(WORD).append(']');
            case 's' -> out.append(SPACE);
            case 'S' -> out.append("[^").append(SPACE).append(']');
            case 'B' -> out.append("\\\\"); // in PostgreSQL another name of the backslash
            case 'b' -> out.append("\\x08");
            case 'v' -> out.append("\\x0B");
            default -> {
                if (Character.isLetter(c) && "acdDefnrtux".indexOf(c) < 0) {
                    throw RegularExpression.invalid("there is no escape \\" + c, null);
                }
                out.append('\\').append(c);
            }
        }
    }

    /** The elements of [:set:]. */
    static String named(String set) {
        return switch (set) {
            case "alpha" -> "\\p{IsAlphabetic}";
            case "digit" -> "\\d";
            case "alnum" -> "\\p{Alnum}\\p{IsAlphabetic}\\p{IsDigit}";
            case "upper" -> "\\p{IsUppercase}";
            case "lower" -> "\\p{IsLowercase}";
            case "space" -> SPACE;
            case "blank" -> " \\t";
            case "punct" -> "\\p{Punct}\\p{P}\\p{S}";
            case "cntrl" -> "\\p{Cc}";
            case "print" -> GRAPH + "\\p{Zs}";
            case "graph" -> GRAPH;
            case "xdigit" -> "\\p{XDigit}";
            case "word" -> WORD;
            default -> throw RegularExpression.invalid("there is no set [:" + set + ":]", null);
        };
    }

    /**
     * The place behind the escape at {@code at} of a pattern in Java's spelling, outside of sets; -1 if it does not mean one
     * character or a set of them, or means half a character.
     */
    static int end(String java, int at) {
        char c = java.charAt(at + 1);
        switch (c) {
            case 'Q' -> {
                return java.indexOf("\\E", at) + 2;
            }
            case 'u' -> {
                int unit = Integer.parseInt(java, at + 2, at + 6, 16);
                return Character.isSurrogate((char) unit) ? -1 : at + 6;
            }
            case 'x' -> {
                return java.charAt(at + 2) == '{' ? java.indexOf('}', at) + 1 : at + 4;
            }
            case 'c' -> {
                return at + 3;
            }
            default -> {
                boolean one = !Character.isLetterOrDigit(c) || "adDefnrt".indexOf(c) >= 0;
                return one ? at + 1 + Character.charCount(java.codePointAt(at + 1)) : -1;
            }
        }
    }
}
