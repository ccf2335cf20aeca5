// Names for what has none.
package org.mosslsm.sql.bind;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Index;

/**
 * Makes up names as PostgreSQL does: {@code <table>_pkey}, {@code <table>_<columns>_key}, {@code _fkey}, {@code _check},
 * {@code _idx}; a number follows where the name is taken. One object a statement: it remembers what it gave.
 */
final class ConstraintNames {
    private final Catalog catalog;
    private final String schema;
    private final String table;
    private final Set<String> taken = new HashSet<>();
    private final Set<String> freed = new HashSet<>();

    ConstraintNames(Catalog catalog, String schema, String table) {
        this.catalog = catalog;
        this.schema = schema;
        this.table = table;
    }

    /** Indexes that the statement drops before it makes its own: their names are free again. */
    ConstraintNames freed(List<Index> indexes) {
        indexes.forEach(i -> freed.add(i.name()));
        return this;
    }

    /** A name is used, whoever chose it. */
    boolean take(String name) {
        return taken.add(name);
    }

    /**
     * A free name.
     *
     * @param columns between the table's name and {@code suffix}
     * @param index whether it is the name of an index, which shares its names with tables
     */
    String free(List<String> columns, String suffix, boolean index) {
        StringBuilder base = new StringBuilder(table);
        columns.forEach(c -> base.append('_').append(c));
        base.append('_').append(suffix);
        String name = base.toString();
        for (int i = 1; taken.contains(name) || (index && isTaken(name)); i++) {
            name = base + Integer.toString(i);
        }
        taken.add(name);
        return name;
    }

    private boolean isTaken(String name) {
        return catalog.isTaken(schema, name) && !freed.contains(name);
    }
}
