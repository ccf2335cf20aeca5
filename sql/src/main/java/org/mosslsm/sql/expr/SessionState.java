// What functions reach of the session.
package org.mosslsm.sql.expr;

/**
 * Sequences and settings, as the functions {@code nextval}, {@code currval}, {@code setval}, {@code set_config} and their
 * like see them. Names of sequences are read as SQL reads names: folded unless quoted, with or without a schema. One
 * thread at a time.
 */
public interface SessionState {
    /** Takes the next value of a sequence; 42P01 where there is none of the name, 2200H at its end. */
    long nextValue(String sequence);

    /** The value this session took last from the sequence; 55000 when it took none. */
    long currentValue(String sequence);

    /** The value this session took last from any sequence; 55000 when it took none. */
    long lastValue();

    /**
     * The sequence that a column takes its values from, as the other functions read its name; {@code null} where there is
     * none. The table is named as they are, the column as it is stored; 42P01 and 42703 where there is none of the name.
     */
    String sequenceOf(String table, String column);

    /** A value of the sequence of that number was taken for a column. */
    void generated(int sequence, long value);

    /** The value that anyone took last from the sequence; the first to come where none was. */
    long lastGiven(String sequence);

    /** Whether a value was taken from the sequence. */
    boolean isStarted(String sequence);

    /** Sets the last value of a sequence ({@code called}), or its next one; 22003 when it is out of its range. */
    void setValue(String sequence, long value, boolean called);

    /** The schemas of the path that exist, as PostgreSQL writes a list of names down. */
    String schemas();

    /**
     * The comment on what a text names; {@code null} where there is none, or nothing of the name.
     *
     * @param catalog PostgreSQL's catalog of such objects: {@code pg_class} of tables, views, indexes and sequences, {@code pg_namespace} of
     *     schemas
     */
    String comment(String object, String catalog);

    /** The comment on a column of a table or view, counted from 1; {@code null} where there is none. */
    String columnComment(String table, long column);

    /** What there is around it. */
    ServerInformation server();

    /** Its advisory locks. */
    SessionLocks locks();

    /** The value of a setting; where there is none of the name {@code null} if that is asked for, else 42704. */
    String setting(String name, boolean missingIsNull);

    /** Sets a setting, or sets it until the end of the transaction; 42704 where there is none of the name. */
    void set(String name, String value, boolean local);
}
