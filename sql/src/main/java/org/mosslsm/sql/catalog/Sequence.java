// A sequence.
package org.mosslsm.sql.catalog;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A generator of numbers. Its position is kept apart, outside of transactions: numbers given out are not given again,
 * also when their transaction was rolled back.
 *
 * @param id number, unique in the database
 * @param schema its schema
 * @param name unique within the schema
 * @param start first number
 * @param increment distance between two numbers, not 0
 * @param minValue least number
 * @param maxValue greatest number
 * @param cycle whether it starts over at its end; else 2200H
 * @param cache numbers taken from the store at a time, at least 1
 * @param ownerTableId number of the table whose identity column it serves, if it does
 * @param comment remark of COMMENT ON, if there is one
 */
public record Sequence(
        int id,
        String schema,
        String name,
        long start,
        long increment,
        long minValue,
        long maxValue,
        boolean cycle,
        long cache,
        OptionalInt ownerTableId,
        Optional<String> comment) {
    /** A sequence without a comment. */
    public Sequence(
            int id,
            String schema,
            String name,
            long start,
            long increment,
            long minValue,
            long maxValue,
            boolean cycle,
            long cache,
            OptionalInt ownerTableId) {
        this(id, schema, name, start, increment, minValue, maxValue, cycle, cache, ownerTableId, Optional.empty());
    }

    /** The same sequence with another name. */
    public Sequence withName(String newName) {
        return new Sequence(
                id, schema, newName, start, increment, minValue, maxValue, cycle, cache, ownerTableId, comment);
    }

    /** The same sequence in another schema. */
    public Sequence withSchema(String newSchema) {
        return new Sequence(
                id, newSchema, name, start, increment, minValue, maxValue, cycle, cache, ownerTableId, comment);
    }

    /** The same sequence with another comment. */
    public Sequence withComment(Optional<String> newComment) {
        return new Sequence(
                id, schema, name, start, increment, minValue, maxValue, cycle, cache, ownerTableId, newComment);
    }

    /** Checks the numbers. */
    public Sequence {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(comment, "comment");
        if (increment == 0 || cache < 1 || minValue > maxValue || start < minValue || start > maxValue) {
            throw new IllegalArgumentException("sequence " + name + ": start " + start + " increment " + increment
                    + " range " + minValue + ".." + maxValue + " cache " + cache);
        }
    }
}
