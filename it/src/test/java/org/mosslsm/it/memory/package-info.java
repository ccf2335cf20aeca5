/** Statements whose rows outgrow a small heap: they end, with the right answer, and leave nothing in the directory. */
package org.mosslsm.it.memory;
