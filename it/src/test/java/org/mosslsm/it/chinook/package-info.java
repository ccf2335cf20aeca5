/**
 * A script and data of others, as published, and questions to it whose answers were made by PostgreSQL. In: the Chinook
 * script, loaded through the shell. Out: each question's answer, compared as CSV in the order of its rows.
 */
package org.mosslsm.it.chinook;
