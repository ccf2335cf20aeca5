// ALTER TABLE.
package org.mosslsm.sql.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.grammar.MossSqlParser.*;
import org.mosslsm.grammar.MossSqlParserBaseVisitor;
import org.mosslsm.sql.ast.AlterAction;
import org.mosslsm.sql.ast.ColumnDefinition;
import org.mosslsm.sql.ast.Definition;
import org.mosslsm.sql.ast.SequenceOptions;
import org.mosslsm.sql.ast.TableConstraint;

/** Makes ALTER TABLE; one method for each alternative of rule {@code alterAction}. */
final class AlterBuilder extends MossSqlParserBaseVisitor<AlterAction> {
    private final AstBuilder ast;
    private final TableElementBuilder elements;

    AlterBuilder(AstBuilder ast, DefinitionBuilder definitions) {
        this.ast = ast;
        this.elements = definitions.elements();
    }

    Definition alterTable(AlterTableContext context) {
        List<AlterAction> actions = new ArrayList<>();
        for (AlterActionContext action : context.alterAction()) {
            actions.add(action.accept(this));
        }
        return new Definition.AlterTable(
                Names.qualified(context.tableName()), context.ifExists() != null, actions, Names.position(context));
    }

    private static boolean cascades(DropBehaviorContext context) {
        return context != null && context.CASCADE() != null;
    }

    @Override
    public AlterAction visitAddColumn(AddColumnContext context) {
        List<TableConstraint> constraints = new ArrayList<>();
        ColumnDefinition column = elements.column(context.columnDefinition(), constraints);
        return new AlterAction.AddColumn(context.ifNotExists() != null, column, constraints, Names.position(context));
    }

    @Override
    public AlterAction visitAddConstraint(AddConstraintContext context) {
        return new AlterAction.AddConstraint(elements.constraint(context.tableConstraint()), Names.position(context));
    }

    @Override
    public AlterAction visitAddKeyOfIndex(AddKeyOfIndexContext context) {
        return new AlterAction.AddKeyOfIndex(
                Optional.ofNullable(context.constraintName()).map(n -> Names.identifier(n.identifier())),
                context.PRIMARY() != null,
                Names.identifier(context.identifier()),
                Names.position(context));
    }

    @Override
    public AlterAction visitDropColumn(DropColumnContext context) {
        return new AlterAction.DropColumn(
                context.ifExists() != null,
                Names.identifier(context.columnName()),
                cascades(context.dropBehavior()),
                Names.position(context));
    }

    @Override
    public AlterAction visitDropConstraint(DropConstraintContext context) {
        return new AlterAction.DropConstraint(
                context.ifExists() != null,
                Names.identifier(context.identifier()),
                cascades(context.dropBehavior()),
                Names.position(context));
    }

    @Override
    public AlterAction visitRenameTable(RenameTableContext context) {
        return new AlterAction.RenameTable(Names.identifier(context.identifier()), Names.position(context));
    }

    @Override
    public AlterAction visitSetTableSchema(SetTableSchemaContext context) {
        return new AlterAction.SetSchema(Names.identifier(context.identifier()), Names.position(context));
    }

    @Override
    public AlterAction visitRenameColumn(RenameColumnContext context) {
        return new AlterAction.RenameColumn(
                Names.identifier(context.columnName()),
                Names.identifier(context.identifier()),
                Names.position(context));
    }

    @Override
    public AlterAction visitDropPrimaryKey(DropPrimaryKeyContext context) {
        return new AlterAction.DropPrimaryKey(Names.position(context));
    }

    @Override
    public AlterAction visitAlterIdentity(AlterIdentityContext context) {
        Optional<Boolean> always = Optional.empty();
        List<SequenceOptionContext> options = new ArrayList<>();
        Optional<SequenceOptions.Restart> restart = Optional.empty();
        for (IdentityChangeContext change : context.identityChange()) {
            if (change.GENERATED() != null) {
                always = Optional.of(change.ALWAYS() != null);
            } else if (change.sequenceOption() != null) {
                options.add(change.sequenceOption());
            } else {
                restart = Optional.of(TableElementBuilder.restart(change.signedInteger()));
            }
        }
        SequenceOptions sequence = TableElementBuilder.sequence(options);
        return new AlterAction.AlterIdentity(
                Names.identifier(context.columnName()),
                always,
                restart.isPresent() ? sequence.withRestart(restart) : sequence,
                Names.position(context));
    }

    @Override
    public AlterAction visitDropIdentity(DropIdentityContext context) {
        return new AlterAction.DropIdentity(
                Names.identifier(context.columnName()), context.ifExists() != null, Names.position(context));
    }

    @Override
    public AlterAction visitRenameConstraint(RenameConstraintContext context) {
        return new AlterAction.RenameConstraint(
                Names.identifier(context.identifier(0)),
                Names.identifier(context.identifier(1)),
                Names.position(context));
    }

    @Override
    public AlterAction visitSetDefault(SetDefaultContext context) {
        return new AlterAction.SetDefault(
                Names.identifier(context.columnName()),
                Optional.of(ast.source(context.expression())),
                Names.position(context));
    }

    @Override
    public AlterAction visitDropDefault(DropDefaultContext context) {
        return new AlterAction.SetDefault(
                Names.identifier(context.columnName()), Optional.empty(), Names.position(context));
    }

    @Override
    public AlterAction visitAlterNotNull(AlterNotNullContext context) {
        return new AlterAction.SetNotNull(
                Names.identifier(context.columnName()), context.SET() != null, Names.position(context));
    }

    @Override
    public AlterAction visitSetType(SetTypeContext context) {
        if (context.collation() != null) {
            Names.requireBinaryCollation(context.collation().qualifiedName());
        }
        return new AlterAction.SetType(
                Names.identifier(context.columnName()),
                Names.type(context.typeName()),
                ast.expressions().optional(context.expression()),
                Names.position(context));
    }

    @Override
    public AlterAction visitAddIdentity(AddIdentityContext context) {
        ColumnDefinition.Identity identity = new ColumnDefinition.Identity(
                context.ALWAYS() != null, TableElementBuilder.sequence(context.sequenceOption()));
        return new AlterAction.AddIdentity(Names.identifier(context.columnName()), identity, Names.position(context));
    }
}
