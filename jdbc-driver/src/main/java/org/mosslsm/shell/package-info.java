/**
 * The shell and script runner: {@code java -jar mosslsm.jar ./data -f script.sql}.
 *
 * <p>In: arguments, scripts, lines typed. Out: results as table, CSV or JSON, errors with file, line and caret, an exit
 * code. Speaks {@code java.sql} and nothing deeper, so it is also the driver's first user.
 */
package org.mosslsm.shell;
