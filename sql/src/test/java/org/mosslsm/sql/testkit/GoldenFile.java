// Statements and what is expected of them, in a file anyone can extend.
package org.mosslsm.sql.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A file of records separated by blank lines. A record is a statement, a line {@code ----}, and the expected lines; one
 * without that line sets something up. Lines that begin with {@code #} are comments. With {@code -Dgolden.update=true}
 * the expectations are written anew: review the difference.
 */
public final class GoldenFile {
    private static final String SEPARATOR = "----";

    private static final Pattern RECORD_END = Pattern.compile("\n\\s*\n");

    private final Path path;
    private final List<String> failures = new ArrayList<>();
    private int checked;

    private GoldenFile(Path path) {
        this.path = path;
    }

    /**
     * Runs a file of {@code src/test/resources}.
     *
     * @param setup runs a record without expectation
     * @param answer gives the lines for a statement
     * @return what differs, as a text to show; empty when all is as expected
     */
    public static String run(String resource, Consumer<String> setup, Function<String, List<String>> answer) {
        GoldenFile file = new GoldenFile(Path.of("src/test/resources", resource));
        try {
            return file.run(setup, answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String run(Consumer<String> setup, Function<String, List<String>> answer) throws IOException {
        StringBuilder rewritten = new StringBuilder();
        for (String record :
                RECORD_END.splitAsStream(Files.readString(path).strip()).toList()) {
            List<String> head = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            boolean separated = false;
            for (String line : record.lines().toList()) {
                if (!separated && line.equals(SEPARATOR)) {
                    separated = true;
                } else {
                    (separated ? expected : head).add(line);
                }
            }
            rewritten.append(String.join("\n", head)).append('\n');
            String sql = String.join(
                    "\n", head.stream().filter(l -> !l.startsWith("#")).toList());
            if (separated) {
                // A line of an answer may have several itself: a message with the place underlined.
                List<String> actual =
                        String.join("\n", answer.apply(sql)).lines().toList();
                checked++;
                rewritten
                        .append(SEPARATOR)
                        .append('\n')
                        .append(String.join("\n", actual))
                        .append('\n');
                if (!actual.equals(expected)) {
                    failures.add(sql + "\n-- expected\n" + String.join("\n", expected) + "\n-- found\n"
                            + String.join("\n", actual));
                }
            } else if (!sql.isBlank()) {
                setup.accept(sql);
            }
            rewritten.append('\n');
        }
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(path, rewritten.toString().stripTrailing() + "\n");
            return "";
        }
        return checked == 0 ? path + " expects nothing" : String.join("\n\n", failures);
    }
}
