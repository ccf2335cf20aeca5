// The catalog: everything that has a name.
package org.mosslsm.sql.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All schemas, tables, views and sequences at one version. Immutable and shared: a statement plans and runs against one
 * catalog from beginning to end; DDL makes a new one.
 *
 * <p>Tables, views, indexes and sequences of a schema share one space of names.
 */
public final class Catalog {
    /** The schema that unqualified names mean unless told otherwise. */
    public static final String DEFAULT_SCHEMA = "public";

    /** A name within a schema. */
    private record Name(String schema, String name) {}

    /** Where an index is found. */
    private record IndexPlace(int tableId, int indexId) {}

    private final long version;
    private final NavigableMap<String, Optional<String>> schemas;
    private final NavigableMap<Integer, Table> tables;
    private final NavigableMap<Integer, View> views;
    private final NavigableMap<Integer, Sequence> sequences;

    private final Map<Name, Object> names = new HashMap<>();
    private final Map<Integer, List<ForeignKey>> referencing = new HashMap<>();

    Catalog(
            long version,
            NavigableMap<String, Optional<String>> schemas,
            NavigableMap<Integer, Table> tables,
            NavigableMap<Integer, View> views,
            NavigableMap<Integer, Sequence> sequences) {
        this.version = version;
        this.schemas = Collections.unmodifiableNavigableMap(schemas);
        this.tables = Collections.unmodifiableNavigableMap(tables);
        this.views = Collections.unmodifiableNavigableMap(views);
        this.sequences = Collections.unmodifiableNavigableMap(sequences);
        for (Table table : tables.values()) {
            enter(table.schema(), table.name(), table);
            for (Index index : table.indexes()) {
                enter(table.schema(), index.name(), new IndexPlace(table.id(), index.id()));
            }
            table.primaryKey().ifPresent(p -> enter(table.schema(), p.name(), new IndexPlace(table.id(), p.id())));
            for (ForeignKey key : table.foreignKeys()) {
                referencing
                        .computeIfAbsent(key.parentTableId(), p -> new ArrayList<>())
                        .add(key);
            }
        }
        views.values().forEach(v -> enter(v.schema(), v.name(), v));
        sequences.values().forEach(s -> enter(s.schema(), s.name(), s));
    }

    private void enter(String schema, String name, Object object) {
        Object before = names.put(new Name(schema, name), object);
        if (before != null) {
            throw new IllegalArgumentException("two objects named " + schema + "." + name);
        }
    }

    /** The catalog of a new database: the schema public, nothing else. */
    public static Catalog empty() {
        NavigableMap<String, Optional<String>> schemas = new TreeMap<>();
        schemas.put(DEFAULT_SCHEMA, Optional.empty());
        return new Catalog(0, schemas, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /** Grows with every committed change; 0 for a new database. */
    public long version() {
        return version;
    }

    /** Names of the schemas, ascending. */
    public List<String> schemas() {
        return List.copyOf(schemas.keySet());
    }

    /** Whether there is a schema of that name. */
    public boolean hasSchema(String schema) {
        return schemas.containsKey(schema);
    }

    /** The first schema of a path that exists; where none does, the first. */
    public String firstExisting(List<String> path) {
        for (int i = 0; path.size() > 1 && i < path.size(); i++) {
            if (hasSchema(path.get(i))) {
                return path.get(i);
            }
        }
        return path.get(0);
    }

    /** The first schema of a path with a table, view, index or sequence of that name: what a name without a schema means. */
    public Optional<String> firstWith(List<String> path, String name) {
        for (String schema : path) {
            if (isTaken(schema, name)) {
                return Optional.of(schema);
            }
        }
        return Optional.empty();
    }

    /** Remark about a schema, if there is one. */
    public Optional<String> schemaComment(String schema) {
        return schemas.getOrDefault(schema, Optional.empty());
    }

    /** All tables, by ascending number. */
    public Collection<Table> tables() {
        return tables.values();
    }

    /** All views, by ascending number. */
    public Collection<View> views() {
        return views.values();
    }

    /** All sequences, by ascending number. */
    public Collection<Sequence> sequences() {
        return sequences.values();
    }

    /** The table of that name. */
    public Optional<Table> table(String schema, String name) {
        return names.get(new Name(schema, name)) instanceof Table t ? Optional.of(t) : Optional.empty();
    }

    /** The table of that number. */
    public Optional<Table> table(int id) {
        return Optional.ofNullable(tables.get(id));
    }

    /** The view of that name. */
    public Optional<View> view(String schema, String name) {
        return names.get(new Name(schema, name)) instanceof View v ? Optional.of(v) : Optional.empty();
    }

    /** The sequence of that name. */
    public Optional<Sequence> sequence(String schema, String name) {
        return names.get(new Name(schema, name)) instanceof Sequence s ? Optional.of(s) : Optional.empty();
    }

    /** The sequence of that number. */
    public Optional<Sequence> sequence(int id) {
        return Optional.ofNullable(sequences.get(id));
    }

    /** The index of that name, primary keys included. */
    public Optional<Index> index(String schema, String name) {
        return place(schema, name).flatMap(p -> tables.get(p.tableId()).index(p.indexId()));
    }

    /** The table that has the index of that name. */
    public Optional<Table> tableOfIndex(String schema, String name) {
        return place(schema, name).map(p -> tables.get(p.tableId()));
    }

    private Optional<IndexPlace> place(String schema, String name) {
        return names.get(new Name(schema, name)) instanceof IndexPlace p ? Optional.of(p) : Optional.empty();
    }

    /** Whether a table, view, index or sequence of the schema has that name. */
    public boolean isTaken(String schema, String name) {
        return names.containsKey(new Name(schema, name));
    }

    /** The foreign keys that refer to a table, its own included. */
    public List<ForeignKey> referencing(int tableId) {
        return Collections.unmodifiableList(referencing.getOrDefault(tableId, List.of()));
    }

    /** A copy at the next version. */
    public Catalog nextVersion() {
        return new Catalog(version + 1, schemas, tables, views, sequences);
    }

    /** A copy with the table added or replaced. */
    public Catalog withTable(Table table) {
        NavigableMap<Integer, Table> changed = copy(tables);
        changed.put(table.id(), Objects.requireNonNull(table));
        return new Catalog(version, schemas, changed, views, sequences);
    }

    /** A copy without the table. */
    public Catalog withoutTable(int id) {
        NavigableMap<Integer, Table> changed = copy(tables);
        changed.remove(id);
        return new Catalog(version, schemas, changed, views, sequences);
    }

    /** A copy with the view added or replaced. */
    public Catalog withView(View view) {
        NavigableMap<Integer, View> changed = copy(views);
        changed.put(view.id(), view);
        return new Catalog(version, schemas, tables, changed, sequences);
    }

    /** A copy without the view. */
    public Catalog withoutView(int id) {
        NavigableMap<Integer, View> changed = copy(views);
        changed.remove(id);
        return new Catalog(version, schemas, tables, changed, sequences);
    }

    /** A copy with the sequence added or replaced. */
    public Catalog withSequence(Sequence sequence) {
        NavigableMap<Integer, Sequence> changed = copy(sequences);
        changed.put(sequence.id(), sequence);
        return new Catalog(version, schemas, tables, views, changed);
    }

    /** A copy without the sequence. */
    public Catalog withoutSequence(int id) {
        NavigableMap<Integer, Sequence> changed = copy(sequences);
        changed.remove(id);
        return new Catalog(version, schemas, tables, views, changed);
    }

    /** A copy with the schema added, or its comment replaced. */
    public Catalog withSchema(String schema, Optional<String> comment) {
        NavigableMap<String, Optional<String>> changed = copy(schemas);
        changed.put(schema, comment);
        return new Catalog(version, changed, tables, views, sequences);
    }

    /** A copy without the schema, which must be empty. */
    public Catalog withoutSchema(String schema) {
        NavigableMap<String, Optional<String>> changed = copy(schemas);
        changed.remove(schema);
        return new Catalog(version, changed, tables, views, sequences);
    }

    private static <K, V> NavigableMap<K, V> copy(NavigableMap<K, V> map) {
        return new TreeMap<>(map);
    }
}
