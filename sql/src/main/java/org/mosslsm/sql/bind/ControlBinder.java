// Statements about the transaction and the session.
package org.mosslsm.sql.bind;

import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.SessionControl;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.plan.ControlPlan;

/** Binds transaction control and settings: there is little to resolve. */
final class ControlBinder {
    private ControlBinder() {}

    static ControlPlan bind(SessionControl statement, BindContext context) {
        if (statement instanceof SessionControl.Begin s) {
            return new ControlPlan.Begin(modes(s.modes()));
        }
        if (statement instanceof SessionControl.Commit s) {
            return new ControlPlan.Commit(s.chain());
        }
        if (statement instanceof SessionControl.Rollback s) {
            return new ControlPlan.Rollback(s.chain());
        }
        if (statement instanceof SessionControl.Savepoint s) {
            return new ControlPlan.Savepoint(s.name().value());
        }
        if (statement instanceof SessionControl.Release s) {
            return new ControlPlan.Release(s.name().value());
        }
        if (statement instanceof SessionControl.RollbackTo s) {
            return new ControlPlan.RollbackTo(s.name().value());
        }
        if (statement instanceof SessionControl.SetTransaction s) {
            return new ControlPlan.SetTransaction(modes(s.modes()), s.session());
        }
        if (statement instanceof SessionControl.SetOption s) {
            return new ControlPlan.SetOption(s.name(), s.values(), s.local());
        }
        if (statement instanceof SessionControl.Discard s) {
            return new ControlPlan.Discard(
                    ControlPlan.Remembered.valueOf(s.what().name()));
        }
        if (statement instanceof SessionControl.Show s) {
            return new ControlPlan.Show(s.name());
        }
        if (statement instanceof SessionControl.CheckDatabase) {
            return new ControlPlan.CheckDatabase();
        }
        if (statement instanceof SessionControl.Skipped s) {
            return new ControlPlan.Notice(s.what() + " means nothing here and was skipped");
        }
        if (statement instanceof SessionControl.Reindex r) {
            r.name().ifPresent(name -> requireIndexed(r.kind(), name, context));
            return new ControlPlan.Notice("REINDEX means nothing here and was skipped");
        }
        if (statement instanceof SessionControl.LockTable l) {
            return new ControlPlan.LockTables(
                    l.tables().stream().map(t -> CatalogNames.table(context, t)).toList(),
                    tableLock(l.mode()),
                    l.noWait());
        }
        SessionControl.Analyze analyze = (SessionControl.Analyze) statement;
        return new ControlPlan.Analyze(analyze.table().map(t -> CatalogNames.table(context, t)));
    }

    /** What a mode of PostgreSQL comes to where readers wait for nobody: at least as much as there. */
    private static ControlPlan.TableLock tableLock(String mode) {
        return switch (mode) {
            case "access share" -> ControlPlan.TableLock.NOTHING;
            case "row share", "row exclusive" -> ControlPlan.TableLock.DEFINITIONS;
            case "share update exclusive" -> ControlPlan.TableLock.MAINTENANCE;
            default -> ControlPlan.TableLock.CHANGES;
        };
    }

    /** 3F000 or 42P01 where nothing of that name has indexes. */
    private static void requireIndexed(SessionControl.Reindex.Kind kind, QualifiedName name, BindContext context) {
        if (kind == SessionControl.Reindex.Kind.DATABASE) {
            return;
        }
        if (kind == SessionControl.Reindex.Kind.SCHEMA) {
            if (!context.catalog().hasSchema(name.last())) {
                throw CatalogNames.missingSchema(context, name.last(), name.position());
            }
            return;
        }
        boolean isIndex = context.catalog()
                .index(CatalogNames.schema(context, name), name.last())
                .isPresent();
        if (kind == SessionControl.Reindex.Kind.INDEX && !isIndex) {
            throw new SqlException(SqlState.UNDEFINED_TABLE, "index \"" + name + "\" does not exist")
                    .at(name.position().line(), name.position().column());
        }
        if (kind == SessionControl.Reindex.Kind.TABLE || !isIndex) {
            CatalogNames.table(context, name);
        }
    }

    private static ControlPlan.Modes modes(SessionControl.TransactionModes modes) {
        return new ControlPlan.Modes(
                modes.isolation().map(i -> ControlPlan.IsolationLevel.valueOf(i.name())), modes.readOnly());
    }
}
