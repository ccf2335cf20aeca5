package org.mosslsm.kv.txn;

/** How much of other transactions a transaction sees. Dirty reads do not exist. */
public enum Isolation {
    /** Every statement sees what was committed when it began; writers of the same row wait for each other. */
    READ_COMMITTED,
    /** Snapshot isolation: every statement sees what was committed before the first; the first updater of a row wins. */
    REPEATABLE_READ,
    /** As {@link #REPEATABLE_READ}, and the commit is refused when anything read was changed by others, phantoms included. */
    SERIALIZABLE
}
