// A database of its own for each test.
package org.mosslsm.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The only connection to an empty database in memory, opened before each test, and closed, which ends it, after it. */
abstract class MemoryConnection {
    Connection connection;

    @BeforeEach
    final void openConnection() throws SQLException {
        connection = DriverManager.getConnection("jdbc:mosslsm:mem:");
    }

    @AfterEach
    final void closeConnection() throws SQLException {
        connection.close();
    }
}
