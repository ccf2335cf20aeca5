package org.mosslsm.sql.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.testkit.TestContext;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.TypeNames;
import org.mosslsm.sql.type.ValueText;

/** Runs functions.txt: calls, their types and results, one a line. */
class FunctionsTest {
    @Test
    void functionsGiveWhatTheTableSays() throws IOException {
        List<String> wrong = new ArrayList<>();
        int cases = 0;
        for (String line : lines()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            cases++;
            int arrow = line.indexOf("=>");
            String call = line.substring(0, arrow).strip();
            String expected = line.substring(arrow + 2).strip();
            String actual = run(call);
            if (!actual.strip().equals(expected)) {
                wrong.add(call + " => " + actual + "   expected " + expected);
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(cases > 200, cases + " cases");
    }

    private static List<String> lines() throws IOException {
        try (BufferedReader r = new BufferedReader(new InputStreamReader(
                FunctionsTest.class.getResourceAsStream("functions.txt"), StandardCharsets.UTF_8))) {
            return r.lines().toList();
        }
    }

    /** The result with its type, or the SQLSTATE; both for the plain and for the folded expression. */
    private static String run(String call) {
        String plain = attempt(call, false);
        String folded = attempt(call, true);
        assertEquals(plain, folded, "folding changes " + call);
        return plain;
    }

    private static String attempt(String call, boolean fold) {
        try {
            ScalarExpr e = parse(call);
            Evaluator evaluator = Evaluator.compile(fold ? Folding.fold(e) : e);
            TestContext context = new TestContext();
            Object value = evaluator.eval(ValueRow.EMPTY, context);
            if (e.type().isLong()) {
                assertEquals(value == null ? Evaluator.NULL_LONG : value, evaluator.evalLong(ValueRow.EMPTY, context));
            }
            return e.type() + " " + (value == null ? "NULL" : ValueText.format(value, e.type(), ZoneOffset.UTC));
        } catch (SqlException e) {
            return "error " + e.sqlState();
        }
    }

    /** {@code name(arg, arg)}, where an argument is NULL, 'text' (untyped) or type:text. */
    private static ScalarExpr parse(String call) {
        int open = call.indexOf('(');
        String name = call.substring(0, open);
        String inside = call.substring(open + 1, call.length() - 1);
        List<ScalarExpr> arguments = new ArrayList<>();
        for (String a : split(inside)) {
            arguments.add(argument(a.strip()));
        }
        return ExprFactory.call(name, arguments);
    }

    /** Cuts at commas that are outside quotes and parentheses. */
    private static List<String> split(String s) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int depth = 0;
        int start = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            quoted ^= c == '\'';
            depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && !quoted && depth == 0) {
                parts.add(s.substring(start, i));
                start = i + 1;
            }
        }
        if (!s.isBlank()) {
            parts.add(s.substring(start));
        }
        return parts;
    }

    private static ScalarExpr argument(String a) {
        if (a.equals("NULL")) {
            return ExprFactory.nullOf(SqlType.UNKNOWN);
        }
        if (a.startsWith("'")) {
            return ExprFactory.literal(a.substring(1, a.length() - 1), SqlType.UNKNOWN);
        }
        int colon = a.indexOf(':');
        if (colon < 0) {
            boolean whole = a.matches("-?\\d+");
            SqlType type = whole ? SqlType.INTEGER : SqlType.DECIMAL;
            return ExprFactory.literal(ValueText.parse(a, type, ZoneOffset.UTC), type);
        }
        SqlType type = TypeNames.parse(a.substring(0, colon)).orElseThrow();
        String text = a.substring(colon + 1).strip();
        String value = text.startsWith("'") ? text.substring(1, text.length() - 1) : text;
        return ExprFactory.literal(value.equals("NULL") ? null : ValueText.parse(value, type, ZoneOffset.UTC), type);
    }
}
