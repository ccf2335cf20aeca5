/**
 * The same statements on MossLSM and on H2. In: a seed. Out: no difference in rows, in update counts, or in what is
 * refused; statements are drawn where the two mean the same.
 */
package org.mosslsm.it.compare;
