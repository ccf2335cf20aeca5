// CREATE TABLE.
package org.mosslsm.sql.exec.ddl;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableChange;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.DefinitionPlan.ColumnSpec;
import org.mosslsm.sql.plan.DefinitionPlan.ConstraintSpec;
import org.mosslsm.sql.plan.DefinitionPlan.PrimaryKeySpec;

/** Makes tables: columns and primary key at once, then the other constraints as ALTER TABLE would add them. */
final class TableCreation {
    private TableCreation() {}

    static void create(CatalogEdit edit, DefinitionPlan.CreateTable p) {
        edit.requireFree(p.schema(), p.name(), "table");
        int id = edit.newId();
        TableChange change = TableChange.create(id, p.schema(), p.name());
        for (ColumnSpec spec : p.columns()) {
            Column column = change.addColumn(column(spec, Optional.empty()));
            spec.identity().ifPresent(i -> {
                Column.Identity identity = identity(edit, p.schema(), p.name(), id, spec.name(), i);
                change.column(column.id(), c -> c.withIdentity(Optional.of(identity)));
            });
        }
        Optional<PrimaryKeySpec> primaryKey = p.constraints().stream()
                .filter(PrimaryKeySpec.class::isInstance)
                .map(PrimaryKeySpec.class::cast)
                .findFirst();
        change.primary(primaryKey
                .map(k -> {
                    edit.requireFree(p.schema(), k.name(), "index");
                    return primaryKey(edit.newId(), change, k);
                })
                .orElseGet(() -> Index.ofRowIds(edit.newId(), p.name())));
        Table table = change.build();
        edit.put(table);
        Constraints constraints = new Constraints(edit, id, true);
        for (ConstraintSpec spec : p.constraints()) {
            if (!(spec instanceof PrimaryKeySpec)) {
                constraints.add(spec);
            }
        }
    }

    static Column column(ColumnSpec spec, Optional<Column.Identity> identity) {
        return new Column(
                0, spec.name(), spec.type(), spec.notNull(), spec.defaultText(), identity, null, Optional.empty());
    }

    /** A new sequence for an identity column. */
    static Column.Identity identity(
            CatalogEdit edit,
            String schema,
            String table,
            int tableId,
            String column,
            DefinitionPlan.IdentitySpec spec) {
        spec.sequenceName().ifPresent(given -> edit.requireFree(schema, given, "sequence"));
        String name = spec.sequenceName().orElseGet(() -> edit.freeName(schema, table + "_" + column + "_seq"));
        Sequence sequence = DefinitionRunner.sequence(edit, schema, name, spec.sequence(), OptionalInt.of(tableId));
        edit.put(sequence);
        return new Column.Identity(spec.always(), sequence.id());
    }

    /** The primary index of a primary key; its columns become NOT NULL. */
    static Index primaryKey(int id, TableChange change, PrimaryKeySpec spec) {
        List<Index.Key> keys = spec.columns().stream()
                .map(name -> new Index.Key(change.columnId(name), false, false))
                .toList();
        keys.forEach(k -> change.column(k.columnId(), c -> c.withNotNull(true)));
        return new Index(id, spec.name(), keys, true, true, List.of(), Index.State.READY, false);
    }
}
