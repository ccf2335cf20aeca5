/** What survives when the process is killed. */
package org.mosslsm.it.crash;
