// DROP SCHEMA.
package org.mosslsm.sql.exec.ddl;

import java.util.List;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Drops schemas, with CASCADE also what is in them. */
final class SchemaDrop {
    private SchemaDrop() {}

    static void drop(CatalogEdit edit, String schema, boolean cascade) {
        if (schema.equals(Catalog.DEFAULT_SCHEMA)) {
            throw new SqlException(
                    SqlState.DEPENDENT_OBJECTS, "schema \"" + schema + "\" is the default and cannot be dropped");
        }
        List<Integer> tables = edit.now().tables().stream()
                .filter(t -> t.schema().equals(schema))
                .map(Table::id)
                .toList();
        List<View> views = edit.now().views().stream()
                .filter(v -> v.schema().equals(schema))
                .toList();
        if (!tables.isEmpty()) {
            requireCascade(schema, cascade, edit.table(tables.get(0)).name());
            TableDrop.drop(edit, tables, true);
        }
        if (!views.isEmpty()) {
            requireCascade(schema, cascade, views.get(0).name());
            views.forEach(edit::remove);
        }
        List<Sequence> sequences = edit.now().sequences().stream()
                .filter(s -> s.schema().equals(schema))
                .toList();
        if (!sequences.isEmpty()) {
            requireCascade(schema, cascade, sequences.get(0).name());
            sequences.forEach(s -> edit.removeSequence(s.id()));
        }
        edit.removeSchema(schema);
    }

    private static void requireCascade(String schema, boolean cascade, String content) {
        if (!cascade) {
            throw new SqlException(
                    SqlState.DEPENDENT_OBJECTS,
                    "schema \"" + schema + "\" is not empty (it has \"" + content + "\"): use CASCADE");
        }
    }
}
