// Advisory locks, as PostgreSQL has them.
package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BIGINT;
import static org.mosslsm.sql.type.SqlType.BOOLEAN;
import static org.mosslsm.sql.type.SqlType.INTEGER;
import static org.mosslsm.sql.type.SqlType.TEXT;

import java.util.List;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.FunctionBody.Nullary;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.expr.SessionLocks.LockId;
import org.mosslsm.sql.expr.SessionLocks.Manner;
import org.mosslsm.sql.type.SqlType;

/**
 * {@code pg_[try_]advisory_[xact_]lock[_shared]} and {@code pg_advisory_unlock[_shared]}, of one number or of two. What
 * returns nothing in PostgreSQL is an empty text, which is what its driver shows of it.
 */
final class LockFunctions {
    private LockFunctions() {}

    private interface Use {
        Object of(SessionLocks locks, LockId key);
    }

    static void register(Functions.Registrar r) {
        for (boolean transaction : new boolean[] {false, true}) {
            for (boolean shared : new boolean[] {false, true}) {
                Manner manner = new Manner(shared, transaction);
                String name = "advisory_" + (transaction ? "xact_" : "") + "lock" + (shared ? "_shared" : "");
                add(r, "pg_" + name, TEXT, (locks, key) -> {
                    locks.take(key, manner);
                    return "";
                });
                add(r, "pg_try_" + name, BOOLEAN, (locks, key) -> locks.tryTake(key, manner));
            }
        }
        add(r, "pg_advisory_unlock", BOOLEAN, (locks, key) -> locks.release(key, false));
        add(r, "pg_advisory_unlock_shared", BOOLEAN, (locks, key) -> locks.release(key, true));
        r.add("pg_advisory_unlock_all", TEXT, List.of(), Volatility.VOLATILE, (Nullary) ctx -> {
            ctx.session().locks().releaseAll();
            return "";
        });
    }

    private static void add(Functions.Registrar r, String name, SqlType returns, Use use) {
        r.add(name, returns, List.of(BIGINT), Volatility.VOLATILE, (Contextual)
                (a, ctx) -> use.of(ctx.session().locks(), new LockId(false, (Long) a[0])));
        r.add(name, returns, List.of(INTEGER, INTEGER), Volatility.VOLATILE, (Contextual)
                (a, ctx) -> use.of(ctx.session().locks(), LockId.of((Long) a[0], (Long) a[1])));
    }
}
