// A foreign key.
package org.mosslsm.sql.catalog;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A FOREIGN KEY of a child table (MATCH SIMPLE: a row with a NULL among the columns refers to nothing).
 *
 * @param name unique within the child table
 * @param childTableId number of the table that has the constraint
 * @param columnIds its columns, in the order of {@code parentColumnIds}
 * @param parentTableId number of the table referred to; may be the child itself
 * @param parentColumnIds the columns referred to: a primary key or the keys of a unique index, in that index's order
 * @param parentIndexId number of that index of the parent
 * @param onDelete what happens to child rows when their parent row is deleted
 * @param onUpdate what happens to child rows when their parent row gets another key
 * @param comment remark of COMMENT ON, if there is one
 */
public record ForeignKey(
        String name,
        int childTableId,
        List<Integer> columnIds,
        int parentTableId,
        List<Integer> parentColumnIds,
        int parentIndexId,
        Action onDelete,
        Action onUpdate,
        Optional<String> comment) {
    /** What happens to child rows. */
    public enum Action {
        /** Refused, when they still refer to nothing at the end of the statement. */
        NO_ACTION,
        /** Refused at once. */
        RESTRICT,
        /** Deleted, or given the new key. */
        CASCADE,
        /** Their columns become NULL. */
        SET_NULL,
        /** Their columns get their defaults. */
        SET_DEFAULT
    }

    /** A foreign key without a comment. */
    public ForeignKey(
            String name,
            int childTableId,
            List<Integer> columnIds,
            int parentTableId,
            List<Integer> parentColumnIds,
            int parentIndexId,
            Action onDelete,
            Action onUpdate) {
        this(
                name,
                childTableId,
                columnIds,
                parentTableId,
                parentColumnIds,
                parentIndexId,
                onDelete,
                onUpdate,
                Optional.empty());
    }

    /** Freezes the lists, which have one length. */
    public ForeignKey {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(onDelete, "onDelete");
        Objects.requireNonNull(onUpdate, "onUpdate");
        Objects.requireNonNull(comment, "comment");
        columnIds = List.copyOf(columnIds);
        parentColumnIds = List.copyOf(parentColumnIds);
        if (columnIds.isEmpty() || columnIds.size() != parentColumnIds.size()) {
            throw new IllegalArgumentException(
                    "foreign key " + name + ": " + columnIds.size() + " columns for " + parentColumnIds.size());
        }
    }

    /** The same constraint with another name. */
    public ForeignKey withName(String newName) {
        return new ForeignKey(
                newName,
                childTableId,
                columnIds,
                parentTableId,
                parentColumnIds,
                parentIndexId,
                onDelete,
                onUpdate,
                comment);
    }

    /** The same constraint, checked against another index of the parent. */
    public ForeignKey withParentIndex(int newParentIndexId) {
        return new ForeignKey(
                name,
                childTableId,
                columnIds,
                parentTableId,
                parentColumnIds,
                newParentIndexId,
                onDelete,
                onUpdate,
                comment);
    }

    /** The same constraint with another comment. */
    public ForeignKey withComment(Optional<String> newComment) {
        return new ForeignKey(
                name,
                childTableId,
                columnIds,
                parentTableId,
                parentColumnIds,
                parentIndexId,
                onDelete,
                onUpdate,
                newComment);
    }
}
