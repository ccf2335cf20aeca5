// What functions see of a live session.
package org.mosslsm.sql;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
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
import org.mosslsm.sql.expr.SessionLocks;
import org.mosslsm.sql.expr.SessionState;

/**
 * Sequences and settings of a session, for one statement: against the catalog it was planned with, in its transaction.
 * Used under the session's lock, also by cursors that go on while other statements run.
 */
final class LiveState implements SessionState {
    private final SessionSettings settings;
    private final DrawnNumbers drawn;
    private final Catalog catalog;
    private final TransactionSequences sequences;
    private final SessionLocks locks;

    LiveState(
            SessionSettings settings,
            DrawnNumbers drawn,
            Catalog catalog,
            TransactionSequences sequences,
            SessionLocks locks) {
        this.settings = settings;
        this.drawn = drawn;
        this.catalog = catalog;
        this.sequences = sequences;
        this.locks = locks;
    }

    @Override
    public SessionLocks locks() {
        return locks;
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
        return resolve(text, "sequence", catalog::sequence);
    }

    /** What a text names: in its schema, else in the first of the path that has it. */
    private <T> T resolve(String text, String kind, BiFunction<String, String, Optional<T>> lookup) {
        List<String> parts = NameText.split(text, '.')
                .filter(p -> !p.isEmpty())
                .orElseThrow(() -> new SqlException(SqlState.INVALID_NAME, "invalid name syntax: \"" + text + "\""));
        return found(parts, lookup)
                .orElseThrow(
                        () -> new SqlException(SqlState.UNDEFINED_TABLE, kind + " \"" + text + "\" does not exist"));
    }

    private <T> Optional<T> found(List<String> parts, BiFunction<String, String, Optional<T>> lookup) {
        return switch (parts.size()) {
            case 1 -> catalog.firstWith(settings.path, parts.get(0)).flatMap(s -> lookup.apply(s, parts.get(0)));
            case 2 -> lookup.apply(parts.get(0), parts.get(1));
            default -> Optional.empty();
        };
    }

    @Override
    public String sequenceOf(String table, String column) {
        Table found = resolve(table, "table", catalog::table);
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
        return found(parts, catalog::table)
                .flatMap(Table::comment)
                .or(() -> found(parts, catalog::view).flatMap(View::comment))
                .or(() -> found(parts, catalog::index).flatMap(i -> i.comments().index()))
                .or(() -> found(parts, catalog::sequence).flatMap(Sequence::comment))
                .orElse(null);
    }

    @Override
    public String columnComment(String table, long column) {
        List<String> parts = NameText.split(table, '.').orElse(List.of());
        return found(parts, catalog::table)
                .filter(t -> column >= 1 && column <= t.columns().size())
                .flatMap(t -> t.columns().get((int) column - 1).comment())
                .or(() -> found(parts, catalog::view)
                        .filter(v -> column >= 1 && column <= v.columns().size())
                        .map(v -> v.columnComments().get(v.columns().get((int) column - 1))))
                .orElse(null);
    }

    @Override
    public String setting(String name) {
        return settings.get(name)
                .orElseThrow(() -> new SqlException(SqlState.UNDEFINED_OBJECT, "there is no setting \"" + name + "\""));
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
