/** One random list of operations, many ways to set the engine up, one history: the plain model's. */
package org.mosslsm.kv.lsm.metamorphic;
