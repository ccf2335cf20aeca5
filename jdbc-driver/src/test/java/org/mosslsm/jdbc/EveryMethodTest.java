package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every method of every interface either works or throws an SQLException, and what is not supported says so with
 * SQLFeatureNotSupportedException and 0A001: tools fall back on that class only, and pools drop a connection on 0A000.
 */
class EveryMethodTest {
    @Test
    void throwsNothingButSqlExceptions() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Class<?> face : List.of(
                Connection.class,
                Statement.class,
                PreparedStatement.class,
                CallableStatement.class,
                ResultSet.class,
                DatabaseMetaData.class)) {
            int called = 0;
            for (Method method : face.getMethods()) {
                if (!java.lang.reflect.Modifier.isStatic(method.getModifiers())
                        && method.getDeclaringClass().getName().startsWith("java.sql")) {
                    call(face, method, wrong);
                    called++;
                }
            }
            assertTrue(called > 20, face + ": " + called);
        }
        assertEquals(List.of(), wrong);
    }

    private static void call(Class<?> face, Method method, List<String> wrong) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:mosslsm:mem:");
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement("SELECT ?");
                CallableStatement call = connection.prepareCall("{? = call abs(?)}")) {
            call.setInt(2, -1);
            call.execute();
            prepared.setString(1, "1");
            try (ResultSet rs = prepared.executeQuery()) {
                rs.next();
                Map<Class<?>, Object> targets = Map.of(
                        Connection.class, connection,
                        Statement.class, statement,
                        PreparedStatement.class, prepared,
                        CallableStatement.class, call,
                        ResultSet.class, rs,
                        DatabaseMetaData.class, connection.getMetaData());
                method.invoke(targets.get(face), arguments(method));
            }
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            boolean fine = cause instanceof SQLFeatureNotSupportedException unsupported
                    ? "0A001".equals(unsupported.getSQLState())
                    : cause instanceof SQLException sql && !"XX000".equals(sql.getSQLState());
            if (!fine) {
                wrong.add(method + ": " + cause);
            }
        }
    }

    @Test
    void whatIsClosedAnswersNothingButThatItIs() throws Exception {
        Set<String> answers =
                Set.of("close", "isClosed", "isValid", "abort", "isWrapperFor", "beginRequest", "endRequest");
        List<String> answered = new ArrayList<>();
        Connection connection = DriverManager.getConnection("jdbc:mosslsm:mem:");
        PreparedStatement statement = connection.prepareStatement("SELECT 1");
        ResultSet rs = statement.executeQuery();
        assertTrue(rs.next());
        rs.close();
        statement.close();
        connection.close();
        Map<Class<?>, Object> closed =
                Map.of(ResultSet.class, rs, PreparedStatement.class, statement, Connection.class, connection);
        for (Map.Entry<Class<?>, Object> target : closed.entrySet()) {
            for (Method method : target.getKey().getMethods()) {
                if (method.isDefault() || answers.contains(method.getName())) {
                    continue; // what the interface itself says of names and quotes needs no object
                }
                try {
                    method.invoke(target.getValue(), arguments(method));
                    answered.add(method.toString());
                } catch (InvocationTargetException e) {
                    if (!(e.getCause() instanceof SQLException)) {
                        answered.add(method + ": " + e.getCause());
                    }
                }
            }
        }
        assertEquals(List.of(), answered);
    }

    private static Object[] arguments(Method method) {
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = argument(types[i]);
        }
        return arguments;
    }

    private static Object argument(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 1;
        }
        if (type == long.class) {
            return 1L;
        }
        if (type == short.class) {
            return (short) 1;
        }
        if (type == byte.class) {
            return (byte) 1;
        }
        if (type == float.class) {
            return 1f;
        }
        if (type == double.class) {
            return 1d;
        }
        if (type == String.class) {
            return "SELECT 1";
        }
        return type == Class.class ? String.class : null;
    }
}
