/**
 * Value files: where values live that are too large to be rewritten with every merge of their keys.
 *
 * <p>In: entries of a flush or a compaction, pointers of a read. Out: {@link org.mosslsm.kv.lsm.values.ValueSeparator}, {@link
 * org.mosslsm.kv.lsm.values.ValueFileReader}, {@link org.mosslsm.kv.lsm.values.ValueOptions}.
 */
package org.mosslsm.kv.lsm.values;
