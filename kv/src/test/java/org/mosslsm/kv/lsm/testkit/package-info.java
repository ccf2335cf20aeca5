/** What the tests of the engine share: a store on a disk in memory, and a scripted writer that knows what must be there. */
package org.mosslsm.kv.lsm.testkit;
