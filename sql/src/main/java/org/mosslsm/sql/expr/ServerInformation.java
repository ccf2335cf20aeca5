// What functions are told of the database and who uses it.
package org.mosslsm.sql.expr;

/** Numbers of sessions and transactions, sizes of tables, and whether things are there. One thread at a time. */
public interface ServerInformation {
    /** Which part of a table. */
    enum Part {
        /** The rows. */
        ROWS,
        /** Its indexes but for the one the rows are in. */
        INDEXES,
        /** All of it. */
        ALL
    }

    /** A number of this session that no other has while the database is open. */
    long sessionNumber();

    /** A number of this transaction that no other has, greater than those given out before. */
    long transactionNumber();

    /** Whether the transaction was asked for its number already. */
    boolean hasTransactionNumber();

    /** How a table, view, index or sequence is written where the path finds it; {@code null} where there is none. */
    String relation(String name);

    /** Whether there is a schema. */
    boolean hasSchema(String name);

    /**
     * Raises what says that it is not there.
     *
     * @throws org.mosslsm.sql.error.SqlException 42P01, or 42703 of a column
     */
    void requireColumn(String table, String column);

    /** About how many bytes a table, or an index, takes; 42P01 where there is none of the name. */
    long bytes(String relation, Part part);

    /** About how many bytes the database takes. */
    long bytes();
}
