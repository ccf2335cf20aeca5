/**
 * What tests of this and other modules build on: a disk in memory that can crash ({@link org.mosslsm.kv.testkit.MemVfs}),
 * a disk that fails when told to ({@link org.mosslsm.kv.testkit.FaultVfs}), and the conformance suite every store passes.
 */
package org.mosslsm.kv.testkit;
