/**
 * The seam: an ordered, multi-version, byte-keyed store, as everything above the engine sees it.
 *
 * <p>In: {@link org.mosslsm.kv.CommitRequest}s, key ranges. Out: {@link org.mosslsm.kv.Snapshot}s, {@link
 * org.mosslsm.kv.Cursor}s that deliver batches of views, and unchecked {@link org.mosslsm.kv.KvException}s.
 *
 * <p>Semantics every implementation keeps, pinned by the abstract conformance suite:
 *
 * <ol>
 *   <li>Keys are ordered as unsigned bytes; a range is {@code [lo, hi)}; scans run in both directions.
 *   <li>A snapshot sees exactly the commits whose version is at most its own, for as long as it is open. A snapshot
 *       taken after {@code commit} returned sees that commit, in any thread.
 *   <li>A commit is atomic. It throws {@link org.mosslsm.kv.ConflictException}, with no effect at all, when a key that
 *       must be absent exists, or a key or range that must be unchanged has a commit newer than the read version.
 *   <li>When a commit returns it is as durable as was asked. When its outcome is not known it throws {@link
 *       org.mosslsm.kv.UnknownOutcomeException}; {@link org.mosslsm.kv.Store#status} then tells.
 *   <li>A delete is a write; what an open snapshot may still read is never reclaimed.
 *   <li>Byte arrays handed in must not be changed by the caller afterwards; arrays handed out by {@code get} belong to
 *       the caller.
 * </ol>
 */
package org.mosslsm.kv;
