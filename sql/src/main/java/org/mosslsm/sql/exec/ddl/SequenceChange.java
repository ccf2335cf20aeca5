// ALTER SEQUENCE, and what ALTER TABLE does to the sequence of an identity column.
package org.mosslsm.sql.exec.ddl;

import java.util.Optional;
import java.util.OptionalInt;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.DefinitionPlan.SequenceSpec;

/**
 * Changes sequences. Their positions are outside of transactions: a RESTART holds at once and stays when the transaction
 * is rolled back, as numbers given out do.
 */
final class SequenceChange {
    private SequenceChange() {}

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
                owner);
        edit.context().numbers().giveBack(sequence);
        restart.ifPresent(value -> edit.context().numbers().set(changed, value, false));
        edit.put(changed);
    }
}
