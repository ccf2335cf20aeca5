package org.mosslsm.sql.expr;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a {@link LinearProgram} over a string: the ways it can go are followed together, character by character, each
 * instruction once a character, in the order in which a search that goes back would try them. So what is found is what that
 * search finds. One thread at a time.
 *
 * <pre>
 *   for each character
 *     as long as nothing is found, a way begins at the start of the program, after all others
 *     each way in order: does its test fit, it goes on behind it, for the next character
 *                        is it at the end, it is the match so far, and the ways after it are dropped
 * </pre>
 */
final class LinearMatcher {
    private final LinearProgram program;
    private final String string;
    private final RegexWatch watch;
    private final Matcher[] assertions;
    private final int places;

    /** Ways at the character at hand, and at the next: instructions, and the places of their groups. */
    private int[] ways;

    private int[] nextWays;
    private int[] placesOfWays;
    private int[] placesOfNext;
    private int count;

    /** The round in which an instruction was last reached. */
    private final long[] reached;

    private long round;

    /** What is to be followed yet: an instruction, or below 0 a place to be put back, with its old value. */
    private final int[] stack;

    private final int[] old;

    /** Places of the way that is followed. */
    private final int[] current;

    private int[] found;

    LinearMatcher(LinearProgram program, String string, RegexWatch watch) {
        this.program = program;
        this.string = string;
        this.watch = watch;
        this.places = program.places();
        int size = program.size();
        this.ways = new int[size];
        this.nextWays = new int[size];
        this.placesOfWays = new int[size * places];
        this.placesOfNext = new int[size * places];
        this.reached = new long[size];
        this.stack = new int[3 * size + 2];
        this.old = new int[stack.length];
        this.current = new int[places];
        List<Pattern> patterns = program.assertions();
        this.assertions = new Matcher[patterns.size()];
        for (int i = 0; i < assertions.length; i++) {
            assertions[i] =
                    patterns.get(i).matcher(string).useTransparentBounds(true).useAnchoringBounds(false);
        }
    }

    /** Begin and end of the match and of each group, -1 for one that takes no part; empty if they are not asked. */
    int[] places() {
        return found;
    }

    /**
     * Looks for a match from a place on.
     *
     * @param whole whether it must begin there and end at the end of the string
     */
    boolean find(int from, boolean whole) {
        boolean matched = false;
        found = new int[places];
        int waiting = 0;
        round++;
        for (int at = from; ; ) {
            count = waiting;
            if (!matched && (!whole || at == from)) {
                Arrays.fill(current, -1);
                begin(at);
            }
            if (count == 0 && (matched || whole)) {
                return matched;
            }
            int here = count;
            swap();
            int c = at < string.length() ? string.codePointAt(at) : -1;
            int next = at + (c < 0 ? 0 : Character.charCount(c));
            round++;
            count = 0;
            for (int i = 0; i < here; i++) {
                int way = nextWays[i];
                look();
                if (program.op(way) == LinearProgram.MATCH) {
                    if (!whole || c < 0) {
                        matched = true;
                        System.arraycopy(placesOfNext, i * places, found, 0, places);
                        break;
                    }
                } else if (c >= 0 && program.fits(program.x(way), c)) {
                    System.arraycopy(placesOfNext, i * places, current, 0, places);
                    follow(way + 1, next);
                }
            }
            if (c < 0 || (matched && places == 0)) {
                return matched;
            }
            waiting = count;
            at = next;
        }
    }

    private void begin(int at) {
        if (places > 0) {
            current[0] = at;
        }
        follow(0, at);
    }

    private void swap() {
        int[] w = ways;
        ways = nextWays;
        nextWays = w;
        int[] p = placesOfWays;
        placesOfWays = placesOfNext;
        placesOfNext = p;
    }

    /** Goes from an instruction to all tests that can come next, in order, and adds them to the ways. */
    private void follow(int start, int at) {
        int depth = 0;
        stack[depth++] = start;
        while (depth > 0) {
            int i = stack[--depth];
            if (i < 0) {
                current[-1 - i] = old[depth];
                continue;
            }
            if (reached[i] == round) {
                continue;
            }
            reached[i] = round;
            look();
            switch (program.op(i)) {
                case LinearProgram.JUMP -> stack[depth++] = program.x(i);
                case LinearProgram.SPLIT -> {
                    stack[depth++] = program.y(i);
                    stack[depth++] = program.x(i);
                }
                case LinearProgram.SAVE -> {
                    int place = program.x(i);
                    old[depth] = current[place];
                    stack[depth++] = -1 - place;
                    current[place] = at;
                    stack[depth++] = i + 1;
                }
                case LinearProgram.ASSERT -> {
                    if (assertions[program.x(i)].region(at, string.length()).lookingAt()) {
                        stack[depth++] = i + 1;
                    }
                }
                default -> add(i, at);
            }
        }
    }

    private void add(int way, int at) {
        ways[count] = way;
        if (places > 0) {
            System.arraycopy(current, 0, placesOfWays, count * places, places);
            if (program.op(way) == LinearProgram.MATCH) {
                placesOfWays[count * places + 1] = at;
            }
        }
        count++;
    }

    private void look() {
        if (watch.look()) {
            watch.checkFolding();
        }
    }
}
