/** The engine alone, as a user meets it: its example, its documents, its kill loop. */
package org.mosslsm.it.engine;
