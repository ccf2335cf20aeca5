/**
 * Laws that hold for every query on every table, whatever its answer: a predicate, its negation and its unknown part make
 * the whole (TLP); a filter counts what its predicate finds true (NoREC); an index changes no answer; a parameter means
 * what the literal means. In: a seed. Out: a broken law as the smallest script that shows it.
 */
package org.mosslsm.it.property;
