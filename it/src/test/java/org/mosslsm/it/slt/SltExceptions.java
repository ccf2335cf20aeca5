package org.mosslsm.it.slt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The records that are answered otherwise on purpose: {@code exceptions.txt} beside this class in the resources, which
 * says how its lines read. A wrong answer is excused only at its own place, a refusal by its SQLSTATE and statement.
 * Immutable.
 */
final class SltExceptions {
    private static final Pattern LINE = Pattern.compile("(refused|differs) (\\S+) (.+) : (.+)");

    private final List<Rule> rules;

    /** @param where an SQLSTATE, or the end of a file's path with the line of the record */
    private record Rule(boolean refused, String where, Pattern sql, String reason) {
        boolean excuses(Path file, SltRunner.Failure failure) {
            boolean here = refused
                    ? failure.problem().startsWith("SQLSTATE " + where + ":")
                    : failure.problem().startsWith("wrong result")
                            && (file.toString().replace('\\', '/') + ":" + failure.line()).endsWith("/" + where);
            return here && sql.matcher(failure.sql()).matches();
        }
    }

    private SltExceptions(List<Rule> rules) {
        this.rules = rules;
    }

    /** Those of the resource. */
    static SltExceptions load() {
        try (InputStream in = SltExceptions.class.getResourceAsStream("exceptions.txt")) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SltExceptions parse(List<String> lines) {
        List<Rule> rules = new ArrayList<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher m = LINE.matcher(line);
            if (!m.matches()) {
                throw new IllegalArgumentException("not an exception: " + line);
            }
            rules.add(new Rule(m.group(1).equals("refused"), m.group(2), Pattern.compile(m.group(3)), m.group(4)));
        }
        return new SltExceptions(List.copyOf(rules));
    }

    /** Whether the failure of that file is meant; the reason then, else {@code null}. */
    String reason(Path file, SltRunner.Failure failure) {
        return rules.stream()
                .filter(r -> r.excuses(file, failure))
                .map(Rule::reason)
                .findFirst()
                .orElse(null);
    }
}
