/**
 * What transactions see of each other, by SQL: the anomalies of the literature (dirty writes and reads, read skew, lost
 * updates, write skew, phantoms), each with the isolations that prevent it. In: two or three connections. Out: the
 * anomaly, or 40001.
 */
package org.mosslsm.it.isolation;
