package org.mosslsm.jdbc;

import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.mosslsm.sql.Database;

/**
 * The databases this JVM has open, by real path, so that several connections to one directory share one engine. The last
 * connection to close closes the database and gives back its lock.
 *
 * <p>Thread safety: all state is guarded by the class. Opening holds the guard, so that two threads that connect to one
 * directory at once do not both try to lock it.
 */
final class OpenDatabases {
    private static final Map<String, Shared> OPEN = new HashMap<>();

    /** An open database and how many connections use it. */
    static final class Shared {
        private final String key;
        private final Database database;
        private int users;

        private Shared(String key, Database database) {
            this.key = key;
            this.database = database;
        }

        Database database() {
            return database;
        }
    }

    private OpenDatabases() {}

    /** The database at the location, opened if it is not; the options of the first connection hold. */
    static synchronized Shared acquire(MossUrl url) {
        String key = key(url.location());
        Shared shared = OPEN.get(key);
        if (shared == null) {
            shared = new Shared(key, Database.open(url.location(), url.store()));
            if (!key.equals("mem:")) {
                OPEN.put(key, shared);
            }
        }
        shared.users++;
        return shared;
    }

    /** Gives a use back; closes the database with the last one. */
    static synchronized void release(Shared shared) {
        shared.users--;
        if (shared.users == 0) {
            OPEN.remove(shared.key, shared);
            shared.database.close();
        }
    }

    private static String key(String location) {
        if (location.startsWith("mem:")) {
            return location;
        }
        try {
            return new File(location).getCanonicalPath();
        } catch (IOException e) {
            return new File(location).getAbsolutePath();
        }
    }
}
