/** Tools of the tests of the whole: child processes, locations of shared data, readers of expectations. */
package org.mosslsm.it.testkit;
