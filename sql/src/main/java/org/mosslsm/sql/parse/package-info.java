/**
 * From text to syntax tree.
 *
 * <p>In: the text of one statement ({@link org.mosslsm.sql.parse.SqlParser}), or a whole script as a stream ({@link
 * org.mosslsm.sql.parse.ScriptSplitter}). Out: records of {@code ast}, or an {@link
 * org.mosslsm.sql.error.SqlException} with line, column and what was expected there. The only room that knows the
 * generated parser; of {@code type} it knows how the values of literals are written.
 */
package org.mosslsm.sql.parse;
