// Statements: which builder makes which.
package org.mosslsm.sql.parse;

import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.mosslsm.grammar.MossSqlParser.*;
import org.mosslsm.grammar.MossSqlParserBaseVisitor;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.Select;
import org.mosslsm.sql.ast.SessionControl;
import org.mosslsm.sql.ast.Statement;

/** Hands each statement to the builder of its family. */
final class StatementBuilder extends MossSqlParserBaseVisitor<Statement> {
    private final AstBuilder ast;
    private final ChangeBuilder changes;
    private final DefinitionBuilder definitions;

    StatementBuilder(AstBuilder ast) {
        this.ast = ast;
        this.changes = new ChangeBuilder(ast);
        this.definitions = new DefinitionBuilder(ast);
    }

    @Override
    public Statement visitQueryStatement(QueryStatementContext context) {
        return new Statement.QueryStatement(ast.queries().query(context.queryBody()));
    }

    @Override
    public Statement visitWithStatement(WithStatementContext context) {
        return with(context.withClause(), (ParserRuleContext) context.getChild(1));
    }

    /** A query or change, with what stands before it, which may be nothing: null. */
    private Statement with(WithClauseContext with, ParserRuleContext inner) {
        if (inner instanceof QueryBodyContext query) {
            return new Statement.QueryStatement(ast.queries().query(query, with));
        }
        List<Query.CommonTable> tables = ast.queries().with(with);
        if (inner instanceof InsertContext insert) {
            return changes.insert(insert, tables);
        } else if (inner instanceof UpdateContext update) {
            return changes.update(update, tables);
        }
        return changes.delete((DeleteContext) inner, tables);
    }

    @Override
    public Statement visitExplainStatement(ExplainStatementContext context) {
        return explain(context.explain());
    }

    private Statement explain(ExplainContext context) {
        boolean analyze = context.ANALYZE() != null;
        SessionBuilder.requireVerbose(context.IDENTIFIER());
        Optional<String> format = Optional.empty();
        for (NamedOptionContext option : SessionBuilder.options(context.optionList())) {
            String name = Names.identifier(option.identifier(0)).value();
            String value = SessionBuilder.value(option);
            switch (name) {
                case "analyze" -> analyze = SessionBuilder.isOn(option);
                case "format" -> format = Optional.of(value);
                // More or less of what PostgreSQL shows of its own plans.
                case "buffers", "costs", "memory", "settings", "summary", "timing", "verbose", "wal" ->
                    SessionBuilder.isOn(option);
                default ->
                    throw SyntaxErrors.at(
                            option.getStart(),
                            "EXPLAIN has no option '" + name + "': it has ANALYZE and FORMAT TEXT | JSON");
            }
        }
        return new Statement.Explain(analyze, format, explained(context.explained()), Names.position(context));
    }

    private Statement explained(ExplainedContext context) {
        return context.createTable() != null
                ? definitions.createTable(context.createTable())
                : with(context.withClause(), (ParserRuleContext) context.getChild(context.getChildCount() - 1));
    }

    @Override
    public Statement visitInsertStatement(InsertStatementContext context) {
        return changes.insert(context.insert(), List.of());
    }

    @Override
    public Statement visitUpdateStatement(UpdateStatementContext context) {
        return changes.update(context.update(), List.of());
    }

    @Override
    public Statement visitDeleteStatement(DeleteStatementContext context) {
        return changes.delete(context.delete(), List.of());
    }

    @Override
    public Statement visitTruncate(TruncateContext context) {
        return changes.truncate(context);
    }

    @Override
    public Statement visitCreateTableStatement(CreateTableStatementContext context) {
        return definitions.createTable(context.createTable());
    }

    @Override
    public Statement visitCreateView(CreateViewContext context) {
        return definitions.createView(context);
    }

    @Override
    public Statement visitCreateIndex(CreateIndexContext context) {
        return definitions.createIndex(context);
    }

    @Override
    public Statement visitCreateSchema(CreateSchemaContext context) {
        return definitions.createSchema(context);
    }

    @Override
    public Statement visitCreateSequence(CreateSequenceContext context) {
        return definitions.createSequence(context);
    }

    @Override
    public Statement visitDrop(DropContext context) {
        return definitions.drop(context);
    }

    @Override
    public Statement visitComment(CommentContext context) {
        return definitions.comment(context);
    }

    @Override
    public Statement visitAlterTable(AlterTableContext context) {
        return new AlterBuilder(ast, definitions).alterTable(context);
    }

    @Override
    public Statement visitAlterSequence(AlterSequenceContext context) {
        return definitions.alterSequence(context);
    }

    @Override
    public Statement visitRename(RenameContext context) {
        return definitions.rename(context);
    }

    @Override
    public Statement visitCheckDatabase(CheckDatabaseContext context) {
        return new SessionControl.CheckDatabase(Names.position(context));
    }

    @Override
    public Statement visitLockTable(LockTableContext context) {
        return SessionBuilder.lockTable(context);
    }

    @Override
    public Statement visitDoBlock(DoBlockContext context) {
        throw SessionBuilder.doBlock(context);
    }

    /** CALL f(x) is SELECT f(x). */
    @Override
    public Statement visitCall(CallContext context) {
        Expression call = ast.expressions().of(context.expression());
        return new Statement.QueryStatement(Query.of(Select.of(call)));
    }

    @Override
    public Statement visitSkippedStatement(SkippedStatementContext context) {
        return SessionBuilder.skipped(context.skipped());
    }

    @Override
    public Statement visitBegin(BeginContext context) {
        return SessionBuilder.begin(context);
    }

    @Override
    public Statement visitCommit(CommitContext context) {
        return SessionBuilder.commit(context);
    }

    @Override
    public Statement visitRollback(RollbackContext context) {
        return SessionBuilder.rollback(context);
    }

    @Override
    public Statement visitDiscard(DiscardContext context) {
        return SessionBuilder.discard(context);
    }

    @Override
    public Statement visitSetObjectSchema(SetObjectSchemaContext context) {
        return definitions.setSchema(context);
    }

    @Override
    public Statement visitSavepoint(SavepointContext context) {
        return SessionBuilder.savepoint(context);
    }

    @Override
    public Statement visitRelease(ReleaseContext context) {
        return SessionBuilder.release(context);
    }

    @Override
    public Statement visitSetStatement(SetStatementContext context) {
        return SessionBuilder.set(context.set());
    }

    @Override
    public Statement visitReset(ResetContext context) {
        return SessionBuilder.reset(context);
    }

    @Override
    public Statement visitShow(ShowContext context) {
        return SessionBuilder.show(context);
    }

    @Override
    public Statement visitReindex(ReindexContext context) {
        return SessionBuilder.reindex(context);
    }

    @Override
    public Statement visitAnalyze(AnalyzeContext context) {
        return SessionBuilder.analyze(context);
    }
}
