/** What the caller is told when something is wrong: the statement, the directory, the disk. */
package org.mosslsm.it.errors;
