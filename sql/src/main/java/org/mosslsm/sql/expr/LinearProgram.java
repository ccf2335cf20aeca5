package org.mosslsm.sql.expr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A regular expression as a program whose ways a {@link LinearMatcher} follows all at once, so that a match takes time in
 * proportion to its string. It is read from the pattern in Java's spelling, and whether a character is in a set, or a word
 * begins at a place, is asked of Java's engine: so both agree. Back references, lookaround and what repeats too often are
 * not for it. Immutable.
 *
 * <pre>
 *   a(b|c)*   0 test a   1 split 2, 7   2 save   3 split 4, 5 ..   6 save, jump 1   7 match
 * </pre>
 */
final class LinearProgram {
    static final int MATCH = 0;
    static final int TEST = 1;
    static final int SPLIT = 2;
    static final int JUMP = 3;
    static final int SAVE = 4;
    static final int ASSERT = 5;

    /** Instructions: each may be looked at for each character. */
    private static final int MOST_INSTRUCTIONS = 1 << 13;

    /** Places of groups, of all instructions together: some megabytes. */
    private static final int MOST_PLACES = 1 << 20;

    private static final int DEEPEST = 200;

    /** Not for this engine. */
    private static final class UnsuitableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnsuitableException() {
            super(null, null, false, false);
        }
    }

    /** Whether a character fits, of which those of ASCII are asked once: by threads that do not know of each other. */
    private static final class CharacterTest {
        private static final byte YES = 1;
        private static final byte NO = 2;
        private final String text;
        private final int flags;
        private final byte[] ascii = new byte[128];
        private volatile Pattern pattern;

        CharacterTest(String text, int flags) {
            this.text = text;
            this.flags = flags;
        }

        boolean fits(int c) {
            if (c >= ascii.length) {
                return ask(c);
            }
            if (ascii[c] == 0) {
                ascii[c] = ask(c) ? YES : NO;
            }
            return ascii[c] == YES;
        }

        private boolean ask(int c) {
            if (pattern == null) {
                pattern = Pattern.compile(text, flags);
            }
            return pattern.matcher(Character.toString(c)).matches();
        }
    }

    private sealed interface Node {
        /** Whether it may match nothing. */
        boolean empty();
    }

    private record Test(int index) implements Node {
        @Override
        public boolean empty() {
            return false;
        }
    }

    private record Assertion(int index) implements Node {
        @Override
        public boolean empty() {
            return true;
        }
    }

    private record Group(int index, Node body) implements Node {
        @Override
        public boolean empty() {
            return body.empty();
        }
    }

    private record Sequence(List<Node> parts) implements Node {
        @Override
        public boolean empty() {
            return parts.stream().allMatch(Node::empty);
        }
    }

    private record Choice(List<Node> ways) implements Node {
        @Override
        public boolean empty() {
            return ways.stream().anyMatch(Node::empty);
        }
    }

    private record Repeat(Node body, int least, int most, boolean greedy) implements Node {
        @Override
        public boolean empty() {
            return least == 0 || body.empty();
        }
    }

    private final int[] op;
    private final int[] x;
    private final int[] y;
    private final int places;
    private final List<CharacterTest> tests;
    private final List<Pattern> assertions;

    private LinearProgram(Compiler c) {
        this.op = Arrays.copyOf(c.op, c.size);
        this.x = Arrays.copyOf(c.x, c.size);
        this.y = Arrays.copyOf(c.y, c.size);
        this.places = c.exact ? 2 * (c.reader.groups + 1) : 0;
        this.tests = List.copyOf(c.reader.tests);
        this.assertions = List.copyOf(c.reader.assertions);
    }

    /**
     * The program of a pattern, or empty if it has none.
     *
     * @param exact whether it is asked where the match and its groups are, not only whether there is one
     */
    static Optional<LinearProgram> of(Pattern java, boolean exact) {
        try {
            Reader reader = new Reader(java);
            Compiler compiler = new Compiler(reader, exact);
            compiler.write(reader.all());
            compiler.add(MATCH, 0, 0);
            LinearProgram program = new LinearProgram(compiler);
            return (long) program.places * program.size() > MOST_PLACES ? Optional.empty() : Optional.of(program);
        } catch (UnsuitableException e) {
            return Optional.empty();
        }
    }

    int size() {
        return op.length;
    }

    int op(int at) {
        return op[at];
    }

    /** Of a split the way to try first, of a jump the way, of the others which test, assertion or place. */
    int x(int at) {
        return x[at];
    }

    /** Of a split the other way. */
    int y(int at) {
        return y[at];
    }

    /** Places a match tells: begin and end of all and of each group; 0 if it is not asked. */
    int places() {
        return places;
    }

    boolean fits(int test, int codePoint) {
        return tests.get(test).fits(codePoint);
    }

    List<Pattern> assertions() {
        return assertions;
    }

    /** Reads a pattern in Java's spelling, which Java's engine has accepted. */
    private static final class Reader {
        final String p;
        final int flags;
        final List<CharacterTest> tests = new ArrayList<>();
        final List<Pattern> assertions = new ArrayList<>();
        final Map<String, Integer> known = new HashMap<>();
        int groups;
        int at;
        int depth;

        Reader(Pattern java) {
            this.p = java.pattern();
            this.flags = java.flags();
        }

        Node all() throws UnsuitableException {
            Node node = choice();
            if (at < p.length()) {
                throw new UnsuitableException();
            }
            return node;
        }

        private Node choice() throws UnsuitableException {
            if (++depth > DEEPEST) {
                throw new UnsuitableException();
            }
            List<Node> ways = new ArrayList<>();
            ways.add(sequence());
            while (at < p.length() && p.charAt(at) == '|') {
                at++;
                ways.add(sequence());
            }
            depth--;
            return ways.size() == 1 ? ways.get(0) : new Choice(ways);
        }

        private Node sequence() throws UnsuitableException {
            List<Node> parts = new ArrayList<>();
            while (at < p.length() && p.charAt(at) != '|' && p.charAt(at) != ')') {
                parts.add(repeated(one()));
            }
            return new Sequence(parts);
        }

        private Node one() throws UnsuitableException {
            for (String assertion : RegexEscapes.ASSERTIONS) {
                if (p.startsWith(assertion, at)) {
                    at += assertion.length();
                    return new Assertion(assertion(assertion));
                }
            }
            int from = at;
            char c = p.charAt(at);
            switch (c) {
                case '(' -> {
                    return group();
                }
                case '[' -> at = endOfSet();
                case '\\' -> at = endOfEscape();
                case '*', '+', '?', '{' -> throw new UnsuitableException();
                default -> at += Character.charCount(p.codePointAt(at));
            }
            return new Test(test(p.substring(from, at)));
        }

        private Node group() throws UnsuitableException {
            int index = 0;
            if (p.startsWith("(?:", at)) {
                at += 3;
            } else if (p.startsWith("(?", at)) {
                throw new UnsuitableException();
            } else {
                index = ++groups;
                at++;
            }
            Node body = choice();
            at++; // )
            return index == 0 ? body : new Group(index, body);
        }

        /** Sets may have others in them; brackets that a set has as characters are escaped. */
        private int endOfSet() {
            int i = at;
            int open = 0;
            do {
                char c = p.charAt(i);
                open += c == '[' ? 1 : c == ']' ? -1 : 0;
                i += c == '\\' ? 2 : 1;
            } while (open > 0);
            return i;
        }

        private int endOfEscape() throws UnsuitableException {
            int end = RegexEscapes.end(p, at);
            if (end < 0) {
                throw new UnsuitableException();
            }
            return end;
        }

        private Node repeated(Node node) throws UnsuitableException {
            if (at >= p.length() || "*+?{".indexOf(p.charAt(at)) < 0) {
                return node;
            }
            int least = 0;
            int most = Integer.MAX_VALUE;
            switch (p.charAt(at++)) {
                case '+' -> least = 1;
                case '?' -> most = 1;
                case '{' -> {
                    int end = p.indexOf('}', at);
                    int comma = p.indexOf(',', at);
                    boolean range = comma > 0 && comma < end;
                    least = number(at, range ? comma : end);
                    most = !range ? least : comma + 1 == end ? most : number(comma + 1, end);
                    at = end + 1;
                }
                default -> {}
            }
            boolean greedy = at >= p.length() || p.charAt(at) != '?';
            at += greedy ? 0 : 1;
            if (at < p.length() && "*+?{".indexOf(p.charAt(at)) >= 0) {
                throw new UnsuitableException();
            }
            return new Repeat(node, least, most, greedy);
        }

        private int number(int from, int to) throws UnsuitableException {
            int n = 0;
            for (int i = from; i < to; i++) {
                int digit = p.charAt(i) - '0';
                n = n * 10 + digit;
                if (digit < 0 || digit > 9 || n > MOST_INSTRUCTIONS) {
                    throw new UnsuitableException();
                }
            }
            return n;
        }

        private int test(String text) {
            return known.computeIfAbsent(text, t -> {
                tests.add(new CharacterTest(t, flags));
                return tests.size() - 1;
            });
        }

        private int assertion(String text) {
            return known.computeIfAbsent(text, t -> {
                assertions.add(Pattern.compile(t, flags));
                return assertions.size() - 1;
            });
        }
    }

    /** Writes the instructions of nodes one after another. */
    private static final class Compiler {
        final Reader reader;
        final boolean exact;
        int[] op = new int[64];
        int[] x = new int[64];
        int[] y = new int[64];
        int size;

        Compiler(Reader reader, boolean exact) {
            this.reader = reader;
            this.exact = exact;
        }

        int add(int operation, int first, int second) throws UnsuitableException {
            if (size == MOST_INSTRUCTIONS) {
                throw new UnsuitableException();
            }
            if (size == op.length) {
                op = Arrays.copyOf(op, 2 * size);
                x = Arrays.copyOf(x, 2 * size);
                y = Arrays.copyOf(y, 2 * size);
            }
            op[size] = operation;
            x[size] = first;
            y[size] = second;
            return size++;
        }

        void write(Node node) throws UnsuitableException {
            if (node instanceof Test test) {
                add(TEST, test.index, 0);
            } else if (node instanceof Assertion assertion) {
                add(ASSERT, assertion.index, 0);
            } else if (node instanceof Group group && exact) {
                add(SAVE, 2 * group.index, 0);
                write(group.body);
                add(SAVE, 2 * group.index + 1, 0);
            } else if (node instanceof Group group) {
                write(group.body);
            } else if (node instanceof Sequence sequence) {
                for (Node part : sequence.parts) {
                    write(part);
                }
            } else if (node instanceof Choice choice) {
                choice(choice.ways);
            } else if (node instanceof Repeat repeat) {
                repeat(repeat);
            }
        }

        private void choice(List<Node> ways) throws UnsuitableException {
            List<Integer> jumps = new ArrayList<>();
            for (int i = 0; i < ways.size() - 1; i++) {
                int split = add(SPLIT, size + 1, 0);
                write(ways.get(i));
                jumps.add(add(JUMP, 0, 0));
                y[split] = size;
            }
            write(ways.get(ways.size() - 1));
            for (int jump : jumps) {
                x[jump] = size;
            }
        }

        /** Where a round matches nothing Java's engine goes no further; which rounds that are is not told apart here. */
        private void repeat(Repeat repeat) throws UnsuitableException {
            if (exact && repeat.most > 1 && repeat.body.empty()) {
                throw new UnsuitableException();
            }
            for (int i = 0; i < repeat.least; i++) {
                write(repeat.body);
            }
            if (repeat.most == Integer.MAX_VALUE) {
                int split = add(SPLIT, 0, 0);
                write(repeat.body);
                add(JUMP, split, 0);
                ways(split, split + 1, size, repeat.greedy);
                return;
            }
            List<Integer> splits = new ArrayList<>();
            for (int i = repeat.least; i < repeat.most; i++) {
                splits.add(add(SPLIT, 0, 0));
                write(repeat.body);
            }
            for (int split : splits) {
                ways(split, split + 1, size, repeat.greedy);
            }
        }

        private void ways(int split, int on, int out, boolean greedy) {
            x[split] = greedy ? on : out;
            y[split] = greedy ? out : on;
        }
    }
}
