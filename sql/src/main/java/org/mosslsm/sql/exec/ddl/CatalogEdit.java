// A catalog being changed.
package org.mosslsm.sql.exec.ddl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.CatalogStore;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.dml.NumberAllocator;

/**
 * The catalog during one DDL statement: starts as the transaction sees it, ends written. Every table is locked before it
 * is changed. Not thread-safe.
 */
final class CatalogEdit {
    private final DefinitionContext context;
    private final Catalog before;
    private final Set<Integer> touched = new HashSet<>();
    private final List<String> notices = new ArrayList<>();
    private Catalog now;

    CatalogEdit(DefinitionContext context) {
        this.context = context;
        this.before = context.catalog();
        this.now = before;
    }

    DefinitionContext context() {
        return context;
    }

    Transaction transaction() {
        return context.transaction();
    }

    Catalog now() {
        return now;
    }

    List<String> notices() {
        return notices;
    }

    void notice(String text) {
        notices.add(text);
    }

    /** Writes what changed; the new catalog. */
    Catalog finish() {
        Catalog after = now.nextVersion();
        CatalogStore.write(transaction(), before, after, touched);
        return after;
    }

    // ---- tables

    /** The table as it is now. */
    Table table(int id) {
        return now.table(id).orElseThrow(() -> new IllegalStateException("table " + id + " is gone"));
    }

    /** Waits until nobody writes to the table and keeps all others from it. */
    void lock(Table table) {
        if (before.table(table.id()).isPresent()) {
            context.locks().takeAlone(before.table(table.id()).get());
        }
    }

    /**
     * Makes the newest rows of a locked table those that are read from now on: nobody can add others, but some may have
     * come after the statement's snapshot.
     */
    void readNewest(Table table) {
        if (context.readCommitted()) {
            transaction().beginStatement();
            context.execution().checkCancelled();
        } else if (before.table(table.id()).isPresent()) {
            transaction().requireUnchanged(IndexKeys.range(table, table.primary()));
        }
    }

    void put(Table table) {
        now = now.withTable(table);
    }

    /** Something about the table changed that its descriptor does not hold: who refers to it. */
    void touch(Table table) {
        lock(table);
        touched.add(table.id());
    }

    void remove(Table table) {
        transaction().delete(NumberAllocator.rowIdKey(table.id()));
        now = now.withoutTable(table.id());
        touched.remove(table.id());
    }

    /** Deletes all entries of an index. */
    void deleteEntries(Table table, Index index) {
        KeyRange range = IndexKeys.range(table, index);
        transaction().deleteRange(range);
    }

    /** The foreign keys of other tables that refer to the table. */
    List<ForeignKey> referencingOthers(Table table) {
        return now.referencing(table.id()).stream()
                .filter(k -> k.childTableId() != table.id())
                .toList();
    }

    // ---- other objects

    void put(View view) {
        now = now.withView(view);
    }

    void remove(View view) {
        now = now.withoutView(view.id());
    }

    void put(Sequence sequence) {
        now = now.withSequence(sequence);
    }

    void removeSequence(int id) {
        transaction().delete(NumberAllocator.sequenceKey(id));
        now = now.withoutSequence(id);
    }

    void putSchema(String schema, Optional<String> comment) {
        now = now.withSchema(schema, comment);
    }

    void removeSchema(String schema) {
        now = now.withoutSchema(schema);
    }

    // ---- names and numbers

    int newId() {
        return context.numbers().objectId();
    }

    /** Refuses a name that another object of the schema has; {@code kind} is what is to be made. */
    void requireFree(String schema, String name, String kind) {
        if (now.isTaken(schema, name)) {
            boolean relation = now.table(schema, name).isPresent()
                    || now.view(schema, name).isPresent();
            throw new SqlException(
                    relation ? SqlState.DUPLICATE_TABLE : SqlState.DUPLICATE_OBJECT,
                    kind + " \"" + name + "\" cannot be made: schema \"" + schema + "\" already has "
                            + kindOf(schema, name) + " of that name");
        }
    }

    private String kindOf(String schema, String name) {
        if (now.table(schema, name).isPresent()) {
            return "a table";
        }
        if (now.view(schema, name).isPresent()) {
            return "a view";
        }
        return now.sequence(schema, name).isPresent() ? "a sequence" : "an index";
    }

    /** A name that no object of the schema has: {@code base}, or with a number after it. */
    String freeName(String schema, String base) {
        String name = base;
        for (int i = 1; now.isTaken(schema, name); i++) {
            name = base + i;
        }
        return name;
    }
}
