package org.mosslsm.sql.exec;

/** Values of one aggregate, over all groups, that their accumulators take when the input has ended. */
interface Deferred extends AutoCloseable {
    /** Passes every value on. */
    void deliver();

    @Override
    void close();
}
