/** The structure of the whole: which package may look into which. */
package org.mosslsm.it.layers;
