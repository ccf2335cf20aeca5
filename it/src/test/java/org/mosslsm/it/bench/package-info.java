/** Speed beside a peer: mains, never timed tests. */
package org.mosslsm.it.bench;
