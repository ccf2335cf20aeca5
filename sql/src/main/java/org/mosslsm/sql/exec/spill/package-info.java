/**
 * Work that outgrows its memory: rows in scratch files. In: rows, and a {@link org.mosslsm.sql.exec.spill.Workspace} that
 * says how much memory an operator may use and where files come from. Out: the same rows, read again in their order.
 */
package org.mosslsm.sql.exec.spill;
