package org.mosslsm.jdbc;

import java.sql.SQLException;
import java.sql.Savepoint;
import org.mosslsm.sql.error.SqlState;

/** A savepoint of one connection; immutable. Its key in the session is unique, so that equal names do not collide. */
final class MossSavepoint implements Savepoint {
    private final int id;
    private final String name;

    MossSavepoint(int id, String name) {
        this.id = id;
        this.name = name;
    }

    String key() {
        return "jdbc savepoint " + id;
    }

    static String key(Savepoint savepoint) throws SQLException {
        if (savepoint instanceof MossSavepoint ours) {
            return ours.key();
        }
        throw Errors.of(SqlState.INVALID_SAVEPOINT, "the savepoint is not of this connection");
    }

    @Override
    public int getSavepointId() throws SQLException {
        if (name != null) {
            throw Errors.of(SqlState.INVALID_SAVEPOINT, "the savepoint has a name, not an id");
        }
        return id;
    }

    @Override
    public String getSavepointName() throws SQLException {
        if (name == null) {
            throw Errors.of(SqlState.INVALID_SAVEPOINT, "the savepoint has an id, not a name");
        }
        return name;
    }
}
