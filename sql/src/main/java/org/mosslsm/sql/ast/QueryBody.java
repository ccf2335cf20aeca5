// What a query computes, before its ORDER BY and LIMIT.
package org.mosslsm.sql.ast;

/** A SELECT, VALUES or set operation; or a whole query in parentheses as an operand of one. */
public sealed interface QueryBody extends Node permits Select, Values, SetOperation, Query {}
