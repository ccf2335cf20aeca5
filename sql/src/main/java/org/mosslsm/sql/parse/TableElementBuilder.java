// Columns, constraints and sequence options.
package org.mosslsm.sql.parse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.mosslsm.grammar.MossSqlParser.*;
import org.mosslsm.sql.ast.ColumnDefinition;
import org.mosslsm.sql.ast.Definition;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.SequenceOptions;
import org.mosslsm.sql.ast.SourceExpression;
import org.mosslsm.sql.ast.TableConstraint;
import org.mosslsm.sql.ast.TableConstraint.ReferentialAction;
import org.mosslsm.sql.ast.TypeName;
import org.mosslsm.sql.error.SqlException;

/** Makes columns and constraints; what stands at a column but concerns the table becomes a table constraint. */
final class TableElementBuilder {
    private static final List<String> LIKE_OPTIONS = List.of(
            "defaults",
            "constraints",
            "indexes",
            "identity",
            "comments",
            "generated",
            "storage",
            "statistics",
            "compression");

    private final AstBuilder ast;

    TableElementBuilder(AstBuilder ast) {
        this.ast = ast;
    }

    /** LIKE; what is excluded later than it was included is not copied. */
    static Definition.LikeTable like(LikeTableContext context, int before) {
        Set<String> including = new HashSet<>();
        List<String> words = new ArrayList<>();
        for (int i = 2; i < context.getChildCount(); i++) {
            words.add(context.getChild(i).getText().toLowerCase(Locale.ROOT));
        }
        for (int i = 0; i < words.size(); i += 2) {
            List<String> options = words.get(i + 1).equals("all") ? LIKE_OPTIONS : List.of(words.get(i + 1));
            boolean known = LIKE_OPTIONS.containsAll(options);
            if (!known || !(words.get(i).equals("including") || words.get(i).equals("excluding"))) {
                throw SqlException.syntax(
                        "LIKE takes INCLUDING or EXCLUDING, and ALL or one of "
                                + String.join(", ", LIKE_OPTIONS).toUpperCase(Locale.ROOT),
                        Names.position(context).line(),
                        Names.position(context).column());
            }
            if (words.get(i).equals("including")) {
                including.addAll(options);
            } else {
                options.forEach(including::remove);
            }
        }
        return new Definition.LikeTable(Names.qualified(context.tableName()), before, including);
    }

    /** Makes a column and adds its keys, checks and references to {@code constraints}. */
    ColumnDefinition column(ColumnDefinitionContext context, List<TableConstraint> constraints) {
        if (context.collation() != null) {
            Names.requireBinaryCollation(context.collation().qualifiedName());
        }
        Identifier name = Names.identifier(context.columnName());
        Optional<SourceExpression> defaultValue = Optional.empty();
        Optional<ColumnDefinition.Identity> identity = Optional.empty();
        Optional<Boolean> notNull = Optional.empty();
        for (ColumnConstraintContext part : context.columnConstraint()) {
            if (part instanceof NotNullContext) {
                notNull = once(notNull, true, part);
            } else if (part instanceof NullableContext) {
                notNull = once(notNull, false, part);
            } else if (part instanceof DefaultValueContext value) {
                defaultValue = once(defaultValue, ast.source(value.expression()), part);
            } else if (part instanceof IdentityContext value) {
                identity = once(
                        identity,
                        new ColumnDefinition.Identity(value.ALWAYS() != null, sequence(value.sequenceOption())),
                        part);
            } else if (part instanceof AutoIncrementContext) {
                identity = once(identity, new ColumnDefinition.Identity(false, SequenceOptions.NONE), part);
            } else {
                constraints.add(columnConstraint(part, name));
            }
        }
        return new ColumnDefinition(
                name,
                Names.type(context.typeName()),
                notNull.orElse(false),
                defaultValue,
                identity,
                Names.position(context));
    }

    private TableConstraint columnConstraint(ColumnConstraintContext context, Identifier column) {
        Position position = Names.position(context);
        List<Identifier> columns = List.of(column);
        if (context instanceof ColumnPrimaryKeyContext key) {
            return new TableConstraint.PrimaryKey(name(key.constraintName()), columns, position);
        } else if (context instanceof ColumnUniqueContext unique) {
            return new TableConstraint.Unique(name(unique.constraintName()), columns, unique.NOT() != null, position);
        } else if (context instanceof ColumnCheckContext check) {
            return new TableConstraint.Check(
                    name(check.constraintName()), ast.source(check.expression()), Optional.of(column), position);
        }
        ColumnReferencesContext references = (ColumnReferencesContext) context;
        return foreignKey(name(references.constraintName()), columns, references.references(), position);
    }

    TableConstraint constraint(TableConstraintContext context) {
        Position position = Names.position(context);
        if (context instanceof PrimaryKeyContext key) {
            return new TableConstraint.PrimaryKey(
                    name(key.constraintName()), Names.columns(key.columnList()), position);
        } else if (context instanceof UniqueContext unique) {
            return new TableConstraint.Unique(
                    name(unique.constraintName()), Names.columns(unique.columnList()), unique.NOT() != null, position);
        } else if (context instanceof CheckContext check) {
            return new TableConstraint.Check(
                    name(check.constraintName()), ast.source(check.expression()), Optional.empty(), position);
        }
        ForeignKeyContext key = (ForeignKeyContext) context;
        return foreignKey(name(key.constraintName()), Names.columns(key.columnList()), key.references(), position);
    }

    private static Optional<Identifier> name(ConstraintNameContext context) {
        return context == null ? Optional.empty() : Optional.of(Names.identifier(context.identifier()));
    }

    private static TableConstraint foreignKey(
            Optional<Identifier> name, List<Identifier> columns, ReferencesContext context, Position position) {
        List<Identifier> referenced = Names.columns(context.columnList());
        if (!referenced.isEmpty() && referenced.size() != columns.size()) {
            throw SyntaxErrors.at(
                    context.getStart(),
                    "the foreign key has " + columns.size() + " columns but references " + referenced.size());
        }
        Optional<ReferentialAction> onDelete = Optional.empty();
        Optional<ReferentialAction> onUpdate = Optional.empty();
        for (ReferenceOptionContext option : context.referenceOption()) {
            if (option.DELETE() != null) {
                onDelete = once(onDelete, action(option), option);
            } else if (option.UPDATE() != null) {
                onUpdate = once(onUpdate, action(option), option);
            } else if (option.DEFERRED() != null) {
                throw notSupported("INITIALLY DEFERRED", option);
            } else if (option.FULL() != null && columns.size() > 1) {
                throw notSupported("MATCH FULL of several columns", option);
            }
        }
        return new TableConstraint.ForeignKey(
                name,
                columns,
                Names.qualified(context.tableName()),
                referenced,
                onDelete.orElse(ReferentialAction.NO_ACTION),
                onUpdate.orElse(ReferentialAction.NO_ACTION),
                position);
    }

    private static SqlException notSupported(String what, ParserRuleContext place) {
        Position at = Names.position(place);
        return SqlException.notSupported(what).at(at.line(), at.column());
    }

    private static ReferentialAction action(ReferenceOptionContext context) {
        if (context.CASCADE() != null) {
            return ReferentialAction.CASCADE;
        } else if (context.RESTRICT() != null) {
            return ReferentialAction.RESTRICT;
        } else if (context.NULL() != null) {
            return ReferentialAction.SET_NULL;
        }
        return context.DEFAULT() != null ? ReferentialAction.SET_DEFAULT : ReferentialAction.NO_ACTION;
    }

    static SequenceOptions sequence(List<SequenceOptionContext> contexts) {
        Optional<TypeName> type = Optional.empty();
        Optional<QualifiedName> name = Optional.empty();
        Optional<QualifiedName> owner = Optional.empty();
        Optional<SequenceOptions.Restart> restart = Optional.empty();
        Optional<Long> start = Optional.empty();
        Optional<Long> increment = Optional.empty();
        Optional<Long> minimum = Optional.empty();
        Optional<Long> maximum = Optional.empty();
        Optional<Long> cache = Optional.empty();
        Optional<Boolean> cycle = Optional.empty();
        for (SequenceOptionContext option : contexts) {
            if (option.CYCLE() != null) {
                cycle = once(cycle, option.NO() == null, option);
            } else if (option.AS() != null) {
                type = once(type, Names.type(option.typeName()), option);
            } else if (option.NAME() != null) {
                name = once(name, Names.qualified(option.qualifiedName()), option);
            } else if (option.OWNED() != null) {
                owner = once(owner, Names.qualified(option.qualifiedName()), option);
            } else if (option.RESTART() != null) {
                restart = once(restart, restart(option.signedInteger()), option);
            } else if (option.START() != null) {
                start = once(start, number(option), option);
            } else if (option.INCREMENT() != null) {
                increment = once(increment, number(option), option);
            } else if (option.MINVALUE() != null && option.NO() == null) {
                minimum = once(minimum, number(option), option);
            } else if (option.MAXVALUE() != null && option.NO() == null) {
                maximum = once(maximum, number(option), option);
            } else if (option.CACHE() != null) {
                cache = once(cache, number(option), option);
            }
        }
        return new SequenceOptions(type, name, owner, restart, start, increment, minimum, maximum, cache, cycle);
    }

    static SequenceOptions.Restart restart(SignedIntegerContext number) {
        return new SequenceOptions.Restart(number == null ? Optional.empty() : Optional.of(number(number)));
    }

    private static long number(SequenceOptionContext context) {
        return number(context.signedInteger());
    }

    private static long number(SignedIntegerContext number) {
        try {
            return Long.parseLong(
                    (number.MINUS() == null ? "" : "-") + number.INTEGER().getText());
        } catch (NumberFormatException e) {
            throw SyntaxErrors.at(number.getStart(), "the number does not fit BIGINT");
        }
    }

    private static <T> Optional<T> once(Optional<T> before, T value, ParserRuleContext again) {
        if (before.isPresent()) {
            throw SyntaxErrors.at(
                    again.getStart(), "'" + again.getStart().getText() + "' conflicts with what was said before");
        }
        return Optional.of(value);
    }
}
