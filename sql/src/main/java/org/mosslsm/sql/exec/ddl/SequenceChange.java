// ALTER SEQUENCE, and what ALTER TABLE does to the sequence of an identity column.
package org.mosslsm.sql.exec.ddl;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.SequenceTexts;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.DefinitionPlan.SequenceSpec;

/** Changes sequences, and the defaults that name them. */
final class SequenceChange {
    private SequenceChange() {}

    /** Puts a sequence with another name or schema, which the defaults that name it follow. */
    static void rename(CatalogEdit edit, Sequence sequence, Sequence renamed) {
        Catalog now = edit.now();
        for (Table table : List.copyOf(now.tables())) {
            for (Column column : table.columns()) {
                Optional<String> text = column.defaultText().filter(t -> SequenceTexts.uses(t, sequence, table, now));
                if (text.isPresent()) {
                    String followed =
                            SequenceTexts.replace(text.get(), name -> Optional.of(SequenceTexts.qualified(renamed))
                                    .filter(q -> SequenceTexts.means(name, sequence, table, now)));
                    edit.lock(edit.table(table.id()));
                    edit.put(edit.table(table.id())
                            .change()
                            .column(column.id(), c -> c.withDefault(Optional.of(followed)))
                            .build());
                }
            }
        }
        edit.put(renamed);
    }

    static void apply(CatalogEdit edit, DefinitionPlan.AlterSequence p) {
        p.owner().ifPresent(owner -> owner.ifPresent(id -> edit.lock(edit.table(id))));
        change(edit, p.sequence(), p.spec(), p.owner().orElse(p.sequence().ownerTableId()), p.restart());
    }

    /** Gives a sequence other numbers and another owner; {@code restart} is the value to give next, if one was said. */
    static void change(
            CatalogEdit edit, Sequence sequence, SequenceSpec spec, OptionalInt owner, Optional<Long> restart) {
        Sequence changed = new Sequence(
                sequence.id(),
                sequence.schema(),
                sequence.name(),
                spec.start(),
                spec.increment(),
                spec.minValue(),
                spec.maxValue(),
                spec.cycle(),
                spec.cache(),
                owner,
                sequence.comment());
        if (spec.start() != sequence.start()) {
            edit.context().numbers().settleStart(sequence);
        }
        restart.ifPresent(value -> edit.context().sequences().restart(changed, value));
        edit.put(changed);
    }
}
