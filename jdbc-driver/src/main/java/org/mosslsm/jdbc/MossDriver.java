package org.mosslsm.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;

/**
 * The JDBC driver of MossLSM. URLs: {@code jdbc:mosslsm:./data}, {@code jdbc:mosslsm:./data?durability=process}, {@code
 * jdbc:mosslsm:mem:name}. It registers itself when loaded; tools that make drivers themselves use the public constructor.
 * Thread-safe.
 */
public final class MossDriver implements Driver {
    /** Version of driver and engine, as the build knows it. */
    static final int MAJOR = 0;

    static final int MINOR = 1;

    static final String VERSION = MAJOR + "." + MINOR;

    static {
        try {
            DriverManager.registerDriver(new MossDriver());
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A driver without state; all open databases are shared by all drivers of the class loader. */
    public MossDriver() {}

    /** Connects; {@code null} for a URL of another driver. */
    @Override
    public Connection connect(String url, Properties info) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        MossUrl parsed = MossUrl.parse(url, info == null ? new Properties() : info);
        OpenDatabases.Shared shared;
        try {
            shared = OpenDatabases.acquire(parsed);
        } catch (RuntimeException e) {
            throw Errors.translated(e);
        }
        try {
            return MossConnection.open(shared, url, parsed);
        } catch (SQLException | RuntimeException e) {
            OpenDatabases.release(shared);
            throw e;
        }
    }

    @Override
    public boolean acceptsURL(String url) {
        return MossUrl.accepts(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
        return MossUrl.describe(url, info == null ? new Properties() : info);
    }

    @Override
    public int getMajorVersion() {
        return MAJOR;
    }

    @Override
    public int getMinorVersion() {
        return MINOR;
    }

    /** {@code false}: the full SQL-92 entry level is not claimed. */
    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("org.mosslsm");
    }
}
