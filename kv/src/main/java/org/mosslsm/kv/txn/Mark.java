package org.mosslsm.kv.txn;

/**
 * A point in a transaction's writes to come back to: the start of a statement, or a savepoint. Costs nothing to keep, is
 * void once the transaction ended, and stays usable after rolling back to it or to a later one.
 */
public interface Mark {}
