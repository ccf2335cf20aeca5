package org.mosslsm.sql.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;

/** A store that tells of its cursors, so that a test fails or cancels a scan at the place it means. */
public final class HookedScans {
    /** Called before each method of each cursor; what it throws, the scan throws. */
    public interface Hook {
        /** The method's name. */
        void at(String method);
    }

    private HookedScans() {}

    /** The store, with the hook in the cursors of its snapshots. */
    public static Store of(Store store, Hook hook) {
        return proxy(Store.class, store, result -> result instanceof Snapshot s ? of(s, hook) : result);
    }

    private static Snapshot of(Snapshot snapshot, Hook hook) {
        return proxy(Snapshot.class, snapshot, result -> result instanceof Cursor c ? of(c, hook) : result);
    }

    private static Cursor of(Cursor cursor, Hook hook) {
        return (Cursor) Proxy.newProxyInstance(
                Cursor.class.getClassLoader(), new Class<?>[] {Cursor.class}, (proxy, method, arguments) -> {
                    hook.at(method.getName());
                    return call(cursor, method, arguments);
                });
    }

    /** What becomes of the result of a method. */
    private interface Wrapping {
        Object of(Object result);
    }

    private static <T> T proxy(Class<T> type, T target, Wrapping wrapping) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> wrapping.of(call(target, method, arguments))));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
