// What the binders of one statement share.
package org.mosslsm.sql.bind;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.catalog.ViewStar;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.CommonQuery;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.type.SqlType;

/** The surroundings of one statement being bound: catalog, schema, parameters, slots. One thread. */
final class BindContext {
    private final Catalog catalog;
    private final SqlTexts texts;
    private final Deque<View> openViews = new ArrayDeque<>();
    private final List<SqlType> parameters = new ArrayList<>();
    private IdentityHashMap<Query.CommonTable, Optional<CommonQuery>> commonQueries = new IdentityHashMap<>();
    private final List<LogicalPlan> apart = new ArrayList<>(0);
    private final List<Query.CommonTable> used = new ArrayList<>(0);
    private final Deque<Surroundings> openAggregates = new ArrayDeque<>(2);
    private List<String> path;
    private boolean temporaries = true;
    private int slots;
    private boolean locksRows;
    private final List<StatementPlan.CommonChange<LogicalPlan>> changes = new ArrayList<>();
    private final Expansion expansion = new Expansion();
    private Stars stars = Stars.OF_STATEMENT;

    BindContext(Catalog catalog, List<String> path, SqlTexts texts) {
        this.catalog = catalog;
        this.path = path;
        this.texts = texts;
    }

    Catalog catalog() {
        return catalog;
    }

    /** Where objects without a schema are made: the first schema of the path that exists. */
    String schema() {
        return catalog.firstExisting(path);
    }

    List<String> path() {
        return path;
    }

    /** Where something called so is looked up: among temporary views, then in the first schema of the path that has it. */
    String schemaOf(String name) {
        if (temporaries && catalog.isTaken(View.TEMPORARY, name)) {
            return View.TEMPORARY;
        }
        return path.size() == 1 ? path.get(0) : catalog.firstWith(path, name).orElseGet(this::schema);
    }

    /** Where a table is looked up by the statement that makes it, or changes it, in {@code schema}. */
    String schemaOfOneBeingMade(String name, String schema) {
        for (String s : path) {
            if (s.equals(schema) || catalog.isTaken(s, name)) {
                return s;
            }
        }
        return schema();
    }

    SqlTexts texts() {
        return texts;
    }

    Expansion expansion() {
        return expansion;
    }

    /** What stars mean where the binder is. */
    Stars stars() {
        return stars;
    }

    /** What the stars stand for in the query that {@code body} binds. */
    List<ViewStar> noting(Runnable body) {
        Stars before = stars;
        Stars noting = Stars.noting();
        stars = noting;
        try {
            body.run();
        } finally {
            stars = before;
        }
        return noting.noted();
    }

    /** Number of slots given out. */
    int slots() {
        return slots;
    }

    int newSlot() {
        return slots++;
    }

    /** Says that the statement has a FOR UPDATE or FOR SHARE in it. */
    void noteLocks() {
        locksRows = true;
    }

    boolean locksRows() {
        return locksRows;
    }

    /** The WITH queries that were used so far, one for each use. */
    List<Query.CommonTable> used() {
        return used;
    }

    /** What makes the WITH queries that are bound from now on ones that were not. */
    Runnable markBound() {
        IdentityHashMap<Query.CommonTable, Optional<CommonQuery>> known = new IdentityHashMap<>(commonQueries);
        return () -> {
            commonQueries.clear();
            commonQueries.putAll(known);
        };
    }

    /** As {@link #markBound()}, but for those among {@code kept}: what they were bound to holds wherever they are in sight. */
    Runnable markBound(CommonTables kept) {
        Runnable forget = markBound();
        return () -> {
            IdentityHashMap<Query.CommonTable, Optional<CommonQuery>> bound = new IdentityHashMap<>(commonQueries);
            forget.run();
            bound.forEach((table, query) -> {
                if (kept.has(table)) {
                    commonQueries.put(table, query);
                }
            });
        };
    }

    /** Binds the arguments of an aggregate that stands in such surroundings, within a subquery. */
    <T> T insideAggregate(Surroundings of, Supplier<T> arguments) {
        openAggregates.push(of);
        try {
            return arguments.get();
        } finally {
            openAggregates.pop();
        }
    }

    /** The scopes around the aggregates that are being bound and have the WITH query in sight: not what it reads is theirs. */
    List<Outer> aggregatesSeeing(Query.CommonTable table) {
        return openAggregates.stream()
                .filter(a -> a.tables().has(table))
                .map(a -> a.outer().orElseThrow())
                .toList();
    }

    /** Whether a WITH query was bound. By identity: two of one text are two. */
    boolean isBound(Query.CommonTable table) {
        return commonQueries.containsKey(table);
    }

    /** What all uses of a WITH query share; empty where each use is bound anew, and before the first. */
    Optional<CommonQuery> commonQuery(Query.CommonTable table) {
        return commonQueries.getOrDefault(table, Optional.empty());
    }

    /** A WITH query was bound. */
    void noteBound(Query.CommonTable table, Optional<CommonQuery> shared) {
        commonQueries.put(table, shared);
        shared.ifPresent(query -> apart(query.plan()));
    }

    /** A change of a WITH query, to be done before those that come after it. */
    void addChange(StatementPlan.CommonChange<LogicalPlan> change) {
        changes.add(change);
    }

    List<StatementPlan.CommonChange<LogicalPlan>> changes() {
        return changes;
    }

    /** A plan that was bound, and will not be found in the tree of the statement. */
    void apart(LogicalPlan plan) {
        apart.add(plan);
    }

    List<LogicalPlan> apart() {
        return apart;
    }

    // ---- parameters

    /** A parameter appears; its type is not known yet. */
    ScalarExpr parameter(int index) {
        while (parameters.size() <= index) {
            parameters.add(SqlType.UNKNOWN);
        }
        return new ScalarExpr.Parameter(index, SqlType.UNKNOWN);
    }

    /** The type that the place of a parameter gave it, seen in the finished plan. */
    void parameterType(ScalarExpr.Parameter parameter) {
        if (!parameter.type().isUnknown()) {
            parameters.set(parameter.index(), parameter.type());
        }
    }

    boolean hasParameters() {
        return !parameters.isEmpty();
    }

    List<SqlType> parameterTypes() {
        return parameters;
    }

    // ---- views

    /** Runs {@code body} with names looked up as a view's text has them: what stays sees nothing temporary. */
    <T> T within(List<String> itsPath, boolean temporary, Supplier<T> body) {
        List<String> before = path;
        boolean temporariesBefore = temporaries;
        path = itsPath;
        temporaries = temporary;
        try {
            return body.get();
        } finally {
            path = before;
            temporaries = temporariesBefore;
        }
    }

    /**
     * Runs {@code body} inside a view: names mean what they meant where it was made, and its WITH queries, whose trees
     * all uses of the view share, are others for each use.
     */
    <T> T inside(View view, Position use, Supplier<T> body) {
        if (openViews.contains(view)) {
            throw new SqlException(
                    SqlState.INVALID_OBJECT_DEFINITION,
                    "view \"" + view.name() + "\" refers to itself",
                    use.line(),
                    use.column());
        }
        IdentityHashMap<Query.CommonTable, Optional<CommonQuery>> before = commonQueries;
        Stars starsBefore = stars;
        openViews.push(view);
        commonQueries = new IdentityHashMap<>();
        stars = Stars.of(view);
        expansion.enter();
        try {
            return within(view.path(), view.isTemporary(), body);
        } catch (SqlException e) {
            if (e.sqlState().equals(SqlState.QUERY_CANCELED) || e.sqlState().equals(SqlState.TOO_COMPLEX)) {
                throw e; // nothing is wrong with the view
            }
            // The position is one in the view's text: say so, and point to the place of use instead.
            throw new SqlException(
                    e.sqlState(),
                    "view \"" + view.name() + "\" cannot be used: " + e.getMessage(),
                    use.line(),
                    use.column());
        } finally {
            expansion.leave();
            commonQueries = before;
            stars = starsBefore;
            openViews.pop();
        }
    }
}
