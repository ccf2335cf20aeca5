/**
 * Transactions above any store: write set, read-your-own-writes, savepoints, row locks, deadlock detection, validation.
 *
 * <p>In: a {@link org.mosslsm.kv.Store} and what a statement reads, writes and locks. Out: one {@link
 * org.mosslsm.kv.CommitRequest} at the end, or one {@link org.mosslsm.kv.txn.TransactionException}. Written once, it
 * serves every store; it knows bytes, never SQL.
 *
 * <pre>
 * isolation         reads                        locked keys at commit        reads at commit
 * READ_COMMITTED    a fresh snapshot a statement covered by their locks       not looked at
 * REPEATABLE_READ   one snapshot                 unchanged since the snapshot not looked at
 * SERIALIZABLE      one snapshot                 unchanged since the snapshot unchanged since the snapshot
 * </pre>
 *
 * Where other processes write to the same store ({@link org.mosslsm.kv.Capabilities#distributed()}), locks of this
 * process keep nobody out; then locked keys are validated at commit under every isolation.
 */
package org.mosslsm.kv.txn;
