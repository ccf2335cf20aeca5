/**
 * Speed beside peers: mains that profiles run, never timed tests. This room has what both harnesses share: fresh JVMs in
 * turn ({@link org.mosslsm.it.bench.Rounds}), the timed loop ({@link org.mosslsm.it.bench.Timed}) and the tables
 * ({@link org.mosslsm.it.bench.Results}).
 */
package org.mosslsm.it.bench;
