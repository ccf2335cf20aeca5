// CREATE, DROP, COMMENT ON.
package org.mosslsm.sql.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.grammar.MossSqlParser;
import org.mosslsm.grammar.MossSqlParser.*;
import org.mosslsm.sql.ast.ColumnDefinition;
import org.mosslsm.sql.ast.Definition;
import org.mosslsm.sql.ast.Definition.ObjectKind;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.SequenceOptions;
import org.mosslsm.sql.ast.SourceExpression;
import org.mosslsm.sql.ast.TableConstraint;
import org.mosslsm.sql.error.SqlException;

/** Makes the statements that create and drop. */
final class DefinitionBuilder {
    private final AstBuilder ast;
    private final TableElementBuilder elements;

    DefinitionBuilder(AstBuilder ast) {
        this.ast = ast;
        this.elements = new TableElementBuilder(ast);
    }

    TableElementBuilder elements() {
        return elements;
    }

    Definition createTable(CreateTableContext context) {
        QualifiedName name = Names.qualified(context.tableName());
        boolean ifNotExists = context.ifNotExists() != null;
        Position position = Names.position(context);
        if (context.TEMP() != null || context.TEMPORARY() != null) {
            throw SqlException.notSupported("a temporary table").at(position.line(), position.column());
        }
        if (context.query() != null) {
            boolean withData = context.NO() == null;
            Query query = ast.queries().query(context.query());
            return new Definition.CreateTableAs(
                    name, ifNotExists, Names.columns(context.columnList()), query, withData, position);
        }
        List<ColumnDefinition> columns = new ArrayList<>();
        List<TableConstraint> constraints = new ArrayList<>();
        List<Definition.LikeTable> likes = new ArrayList<>();
        for (TableElementContext element : context.tableElement()) {
            if (element.likeTable() != null) {
                likes.add(TableElementBuilder.like(element.likeTable(), columns.size()));
                continue;
            }
            if (element.columnDefinition() != null) {
                columns.add(elements.column(element.columnDefinition(), constraints));
            } else {
                constraints.add(elements.constraint(element.tableConstraint()));
            }
        }
        return new Definition.CreateTable(name, ifNotExists, columns, constraints, likes, position);
    }

    Definition createView(CreateViewContext context) {
        return new Definition.CreateView(
                Names.qualified(context.tableName()),
                context.REPLACE() != null,
                context.TEMP() != null || context.TEMPORARY() != null,
                context.ifNotExists() != null,
                Names.columns(context.columnList()),
                ast.queries().query(context.query()),
                AstBuilder.text(context.query()),
                Names.position(context));
    }

    Definition createIndex(CreateIndexContext context) {
        List<Definition.IndexKey> keys = new ArrayList<>();
        for (IndexKeyContext key : context.indexKey()) {
            keys.add(new Definition.IndexKey(
                    new SourceExpression(
                            ast.expressions().value(key.valueExpression()), AstBuilder.text(key.valueExpression())),
                    key.DESC() != null,
                    QueryBuilder.nulls(key.FIRST() != null, key.LAST() != null)));
        }
        return new Definition.CreateIndex(
                context.UNIQUE() != null,
                context.UNIQUE() != null && context.NOT() != null,
                context.ifNotExists() != null,
                Names.optional(context.indexName),
                Names.qualified(context.tableName()),
                keys,
                Names.columns(context.columnList()),
                Optional.ofNullable(context.expression()).map(ast::source),
                Names.position(context));
    }

    Definition createSchema(CreateSchemaContext context) {
        return new Definition.CreateSchema(
                Names.identifier(context.identifier(0)), context.ifNotExists() != null, Names.position(context));
    }

    Definition createSequence(CreateSequenceContext context) {
        SequenceOptions options = TableElementBuilder.sequence(context.sequenceOption());
        return new Definition.CreateSequence(
                Names.qualified(context.tableName()), context.ifNotExists() != null, options, Names.position(context));
    }

    Definition alterSequence(AlterSequenceContext context) {
        return new Definition.AlterSequence(
                Names.qualified(context.tableName()),
                context.ifExists() != null,
                TableElementBuilder.sequence(context.sequenceOption()),
                Names.position(context));
    }

    Definition rename(RenameContext context) {
        ObjectKind kind = context.VIEW() != null
                ? ObjectKind.VIEW
                : context.INDEX() != null ? ObjectKind.INDEX : ObjectKind.SEQUENCE;
        return new Definition.Rename(
                kind,
                Names.qualified(context.tableName()),
                context.ifExists() != null,
                Names.identifier(context.identifier()),
                Names.position(context));
    }

    Definition setSchema(SetObjectSchemaContext context) {
        return new Definition.SetSchema(
                context.VIEW() != null ? ObjectKind.VIEW : ObjectKind.SEQUENCE,
                Names.qualified(context.tableName()),
                context.ifExists() != null,
                Names.identifier(context.identifier()),
                Names.position(context));
    }

    Definition drop(DropContext context) {
        boolean cascade =
                context.dropBehavior() != null && context.dropBehavior().CASCADE() != null;
        return new Definition.Drop(
                context.dropKind() == null
                        ? ObjectKind.INDEX
                        : kind(context.dropKind().getStart().getType()),
                context.ifExists() != null,
                context.qualifiedName().stream().map(Names::qualified).toList(),
                cascade,
                Names.position(context));
    }

    Definition comment(CommentContext context) {
        CommentTargetContext target = context.commentTarget();
        boolean onConstraint = target.CONSTRAINT() != null;
        QualifiedName name = onConstraint
                ? new QualifiedName(List.of(Names.identifier(target.identifier())), Names.position(target.identifier()))
                : Names.qualified(target.qualifiedName());
        return new Definition.Comment(
                kind(target.getStart().getType()),
                name,
                Optional.ofNullable(target.tableName()).map(Names::qualified),
                Optional.ofNullable(context.STRING()).map(text -> Literals.string(text.getSymbol())),
                Names.position(context));
    }

    private static ObjectKind kind(int token) {
        return switch (token) {
            case MossSqlParser.TABLE -> ObjectKind.TABLE;
            case MossSqlParser.VIEW -> ObjectKind.VIEW;
            case MossSqlParser.INDEX -> ObjectKind.INDEX;
            case MossSqlParser.SEQUENCE -> ObjectKind.SEQUENCE;
            case MossSqlParser.SCHEMA -> ObjectKind.SCHEMA;
            case MossSqlParser.COLUMN -> ObjectKind.COLUMN;
            default -> ObjectKind.CONSTRAINT;
        };
    }
}
