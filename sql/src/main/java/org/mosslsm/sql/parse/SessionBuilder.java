// Transaction control and settings.
package org.mosslsm.sql.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.mosslsm.grammar.MossSqlParser;
import org.mosslsm.grammar.MossSqlParser.*;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.SessionControl;
import org.mosslsm.sql.ast.SessionControl.IsolationLevel;
import org.mosslsm.sql.ast.SessionControl.Remembered;
import org.mosslsm.sql.ast.SessionControl.TransactionModes;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Makes transaction control and settings. */
final class SessionBuilder {
    private static final List<String> LOCK_MODES = List.of(
            "access share mode",
            "row share mode",
            "row exclusive mode",
            "share update exclusive mode",
            "share mode",
            "share row exclusive mode",
            "exclusive mode",
            "access exclusive mode");

    private SessionBuilder() {}

    static SessionControl begin(BeginContext context) {
        return new SessionControl.Begin(modes(context.transactionModes()), Names.position(context));
    }

    static SessionControl commit(CommitContext context) {
        return new SessionControl.Commit(chains(context.chain()), Names.position(context));
    }

    static SessionControl rollback(RollbackContext context) {
        return context.TO() == null
                ? new SessionControl.Rollback(chains(context.chain()), Names.position(context))
                : new SessionControl.RollbackTo(Names.identifier(context.identifier()), Names.position(context));
    }

    private static boolean chains(ChainContext context) {
        return context != null && context.NO() == null;
    }

    static SessionControl discard(DiscardContext context) {
        return new SessionControl.Discard(remembered(context), Names.position(context));
    }

    private static Remembered remembered(DiscardContext context) {
        String what = context.getStop().getText().toLowerCase(Locale.ROOT);
        return switch (what) {
            case "all" -> Remembered.ALL;
            case "plans" -> Remembered.PLANS;
            case "sequences" -> Remembered.SEQUENCES;
            case "temp", "temporary" -> Remembered.TEMPORARY;
            default ->
                throw SyntaxErrors.at(
                        context.getStop(), "expected ALL, PLANS, SEQUENCES or TEMP, found '" + what + "'");
        };
    }

    static SessionControl savepoint(SavepointContext context) {
        return new SessionControl.Savepoint(Names.identifier(context.identifier()), Names.position(context));
    }

    static SessionControl release(ReleaseContext context) {
        return new SessionControl.Release(Names.identifier(context.identifier()), Names.position(context));
    }

    static SessionControl reset(ResetContext context) {
        String name = context.ALL() != null ? "all" : dotted(context.dottedName());
        return new SessionControl.SetOption(name, List.of(), false, Names.position(context));
    }

    static SessionControl show(ShowContext context) {
        String name = context.ALL() != null
                ? "all"
                : context.ZONE() != null
                        ? "timezone"
                        : context.TRANSACTION() != null ? "transaction_isolation" : dotted(context.dottedName());
        return new SessionControl.Show(name, Names.position(context));
    }

    /** Those in parentheses, if there are any. */
    static List<NamedOptionContext> options(OptionListContext context) {
        return context == null ? List.of() : context.namedOption();
    }

    /** In lower case; an option that stands alone is true. */
    static String value(NamedOptionContext option) {
        Token value = option.getStop();
        boolean string = value.getType() == MossSqlParser.STRING;
        return option.getChildCount() < 2 ? "true" : Names.lower(string ? Literals.string(value) : value.getText());
    }

    static boolean isOn(NamedOptionContext option) {
        return switch (value(option)) {
            case "true", "on", "1" -> true;
            case "false", "off", "0" -> false;
            default ->
                throw SyntaxErrors.at(
                        option.getStop(),
                        option.getStart().getText().toUpperCase(Locale.ROOT)
                                + " requires a Boolean value: TRUE, FALSE, ON, OFF, 1 or 0");
        };
    }

    static SessionControl analyze(AnalyzeContext context) {
        requireVerbose(context.IDENTIFIER());
        for (NamedOptionContext option : options(context.optionList())) {
            switch (Names.identifier(option.identifier(0)).value()) {
                case "verbose", "skip_locked" -> isOn(option);
                default ->
                    throw SyntaxErrors.at(
                            option.getStart(),
                            "ANALYZE has no option '" + option.getStart().getText()
                                    + "': it has VERBOSE and SKIP_LOCKED");
            }
        }
        return new SessionControl.Analyze(
                Optional.ofNullable(context.tableName())
                        .filter(name ->
                                !name.getText().equalsIgnoreCase("verbose")) // a table called so stands in quotes
                        .map(Names::qualified),
                Names.position(context));
    }

    static SessionControl lockTable(LockTableContext context) {
        String words = context.lockWord().stream()
                .map(w -> w.getText().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
        String mode = context.IN() == null ? "access exclusive mode" : words;
        if (!LOCK_MODES.contains(mode)) {
            throw SyntaxErrors.at(
                    context.lockWord(0).getStart(),
                    "expected one of " + String.join(", ", LOCK_MODES).toUpperCase(Locale.ROOT));
        }
        return new SessionControl.LockTable(
                context.tableName().stream().map(Names::qualified).toList(),
                mode.substring(0, mode.lastIndexOf(' ')),
                context.NOWAIT() != null,
                Names.position(context));
    }

    /** A block of a language of procedures. */
    static SqlException doBlock(DoBlockContext context) {
        Position at = Names.position(context);
        return new SqlException(
                SqlState.NOT_SUPPORTED,
                "DO runs a block of a procedural language, and there is none here: send its statements one by one",
                at.line(),
                at.column());
    }

    static SessionControl reindex(ReindexContext context) {
        SessionControl.Reindex.Kind kind = SessionControl.Reindex.Kind.ANY;
        if (context.TABLE() != null) {
            kind = SessionControl.Reindex.Kind.TABLE;
        } else if (context.INDEX() != null) {
            kind = SessionControl.Reindex.Kind.INDEX;
        } else if (context.SCHEMA() != null) {
            kind = SessionControl.Reindex.Kind.SCHEMA;
        } else if (context.DATABASE() != null || context.SYSTEM() != null) {
            kind = SessionControl.Reindex.Kind.DATABASE;
        }
        return new SessionControl.Reindex(
                kind, Optional.ofNullable(context.qualifiedName()).map(Names::qualified), Names.position(context));
    }

    /** Its keywords up to the first name, and the first of those after it. */
    static SessionControl skipped(SkippedContext context) {
        StringBuilder what = new StringBuilder();
        boolean name = false;
        for (ParseTree child : context.children) {
            if (!(child instanceof TerminalNode)) {
                name = !(child instanceof SkippedTokenContext);
                if (!name) {
                    break;
                }
            } else {
                what.append(what.length() == 0 ? "" : name ? " ... " : " ")
                        .append(child.getText().toUpperCase(Locale.ROOT));
                name = false;
            }
        }
        return new SessionControl.Skipped(what.toString(), Names.position(context));
    }

    /** Refuses a word that may stand after EXPLAIN or ANALYZE, unless it is VERBOSE; null is none. */
    static void requireVerbose(TerminalNode word) {
        if (word != null && !word.getText().equalsIgnoreCase("verbose")) {
            throw SyntaxErrors.at(word.getSymbol(), "expected VERBOSE, found '" + word.getText() + "'");
        }
    }

    static SessionControl set(SetContext context) {
        if (context instanceof SetTransactionContext set) {
            return new SessionControl.SetTransaction(modes(set.transactionModes()), false, Names.position(set));
        } else if (context instanceof SetSessionTransactionContext set) {
            return new SessionControl.SetTransaction(modes(set.transactionModes()), true, Names.position(set));
        } else if (context instanceof SetTimeZoneContext set) {
            return option("timezone", List.of(set.settingValue()), set.LOCAL() != null, set);
        } else if (context instanceof SetSchemaContext set) {
            return option("search_path", List.of(set.settingValue()), false, set);
        }
        SetOptionContext set = (SetOptionContext) context;
        return option(dotted(set.dottedName()), set.settingValue(), set.LOCAL() != null, set);
    }

    private static SessionControl option(
            String name, List<SettingValueContext> values, boolean local, SetContext context) {
        List<String> texts = new ArrayList<>();
        for (SettingValueContext value : values) {
            if (value.DEFAULT() == null) {
                texts.add(value(value));
            } else if (values.size() > 1) {
                throw SyntaxErrors.at(value.getStart(), "DEFAULT stands alone");
            }
        }
        return new SessionControl.SetOption(name, texts, local, Names.position(context));
    }

    private static String value(SettingValueContext context) {
        Token token = context.getStart();
        return switch (token.getType()) {
            case MossSqlParser.STRING -> Literals.string(token);
            case MossSqlParser.PLUS -> context.getStop().getText();
            case MossSqlParser.MINUS -> "-" + context.getStop().getText();
            case MossSqlParser.INTEGER, MossSqlParser.DECIMAL -> token.getText();
            default -> Names.identifier(token).value();
        };
    }

    private static String dotted(DottedNameContext context) {
        return context.identifier().stream()
                .map(part -> Names.identifier(part).value())
                .collect(Collectors.joining("."));
    }

    private static TransactionModes modes(TransactionModesContext context) {
        Optional<IsolationLevel> isolation = Optional.empty();
        Optional<Boolean> readOnly = Optional.empty();
        if (context != null) {
            for (TransactionModeContext mode : context.transactionMode()) {
                if (mode.ISOLATION() == null) {
                    readOnly = once(readOnly, mode.ONLY() != null, mode);
                } else {
                    IsolationLevel level = mode.SERIALIZABLE() != null
                            ? IsolationLevel.SERIALIZABLE
                            : mode.REPEATABLE() != null
                                    ? IsolationLevel.REPEATABLE_READ
                                    : mode.COMMITTED() != null
                                            ? IsolationLevel.READ_COMMITTED
                                            : IsolationLevel.READ_UNCOMMITTED;
                    isolation = once(isolation, level, mode);
                }
            }
        }
        return new TransactionModes(isolation, readOnly);
    }

    private static <T> Optional<T> once(Optional<T> before, T value, TransactionModeContext mode) {
        if (before.isPresent()) {
            throw SyntaxErrors.at(mode.getStart(), "the transaction mode is given twice");
        }
        return Optional.of(value);
    }
}
