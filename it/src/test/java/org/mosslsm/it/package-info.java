/**
 * Tests of the whole: they speak java.sql, run the shaded jar, or look at all modules at once. Each sub-package is one
 * kind of question: {@code layers} the structure, {@code crash} what survives a kill, {@code slt} the sqllogictest
 * files, {@code chinook} a real script and its questions, {@code compare} the same statements on H2, {@code bench} speed.
 */
package org.mosslsm.it;
