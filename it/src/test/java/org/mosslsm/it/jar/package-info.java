/** The shaded jar: what is in it, and that it runs. */
package org.mosslsm.it.jar;
