// What functions see of a live session.
package org.mosslsm.sql;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.NameText;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.SequenceTexts;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.dml.TransactionSequences;
import org.mosslsm.sql.expr.ServerInformation;
import org.mosslsm.sql.expr.SessionLocks;
import org.mosslsm.sql.expr.SessionState;

/**
 * Sequences and settings of a session, for one statement: against the catalog it was planned with, in its transaction.
 * Used under the session's lock, also by cursors that go on while other statements run.
 */
final class LiveState implements SessionState {
    /** What all statements of a session have in common. */
    record OfSession(
            Database database,
            long number,
            SessionSettings settings,
            DrawnNumbers drawn,
            AdvisoryLocks.Scope advisory) {}

    private final OfSession session;
    private final SessionSettings settings;
    private final DrawnNumbers drawn;
    private final Catalog catalog;
    private final SessionTransaction transaction;
    private final TransactionSequences sequences;
    private final StatementWatch watch;

    LiveState(OfSession session, Catalog catalog, SessionTransaction transaction, StatementWatch watch) {
        this.session = session;
        this.settings = session.settings();
        this.drawn = session.drawn();
        this.catalog = catalog;
        this.transaction = transaction;
        this.sequences = transaction.sequences;
        this.watch = watch;
    }

    // Made where they are asked for, which few statements do.

    private TextNames names() {
        return new TextNames(catalog, settings.path);
    }

    @Override
    public ServerInformation server() {
        return new LiveServer(session.database(), session.number(), transaction, names());
    }

    @Override
    public SessionLocks locks() {
        return new LiveLocks(session.database().advisory(), session.advisory(), transaction, settings, watch);
    }

    @Override
    public long nextValue(String sequence) {
        requireWrites("nextval");
        Sequence s = find(sequence);
        long value = sequences.next(s);
        drawn.drew(s.id(), value);
        return value;
    }

    @Override
    public void generated(int sequence, long value) {
        drawn.drew(sequence, value);
    }

    @Override
    public long currentValue(String sequence) {
        Sequence s = find(sequence);
        return drawn.of(s.id())
                .orElseThrow(() -> new SqlException(
                        SqlState.OBJECT_NOT_IN_STATE,
                        "currval of sequence \"" + s.name()
                                + "\" is not yet defined in this session: call nextval first"));
    }

    @Override
    public long lastValue() {
        return drawn.last()
                .orElseThrow(() -> new SqlException(
                        SqlState.OBJECT_NOT_IN_STATE,
                        "lastval is not yet defined in this session: call nextval first"));
    }

    @Override
    public long lastGiven(String sequence) {
        return sequences.standing(find(sequence)).value();
    }

    @Override
    public boolean isStarted(String sequence) {
        return sequences.standing(find(sequence)).isCalled();
    }

    @Override
    public void setValue(String sequence, long value, boolean called) {
        requireWrites("setval");
        Sequence s = find(sequence);
        sequences.set(s, value, called);
        if (called) {
            drawn.wasSet(s.id(), value);
        }
    }

    private void requireWrites(String function) {
        if (settings.readsOnly()) {
            throw new SqlException(
                    SqlState.READ_ONLY_TRANSACTION, "the transaction is read-only: no " + function + "() in it");
        }
    }

    private Sequence find(String text) {
        return names().resolve(text, "sequence", catalog::sequence);
    }

    @Override
    public String sequenceOf(String table, String column) {
        Table found = names().resolve(table, "table", catalog::table);
        Column of = found.column(column)
                .orElseThrow(() -> new SqlException(
                        SqlState.UNDEFINED_COLUMN,
                        "column \"" + column + "\" of table \"" + found.name() + "\" does not exist"));
        return of.identity()
                .flatMap(identity -> catalog.sequence(identity.sequenceId()))
                .or(() -> of.defaultText().flatMap(text -> SequenceTexts.drawnFrom(text, found, catalog)))
                .map(SequenceTexts::qualified)
                .orElse(null);
    }

    @Override
    public String schemas() {
        return settings.path.stream()
                .filter(catalog::hasSchema)
                .map(NameText::quoted)
                .collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public String comment(String object, String kind) {
        List<String> parts = NameText.split(object, '.').orElse(List.of());
        if (kind.equals("pg_namespace")) {
            return parts.size() == 1 ? catalog.schemaComment(parts.get(0)).orElse(null) : null;
        }
        if (!kind.equals("pg_class")) {
            return null;
        }
        return names().found(parts, catalog::table)
                .flatMap(Table::comment)
                .or(() -> names().found(parts, catalog::view).flatMap(View::comment))
                .or(() -> names().found(parts, catalog::index)
                        .flatMap(i -> i.comments().index()))
                .or(() -> names().found(parts, catalog::sequence).flatMap(Sequence::comment))
                .orElse(null);
    }

    @Override
    public String columnComment(String table, long column) {
        List<String> parts = NameText.split(table, '.').orElse(List.of());
        return names().found(parts, catalog::table)
                .filter(t -> column >= 1 && column <= t.columns().size())
                .flatMap(t -> t.columns().get((int) column - 1).comment())
                .or(() -> names().found(parts, catalog::view)
                        .filter(v -> column >= 1 && column <= v.columns().size())
                        .map(v -> v.columnComments().get(v.columns().get((int) column - 1))))
                .orElse(null);
    }

    @Override
    public String setting(String name, boolean missingIsNull) {
        Optional<String> value = settings.get(name);
        if (value.isEmpty() && !missingIsNull) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "there is no setting \"" + name + "\"");
        }
        return value.orElse(null);
    }

    @Override
    public void set(String name, String value, boolean local) {
        settings.set(name, name.equalsIgnoreCase("search_path") ? path(value) : List.of(value), local);
    }

    /** A list is one text here. */
    private static List<String> path(String value) {
        return NameText.split(value, ',')
                .orElseThrow(() -> new SqlException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "search_path takes names with commas between them, not '" + value
                                + "'; a name with blanks or capitals stands in double quotes"));
    }
}
