// The texts of the catalog, parsed.
package org.mosslsm.sql;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.bind.SqlTexts;
import org.mosslsm.sql.parse.SqlParser;

/**
 * Parses defaults, checks, conditions of indexes and views, and keeps their syntax trees, which are immutable: each INSERT
 * and UPDATE that is planned binds those of its table. Thread-safe.
 */
final class CatalogTexts implements SqlTexts {
    /** Past so many characters of text all trees are let go: each takes about 20 times its text's size. */
    private static final int MOST_KEPT = 100_000;

    private final AtomicInteger kept = new AtomicInteger();
    private final Map<String, Query> queries = new ConcurrentHashMap<>();
    private final Map<String, Expression> expressions = new ConcurrentHashMap<>();

    @Override
    public Query query(String text) {
        return kept(queries, text, SqlParser::parseQuery);
    }

    @Override
    public Expression expression(String text) {
        return kept(expressions, text, SqlParser::parseExpression);
    }

    private <T> T kept(Map<String, T> trees, String text, Function<String, T> parse) {
        T known = trees.get(text);
        if (known != null) {
            return known;
        }
        T made = parse.apply(text);
        if (kept.addAndGet(text.length()) > MOST_KEPT) {
            queries.clear();
            expressions.clear();
            kept.set(text.length());
        }
        if (text.length() <= MOST_KEPT) {
            trees.put(text, made);
        }
        return made;
    }
}
