// Queries: set operations, SELECT, VALUES, FROM.
package org.mosslsm.sql.parse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.mosslsm.grammar.MossSqlParser;
import org.mosslsm.grammar.MossSqlParser.*;
import org.mosslsm.sql.ast.DataChange;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.QueryBody;
import org.mosslsm.sql.ast.Relation;
import org.mosslsm.sql.ast.Select;
import org.mosslsm.sql.ast.SelectItem;
import org.mosslsm.sql.ast.SetOperation;
import org.mosslsm.sql.ast.SortItem;
import org.mosslsm.sql.ast.Statement;
import org.mosslsm.sql.ast.Values;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Makes queries. A query in parentheses that adds nothing to its body is its body. */
final class QueryBuilder {
    /** Each keeps what was in WITH before it: of more, what is kept would grow with the square. */
    private static final int MOST_CHANGES = 100;

    private final AstBuilder ast;

    QueryBuilder(AstBuilder ast) {
        this.ast = ast;
    }

    Query query(QueryContext context) {
        return query(context.queryBody(), context.withClause());
    }

    /** A query, with what stands before it, which may be nothing: null. */
    Query query(QueryBodyContext context, WithClauseContext withClause) {
        return query(context, withClause, context.queryTail());
    }

    Query query(QueryBodyContext context) {
        return query(context, null, context.queryTail());
    }

    Query query(PlainQueryContext context) {
        return query(context, context.withClause(), context.queryTail());
    }

    Query query(SubqueryContext context) {
        return query(context.query());
    }

    private Query query(ParserRuleContext context, WithClauseContext withClause, QueryTailContext tail) {
        ast.enter(1, context.getStart());
        List<Query.CommonTable> with = with(withClause);
        QueryBody body = body(Optional.empty(), context);
        Position position = Names.position(withClause == null ? context : withClause);
        Query built = new TailBuilder(tail).query(with, body, position);
        ast.leave(1);
        return built;
    }

    /** {@code (first) UNION ... ORDER BY ...}: what rule setTail makes of a query in parentheses. */
    Query extended(Query first, SetTailContext tail, Position position) {
        return new TailBuilder(tail.queryTail()).query(List.of(), body(Optional.of(unwrapped(first)), tail), position);
    }

    static boolean isEmpty(SetTailContext tail) {
        return tail.getChildCount() == 1 && tail.queryTail().getChildCount() == 0;
    }

    /** INSERT, UPDATE or DELETE in WITH, which sees the tables before it. */
    private Statement change(CommonTableContext context, List<Query.CommonTable> before) {
        long changesBefore =
                before.stream().filter(t -> t.body() instanceof DataChange).count();
        if (changesBefore >= MOST_CHANGES) {
            throw new SqlException(
                    SqlState.TOO_COMPLEX,
                    "WITH has more than " + MOST_CHANGES + " changes",
                    context.getStart().getLine(),
                    context.getStart().getCharPositionInLine() + 1);
        }
        ChangeBuilder changes = new ChangeBuilder(ast);
        if (context.insert() != null) {
            return changes.insert(context.insert(), before);
        }
        return context.update() != null
                ? changes.update(context.update(), before)
                : changes.delete(context.delete(), before);
    }

    List<Query.CommonTable> with(WithClauseContext context) {
        List<Query.CommonTable> tables = new ArrayList<>();
        if (context != null) {
            if (context.RECURSIVE() != null) {
                throw SqlException.notSupported("WITH RECURSIVE")
                        .at(context.getStart().getLine(), context.getStart().getCharPositionInLine() + 1);
            }
            Set<String> names = new HashSet<>();
            for (CommonTableContext table : context.commonTable()) {
                Identifier name = Names.identifier(table.identifier());
                if (!names.add(name.value())) {
                    throw new SqlException(
                            SqlState.DUPLICATE_ALIAS,
                            "WITH has more than one query called \"" + name.value() + "\"",
                            name.position().line(),
                            name.position().column());
                }
                tables.add(new Query.CommonTable(
                        name,
                        Names.columns(table.columnList()),
                        table.subquery() == null
                                ? change(table, tables)
                                : new Statement.QueryStatement(query(table.subquery())),
                        Optional.ofNullable(table.MATERIALIZED()).map(m -> table.NOT() == null)));
            }
        }
        return tables;
    }

    /** The operands and operators among the children: INTERSECT first, then all from the left. */
    private QueryBody body(Optional<QueryBody> first, ParserRuleContext context) {
        List<QueryBody> operands = new ArrayList<>();
        List<SetOperatorContext> operators = new ArrayList<>();
        first.ifPresent(operands::add);
        int levels = 0;
        for (ParseTree child : context.children) {
            levels += child instanceof SetOperatorContext ? 1 : 0;
        }
        ast.enter(levels, context.getStart());
        for (ParseTree child : context.children) {
            if (child instanceof SetOperatorContext operator) {
                operators.add(operator);
            } else if (child instanceof QueryPrimaryContext primary) {
                QueryBody operand = operand(primary.getChild(0));
                int last = operators.size() - 1;
                if (last >= 0 && operators.get(last).INTERSECT() != null) {
                    operands.set(last, combined(operands.get(last), operators.remove(last), operand));
                } else {
                    operands.add(operand);
                }
            } else if (child instanceof SelectContext
                    || child instanceof ValuesContext
                    || child instanceof ExplicitTableContext) {
                operands.add(operand(child));
            }
        }
        ast.leave(levels);
        QueryBody body = operands.get(0);
        for (int i = 0; i < operators.size(); i++) {
            body = combined(body, operators.get(i), operands.get(i + 1));
        }
        return body;
    }

    private static QueryBody combined(QueryBody left, SetOperatorContext operator, QueryBody right) {
        SetOperation.Kind kind = operator.UNION() != null
                ? SetOperation.Kind.UNION
                : operator.INTERSECT() != null ? SetOperation.Kind.INTERSECT : SetOperation.Kind.EXCEPT;
        return new SetOperation(kind, operator.ALL() != null, left, right, Names.position(operator));
    }

    private QueryBody operand(ParseTree context) {
        if (context instanceof SelectContext select) {
            return select(select);
        } else if (context instanceof ValuesContext values) {
            return values(values);
        } else if (context instanceof ExplicitTableContext table) {
            return explicitTable(table);
        }
        return unwrapped(query((SubqueryContext) context));
    }

    private static QueryBody unwrapped(Query query) {
        boolean plain = query.with().isEmpty()
                && query.orderBy().isEmpty()
                && query.limit().isEmpty()
                && query.offset().isEmpty()
                && query.lock().isEmpty();
        return plain ? query.body() : query;
    }

    // ---------------------------------------------------------------------------------------- bodies

    /** TABLE t is SELECT * FROM t. */
    private static Select explicitTable(ExplicitTableContext context) {
        Position position = Names.position(context);
        Relation table = new Relation.TableName(
                Names.qualified(context.tableName()), Optional.empty(), Names.position(context.tableName()));
        return allOf(table, position);
    }

    /** SELECT * FROM relation. */
    private static Select allOf(Relation relation, Position position) {
        return new Select(
                false,
                List.of(),
                List.of(new SelectItem.All(Optional.empty(), position)),
                List.of(relation),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                position);
    }

    private Select select(SelectContext context) {
        List<SelectItem> items = selectItems(context.selectItem());
        if (items.isEmpty()) {
            items.add(noColumn(context));
        }
        List<Relation> from = relations(context.relation());
        Optional<Expression> where = ast.expressions().optional(context.where);
        List<Expression> groupBy = new ArrayList<>();
        for (ExpressionContext expression : context.expression()) {
            if (expression != context.where && expression != context.having) {
                groupBy.add(ast.expressions().of(expression));
            }
        }
        Optional<Expression> having = ast.expressions().optional(context.having);
        if (context.LPAREN() != null && having.isEmpty()) {
            // GROUP BY (): one group, as HAVING alone makes.
            having = Optional.of(new Expression.BooleanLiteral(true, Names.position(context)));
        }
        List<Expression> on = context.distinctOn() == null
                ? List.of()
                : ast.expressions().all(context.distinctOn().expression());
        return new Select(context.DISTINCT() != null, on, items, from, where, groupBy, having, Names.position(context));
    }

    /** What is selected in place of nothing, which only EXISTS allows: it asks for no column. */
    private static SelectItem noColumn(SelectContext context) {
        ParserRuleContext around = context.getParent();
        while (around instanceof QueryPrimaryContext
                || around instanceof QueryBodyContext
                || around instanceof QueryContext
                || around instanceof SubqueryContext) {
            around = around.getParent();
        }
        if (!(around instanceof ExistsContext)) {
            throw SyntaxErrors.at(
                    context.FROM().getSymbol(),
                    "expected an expression or '*', found 'FROM': only EXISTS takes a query without columns");
        }
        Position position = Names.position(context);
        return new SelectItem.Column(new Expression.IntegerLiteral(1, position), Optional.empty(), position);
    }

    List<SelectItem> selectItems(List<SelectItemContext> contexts) {
        List<SelectItem> items = new ArrayList<>(contexts.size());
        for (SelectItemContext context : contexts) {
            Position position = Names.position(context);
            if (context instanceof SelectAllContext) {
                items.add(new SelectItem.All(Optional.empty(), position));
            } else if (context instanceof SelectAllOfContext all) {
                items.add(new SelectItem.All(Optional.of(Names.qualified(all)), position));
            } else {
                SelectExpressionContext column = (SelectExpressionContext) context;
                ParserRuleContext alias = column.columnLabel() == null ? column.bareAlias() : column.columnLabel();
                items.add(new SelectItem.Column(
                        ast.expressions().of(column.expression()), Names.optional(alias), position));
            }
        }
        return items;
    }

    private static Values values(ValuesContext context) {
        List<List<Expression>> rows = new ArrayList<>(context.getChildCount() / 2 + 1);
        for (ParseTree child : context.children) {
            if (child instanceof ValuesRowContext row) {
                Row built = (Row) row.built;
                if (!rows.isEmpty() && rows.get(0).size() != built.items().size()) {
                    throw SyntaxErrors.at(
                            row.getStart(),
                            "VALUES rows differ in length: this one has "
                                    + built.items().size() + " items, the first has "
                                    + rows.get(0).size());
                }
                rows.add(built.items());
            }
        }
        return new Values(rows, Names.position(context));
    }

    /** A row of VALUES, as rule valuesRow keeps it in place of its tree. */
    private record Row(List<Expression> items) {}

    /** Builds a row while the statement is still being read, and lets its tree go. */
    void buildRow(ValuesRowContext row) {
        List<Expression> items = new ArrayList<>(row.getChildCount() / 2);
        for (ParseTree item : row.children) {
            if (item instanceof ValuesItemContext value) {
                items.add(
                        value.expression() == null
                                ? new Expression.DefaultValue(Names.position(value))
                                : ast.expressions().of(value.expression()));
            }
        }
        row.built = new Row(List.copyOf(items));
        row.children = null;
    }

    // ---------------------------------------------------------------------------------------- FROM

    List<Relation> relations(List<RelationContext> contexts) {
        List<Relation> relations = new ArrayList<>(contexts.size());
        for (RelationContext context : contexts) {
            relations.add(relation(context));
        }
        return relations;
    }

    private Relation relation(RelationContext context) {
        List<JoinContext> joins = context.join();
        ast.enter(joins.size() + 1, context.getStart());
        Relation left = primary(context.relationPrimary());
        for (JoinContext join : joins) {
            Relation right = join.relation() == null ? primary(join.relationPrimary()) : relation(join.relation());
            left = new Relation.Join(kind(join), left, right, condition(join), Names.position(join));
        }
        ast.leave(joins.size() + 1);
        return left;
    }

    private static Relation.Join.Kind kind(JoinContext context) {
        if (context.CROSS() != null) {
            return Relation.Join.Kind.CROSS;
        } else if (context.joinType() == null) {
            return Relation.Join.Kind.INNER;
        }
        return switch (context.joinType().getStart().getType()) {
            case MossSqlParser.LEFT -> Relation.Join.Kind.LEFT;
            case MossSqlParser.RIGHT -> Relation.Join.Kind.RIGHT;
            case MossSqlParser.FULL -> Relation.Join.Kind.FULL;
            default -> Relation.Join.Kind.INNER;
        };
    }

    private Relation.Condition condition(JoinContext context) {
        if (context.CROSS() != null) {
            return new Relation.NoCondition();
        } else if (context.NATURAL() != null) {
            return new Relation.Natural();
        } else if (context.columnList() != null) {
            return new Relation.Using(Names.columns(context.columnList()));
        }
        return new Relation.On(ast.expressions().of(context.expression()));
    }

    private Relation primary(RelationPrimaryContext context) {
        Position position = Names.position(context);
        if (context instanceof NamedRelationContext named) {
            return new Relation.TableName(Names.qualified(named.tableName()), alias(named.tableAlias()), position);
        } else if (context instanceof FunctionRelationContext function) {
            return new Relation.Function(
                    Names.qualified(function.functionName),
                    ast.expressions().all(function.expression()),
                    alias(function.tableAlias()),
                    position);
        } else if (context instanceof DerivedRelationContext derived) {
            return new Relation.Derived(query(derived.plainQuery()), alias(derived.tableAlias()), position);
        }
        ParenthesizedRelationContext parentheses = (ParenthesizedRelationContext) context;
        Relation inside = relation(parentheses.relation());
        Optional<Relation.Alias> alias = alias(parentheses.tableAlias());
        if (!isEmpty(parentheses.setTail())) {
            if (inside instanceof Relation.Derived first && first.alias().isEmpty()) {
                return new Relation.Derived(extended(first.query(), parentheses.setTail(), position), alias, position);
            }
            throw SyntaxErrors.at(
                    parentheses.setTail().getStart(),
                    "expected ')', found '" + parentheses.setTail().getStart().getText() + "'");
        }
        return alias.isEmpty() ? inside : renamed(inside, alias, parentheses);
    }

    /** The alias of a join hides the names of its tables, as that of a query does. */
    private static Relation renamed(
            Relation inside, Optional<Relation.Alias> alias, ParenthesizedRelationContext context) {
        if (inside instanceof Relation.TableName table && table.alias().isEmpty()) {
            return new Relation.TableName(table.name(), alias, table.position());
        } else if (inside instanceof Relation.Derived derived && derived.alias().isEmpty()) {
            return new Relation.Derived(derived.query(), alias, derived.position());
        } else if (inside instanceof Relation.Join join) {
            return new Relation.Derived(Query.of(allOf(join, join.position())), alias, join.position());
        }
        throw SyntaxErrors.at(context.tableAlias().getStart(), "what is in the parentheses has an alias already");
    }

    static Optional<Relation.Alias> alias(TableAliasContext context) {
        if (context == null) {
            return Optional.empty();
        }
        Identifier name = Names.identifier(context.identifier() == null ? context.bareAlias() : context.identifier());
        return Optional.of(new Relation.Alias(name, Names.columns(context.columnList())));
    }

    // ---------------------------------------------------------------------------------------- tails

    List<SortItem> sortItems(List<SortItemContext> contexts) {
        List<SortItem> items = new ArrayList<>(contexts.size());
        for (SortItemContext context : contexts) {
            items.add(new SortItem(
                    ast.expressions().of(context.expression()),
                    context.DESC() != null,
                    nulls(context.FIRST() != null, context.LAST() != null),
                    Names.position(context)));
        }
        return items;
    }

    static SortItem.NullOrder nulls(boolean first, boolean last) {
        return first ? SortItem.NullOrder.FIRST : last ? SortItem.NullOrder.LAST : SortItem.NullOrder.DEFAULT;
    }

    /** ORDER BY, LIMIT, OFFSET, FETCH and FOR of one query. */
    private final class TailBuilder {
        private final QueryTailContext context;
        private Optional<Expression> limit = Optional.empty();
        private Optional<Expression> offset = Optional.empty();
        private boolean limited;
        private boolean withTies;

        TailBuilder(QueryTailContext context) {
            this.context = context;
        }

        Query query(List<Query.CommonTable> with, QueryBody body, Position position) {
            if (context.getChildCount() == 0) {
                return with.isEmpty() && body instanceof Query nested
                        ? nested
                        : new Query(
                                with,
                                body,
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                Optional.empty(),
                                position);
            }
            List<SortItem> orderBy = context.orderBy() == null
                    ? List.of()
                    : sortItems(context.orderBy().sortItem());
            for (LimitClauseContext clause : context.limitClause()) {
                if (clause instanceof LimitContext part) {
                    limit(ast.expressions().optional(part.expression()), part);
                } else if (clause instanceof FetchContext part) {
                    limit(Optional.of(count(part)), part);
                    withTies = part.TIES() != null;
                } else {
                    OffsetContext part = (OffsetContext) clause;
                    if (offset.isPresent()) {
                        throw SyntaxErrors.at(part.getStart(), "OFFSET is given twice");
                    }
                    offset = ast.expressions().optional(part.expression());
                }
            }
            return new Query(with, body, orderBy, limit, offset, withTies, lock(), position);
        }

        private void limit(Optional<Expression> value, LimitClauseContext part) {
            if (limited) {
                throw SyntaxErrors.at(part.getStart(), "the number of rows is limited twice");
            }
            limited = true;
            limit = value;
        }

        private Expression count(FetchContext fetch) {
            Position position = Names.position(fetch);
            FetchCountContext count = fetch.fetchCount();
            if (count == null) {
                return new Expression.IntegerLiteral(1, position);
            } else if (count.expression() != null) {
                return ast.expressions().of(count.expression());
            } else if (count.QUESTION() != null) {
                return new Expression.Parameter(ast.parameter(count.getStart()), Names.position(count));
            }
            return count.DECIMAL() == null
                    ? Literals.integer(count.getStart(), Names.position(count))
                    : Literals.decimal(count.getStart(), Names.position(count));
        }

        private Optional<Query.RowLock> lock() {
            LockClauseContext lock = context.lockClause();
            if (lock == null) {
                return Optional.empty();
            }
            Query.RowLock.WaitPolicy policy = lock.NOWAIT() != null
                    ? Query.RowLock.WaitPolicy.NOWAIT
                    : lock.SKIP_() != null ? Query.RowLock.WaitPolicy.SKIP_LOCKED : Query.RowLock.WaitPolicy.WAIT;
            List<Identifier> of =
                    lock.identifier().stream().map(Names::identifier).toList();
            return Optional.of(new Query.RowLock(lock.UPDATE() != null, of, policy));
        }
    }
}
