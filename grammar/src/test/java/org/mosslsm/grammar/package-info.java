/** The grammar's tests: golden statements, ambiguity, keywords. */
package org.mosslsm.grammar;
