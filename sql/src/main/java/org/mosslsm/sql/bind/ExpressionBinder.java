// Expressions: from syntax to typed trees.
package org.mosslsm.sql.bind;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.type.SqlType;

/**
 * Binds expressions over one scope. What has no type of its own (NULL, a string, a parameter) stays UNKNOWN until it
 * meets something that has one. Every error points to the syntax it comes from.
 */
final class ExpressionBinder {
    private final BindContext context;
    private final Scope scope;
    private final Optional<AggregateCollector> aggregates;
    private final String clause;

    private ExpressionBinder(BindContext context, Scope scope, Optional<AggregateCollector> aggregates, String clause) {
        this.context = context;
        this.scope = scope;
        this.aggregates = aggregates;
        this.clause = clause;
    }

    /** Without aggregates; {@code clause} completes "aggregate functions are not allowed in ...". */
    static ExpressionBinder plain(BindContext context, Scope scope, String clause) {
        return new ExpressionBinder(context, scope, Optional.empty(), clause);
    }

    /** With aggregates, which the collector takes. */
    static ExpressionBinder grouped(BindContext context, Scope scope, AggregateCollector aggregates) {
        return new ExpressionBinder(context, scope, Optional.of(aggregates), "");
    }

    BindContext context() {
        return context;
    }

    Scope scope() {
        return scope;
    }

    // ---- doors

    /** Any expression. */
    ScalarExpr bind(Expression e) {
        context.expansion().expression();
        if (e instanceof Expression.Binary b) {
            return binary(b);
        }
        try {
            return bindNode(e);
        } catch (SqlException error) {
            throw at(error, e.position());
        }
    }

    /** A condition: BOOLEAN. */
    ScalarExpr condition(Expression e) {
        ScalarExpr bound = bind(e);
        return at(e.position(), () -> ExprFactory.condition(bound));
    }

    /** An expression where a type is asked for. */
    ScalarExpr coerced(Expression e, SqlType type) {
        ScalarExpr bound = bind(e);
        return at(e.position(), () -> ExprFactory.coerce(bound, type));
    }

    /** Runs {@code make}; its errors point to {@code position} unless they already point somewhere. */
    static <T> T at(Position position, Supplier<T> make) {
        try {
            return make.get();
        } catch (SqlException error) {
            throw at(error, position);
        }
    }

    private static SqlException at(SqlException error, Position position) {
        return error.at(position.line(), position.column());
    }

    // ---- one node

    /** Whether it is USER, which is the current user where no column is called so: the word is not reserved here. */
    private static boolean isUser(QualifiedName name) {
        return name.parts().size() == 1
                && !name.parts().get(0).quoted()
                && name.last().equals("user");
    }

    private ScalarExpr bindNode(Expression e) {
        if (e instanceof Expression.ColumnName c) {
            if (isUser(c.name()) && scope.find(c.name()).isEmpty()) {
                return ExprFactory.call("user", List.of());
            }
            ScalarExpr column = scope.resolve(c.name());
            aggregates.ifPresent(a -> a.notePosition(column, c.position()));
            return column;
        }
        if (e instanceof Expression.And a) {
            return ExprFactory.and(conditions(a.terms()));
        }
        if (e instanceof Expression.Or o) {
            return ExprFactory.or(conditions(o.terms()));
        }
        if (e instanceof Expression.Comparison c) {
            return comparison(c);
        }
        if (e instanceof Expression.FunctionCall f) {
            return function(f);
        }
        Optional<ScalarExpr> literal = Literals.bind(e);
        if (literal.isPresent()) {
            return literal.get();
        }
        if (e instanceof Expression.Parameter p) {
            return context.parameter(p.index());
        }
        if (e instanceof Expression.Unary u) {
            String symbol =
                    switch (u.sign()) {
                        case PLUS -> "+";
                        case MINUS -> "-";
                        case COMPLEMENT -> "~";
                    };
            return ExprFactory.call(symbol, List.of(bind(u.operand())));
        }
        if (e instanceof Expression.Cast c) {
            SqlType type = Types.resolve(c.type());
            ScalarExpr operand = bind(c.operand());
            return ExprFactory.cast(operand, type);
        }
        if (e instanceof Expression.Case c) {
            return caseWhen(c);
        }
        if (e instanceof Expression.Not n) {
            return ExprFactory.not(condition(n.operand()));
        }
        return bindPredicate(e);
    }

    private ScalarExpr bindPredicate(Expression e) {
        if (e instanceof Expression.IsNull n) {
            ScalarExpr test = isNull(n);
            return n.negated() ? ExprFactory.not(test) : test;
        }
        if (e instanceof Expression.IsTruth t) {
            ScalarExpr test = new ScalarExpr.IsTruth(
                    condition(t.operand()), Truth.valueOf(t.truth().name()));
            return t.negated() ? ExprFactory.not(test) : test;
        }
        if (e instanceof Expression.IsDistinct d) {
            ScalarExpr test = distinct(d);
            return d.negated() ? ExprFactory.not(test) : test;
        }
        if (e instanceof Expression.Between b) {
            return context.expansion().repeating(between(b));
        }
        if (e instanceof Expression.InList i) {
            ScalarExpr test = inList(i);
            return i.negated() ? ExprFactory.not(test) : test;
        }
        if (e instanceof Expression.Like l) {
            ScalarExpr test = ExprFactory.like(
                    bind(l.operand()), bind(l.pattern()), l.escape().map(this::bind), l.caseInsensitive());
            return l.negated() ? ExprFactory.not(test) : test;
        }
        if (e instanceof Expression.RowValue) {
            throw new SqlException(
                    SqlState.SYNTAX_ERROR, "a row value can stand only on a side of a comparison, IN or BETWEEN");
        }
        if (e instanceof Expression.DefaultValue) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "DEFAULT is not allowed here");
        }
        return new SubqueryBinder(this).bind(e);
    }

    private List<ScalarExpr> conditions(List<Expression> terms) {
        List<ScalarExpr> bound = new ArrayList<>(terms.size());
        for (Expression t : terms) {
            askAmongMany(bound.size());
            bound.add(condition(t));
        }
        return bound;
    }

    List<ScalarExpr> bindAll(List<Expression> expressions) {
        List<ScalarExpr> bound = new ArrayList<>(expressions.size());
        for (Expression e : expressions) {
            askAmongMany(bound.size());
            bound.add(bind(e));
        }
        return bound;
    }

    private static void askAmongMany(int bound) {
        if ((bound & Cancellation.MASK) == Cancellation.MASK) {
            Cancellation.ask();
        }
    }

    /** Chains of operators nest to the left, thousands deep: walked with a stack of our own. */
    private ScalarExpr binary(Expression.Binary top) {
        Deque<Expression.Binary> chain = new ArrayDeque<>();
        Expression left = top;
        while (left instanceof Expression.Binary b) {
            chain.push(b);
            left = b.left();
        }
        ScalarExpr result = bind(left);
        while (!chain.isEmpty()) {
            Expression.Binary b = chain.pop();
            ScalarExpr l = result;
            ScalarExpr r = bind(b.right());
            result = at(b.position(), () -> ExprFactory.call(b.operator().symbol(), List.of(l, r)));
        }
        return result;
    }

    private ScalarExpr caseWhen(Expression.Case c) {
        if (c.operand().isPresent()) {
            return context.expansion().repeating(caseOf(c, bind(c.operand().get())));
        }
        List<ScalarExpr.When> branches = new ArrayList<>();
        for (Expression.When w : c.branches()) {
            branches.add(new ScalarExpr.When(condition(w.condition()), bind(w.result())));
        }
        return ExprFactory.caseWhen(branches, c.otherwise().map(this::bind));
    }

    private ScalarExpr caseOf(Expression.Case c, ScalarExpr operand) {
        List<ScalarExpr.When> values = new ArrayList<>();
        for (Expression.When w : c.branches()) {
            values.add(new ScalarExpr.When(bind(w.condition()), bind(w.result())));
        }
        Optional<ScalarExpr> otherwise = c.otherwise().map(this::bind);
        if (isDrawn(operand)) {
            return ExprFactory.caseOnce(operand, values, otherwise);
        }
        List<ScalarExpr.When> branches = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            // Bound anew for each branch but the first: a subquery has slots of its own in each.
            ScalarExpr left = i == 0 ? operand : bind(c.operand().get());
            ScalarExpr right = values.get(i).condition();
            branches.add(new ScalarExpr.When(
                    at(
                            c.branches().get(i).condition().position(),
                            () -> ExprFactory.compare(CompareOp.EQ, left, right)),
                    values.get(i).result()));
        }
        return ExprFactory.caseWhen(branches, otherwise);
    }

    /** Whether it gives another value each time, be it for a subquery in it: then it must be evaluated once. */
    private static boolean isDrawn(ScalarExpr operand) {
        return LogicalTrees.hasVolatile(operand) && !operand.type().isUnknown();
    }

    // ---- predicates

    static CompareOp operator(Expression.Comparator c) {
        return switch (c) {
            case EQUAL -> CompareOp.EQ;
            case NOT_EQUAL -> CompareOp.NE;
            case LESS -> CompareOp.LT;
            case LESS_OR_EQUAL -> CompareOp.LE;
            case GREATER -> CompareOp.GT;
            case GREATER_OR_EQUAL -> CompareOp.GE;
        };
    }

    private ScalarExpr comparison(Expression.Comparison c) {
        CompareOp op = operator(c.comparator());
        if (c.left() instanceof Expression.RowValue row && c.right() instanceof Expression.ScalarSubquery q) {
            return context.expansion().repeating(new SubqueryBinder(this).compare(op, rowItems(row), q));
        }
        if (c.left() instanceof Expression.RowValue || c.right() instanceof Expression.RowValue) {
            return context.expansion().repeating(ExprFactory.compareRows(op, rowItems(c.left()), rowItems(c.right())));
        }
        return ExprFactory.compare(op, bind(c.left()), bind(c.right()));
    }

    /** The items of a row value; anything else is a row of one. */
    List<ScalarExpr> rowItems(Expression e) {
        return e instanceof Expression.RowValue r ? bindAll(r.items()) : List.of(bind(e));
    }

    private ScalarExpr isNull(Expression.IsNull n) {
        // SQL:2016 8.8: a row IS NULL when all its items are; NOT of it is then not "all are not".
        if (n.operand() instanceof Expression.RowValue r) {
            List<ScalarExpr> tests = new ArrayList<>();
            for (ScalarExpr item : bindAll(r.items())) {
                tests.add(n.negated() ? ExprFactory.not(ExprFactory.isNull(item)) : ExprFactory.isNull(item));
            }
            ScalarExpr all = ExprFactory.and(tests);
            return n.negated() ? ExprFactory.not(all) : all;
        }
        return ExprFactory.isNull(bind(n.operand()));
    }

    private ScalarExpr distinct(Expression.IsDistinct d) {
        List<ScalarExpr> left = rowItems(d.left());
        List<ScalarExpr> right = rowItems(d.right());
        if (left.size() != right.size()) {
            throw new SqlException(
                    SqlState.SYNTAX_ERROR,
                    "cannot compare a row of " + left.size() + " values with one of " + right.size());
        }
        List<ScalarExpr> tests = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            tests.add(ExprFactory.distinctFrom(left.get(i), right.get(i)));
        }
        return ExprFactory.or(tests);
    }

    private ScalarExpr between(Expression.Between b) {
        ScalarExpr test;
        if (b.operand() instanceof Expression.RowValue) {
            List<ScalarExpr> operand = rowItems(b.operand());
            List<ScalarExpr> low = rowItems(b.low());
            List<ScalarExpr> high = rowItems(b.high());
            ScalarExpr upward = betweenRows(operand, low, high);
            test = b.symmetric() ? ExprFactory.or(List.of(upward, betweenRows(operand, high, low))) : upward;
        } else {
            test = ExprFactory.between(bind(b.operand()), bind(b.low()), bind(b.high()), b.symmetric());
        }
        return b.negated() ? ExprFactory.not(test) : test;
    }

    private static ScalarExpr betweenRows(List<ScalarExpr> row, List<ScalarExpr> low, List<ScalarExpr> high) {
        return ExprFactory.and(List.of(
                ExprFactory.compareRows(CompareOp.GE, row, low), ExprFactory.compareRows(CompareOp.LE, row, high)));
    }

    private ScalarExpr inList(Expression.InList in) {
        if (!(in.operand() instanceof Expression.RowValue)) {
            ScalarExpr operand = bind(in.operand());
            List<ScalarExpr> items = bindAll(in.items());
            ScalarExpr test =
                    isDrawn(operand) ? ExprFactory.inList(operand, items) : ExprFactory.inLists(operand, items);
            return test instanceof ScalarExpr.Or ? context.expansion().repeating(test) : test;
        }
        List<ScalarExpr> left = rowItems(in.operand());
        List<ScalarExpr> equalities = new ArrayList<>();
        for (Expression item : in.items()) {
            List<ScalarExpr> right = rowItems(item);
            equalities.add(at(item.position(), () -> ExprFactory.compareRows(CompareOp.EQ, left, right)));
        }
        return context.expansion().repeating(ExprFactory.or(equalities));
    }

    // ---- functions

    private ScalarExpr function(Expression.FunctionCall f) {
        String name = f.name().last();
        Optional<AggregateFunction> aggregate = AggregateCollector.function(name, f.star());
        if (aggregate.isPresent()) {
            boolean counts = aggregate.get() == AggregateFunction.COUNT;
            Expression.FunctionCall read = counts ? WholeRows.counted(f, scope) : f;
            return aggregate(read, read.star() ? AggregateFunction.COUNT_STAR : aggregate.get());
        }
        if (f.star() || f.distinct() || f.filter().isPresent() || !f.orderBy().isEmpty()) {
            throw new SqlException(
                    SqlState.WRONG_OBJECT_TYPE,
                    "\"" + name
                            + "\" is not an aggregate function: *, DISTINCT, ORDER BY and FILTER are for aggregates");
        }
        Optional<Expression> meant = NamedArguments.meaning(f);
        if (meant.isPresent()) {
            return bind(meant.get());
        }
        List<ScalarExpr> arguments = SequenceNames.found(name, bindAll(f.arguments()), context);
        if (name.equals("nullif") && arguments.size() == 2) {
            return isDrawn(arguments.get(0))
                    ? ExprFactory.nullIfOnce(arguments.get(0), arguments.get(1))
                    : context.expansion().repeating(ExprFactory.call(name, arguments));
        }
        return ExprFactory.call(name, arguments);
    }

    /**
     * An aggregate of the rows of the innermost query whose columns it has (SQL:2016 10.9): of a query around this one when it
     * has none of this one's, and then a value that this one reads. What a WITH query reads that it uses is no column of it.
     */
    private ScalarExpr aggregate(Expression.FunctionCall f, AggregateFunction function) {
        ExpressionBinder inside = plain(context, scope, "the arguments of an aggregate function");
        Optional<Outer> outer = scope.around().outer();
        if (outer.isEmpty()) {
            AggregateCollector collector = collector();
            return new AggregateBinder(collector).bind(f, function, AggregateBinder.Asked.of(f, inside));
        }
        Outer itsRow = outer.get();
        Runnable forget = itsRow.mark();
        Runnable forgetBound = context.markBound();
        int before = context.used().size();
        int own = itsRow.own();
        int commons = itsRow.commons();
        AggregateBinder.Asked asked =
                context.insideAggregate(scope.around(), () -> AggregateBinder.Asked.of(f, inside));
        boolean onlyThroughCommons = itsRow.commons() > commons && itsRow.own() == own;
        if (asked.isOfRowAround() && !onlyThroughCommons) {
            forget.run();
            forgetBound.run();
            requireSameTables(context.used().subList(before, context.used().size()), itsRow);
            return itsRow.slotFor(itsRow.around().aggregate(f, function));
        }
        return new AggregateBinder(collector()).bind(f, function, asked);
    }

    /** An aggregate of a query around is computed there, where WITH queries of this one are not in sight. */
    private void requireSameTables(List<Query.CommonTable> used, Outer outer) {
        for (Query.CommonTable table : used) {
            if (scope.around().tables().has(table)
                    && !outer.scope().around().tables().has(table)) {
                throw SqlException.notSupported("reading \"" + table.name().value()
                        + "\", a WITH query of this query, in an aggregate of a query around it");
            }
        }
    }

    private AggregateCollector collector() {
        return aggregates.orElseThrow(
                () -> new SqlException(SqlState.GROUPING_ERROR, "aggregate functions are not allowed in " + clause));
    }
}
