/** What the tests of this module share: random values, a small database, files of expectations. */
package org.mosslsm.sql.testkit;
