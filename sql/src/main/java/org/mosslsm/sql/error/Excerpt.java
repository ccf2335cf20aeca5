// The line an error points into, with a caret.
package org.mosslsm.sql.error;

/** Shows a place in a text: its line, cut to a window where it is long, and a caret below. */
final class Excerpt {
    /** Characters shown before and after the place, so that the line fits a terminal. */
    private static final int WINDOW = 50;

    private Excerpt() {}

    /** Two lines, each begun by a newline; empty when the text has no such place. Columns count code points from 1. */
    static String of(String text, int line, int column) {
        int start = 0;
        for (int i = 1; i < line; i++) {
            start = text.indexOf('\n', start) + 1;
            if (start == 0) {
                return "";
            }
        }
        int end = text.indexOf('\n', start);
        String shown = (end < 0 ? text.substring(start) : text.substring(start, end)).stripTrailing();
        if (column - 1 > shown.codePointCount(0, shown.length())) {
            column = shown.codePointCount(0, shown.length()) + 1;
        }
        int place = shown.offsetByCodePoints(0, column - 1);
        int from = place <= WINDOW ? 0 : onBoundary(shown, place - WINDOW);
        int to = shown.length() - place <= WINDOW ? shown.length() : onBoundary(shown, place + WINDOW);
        String before = (from > 0 ? "..." : "") + shown.substring(from, place);
        String after = shown.substring(place, to) + (to < shown.length() ? "..." : "");
        // Tabs stay, so that the caret stands right whatever a tab is wide.
        String indent = before.codePoints()
                .map(c -> c == '\t' ? '\t' : ' ')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return "\n" + before + after + "\n" + indent + "^";
    }

    private static int onBoundary(String text, int index) {
        return Character.isLowSurrogate(text.charAt(index)) ? index - 1 : index;
    }
}
