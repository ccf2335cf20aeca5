package org.mosslsm.sql.expr;

import static org.mosslsm.sql.expr.NumericFunctions.inUnit;
import static org.mosslsm.sql.expr.NumericFunctions.unary;
import static org.mosslsm.sql.type.SqlType.DOUBLE;

import java.util.List;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.FunctionBody.Binary;
import org.mosslsm.sql.type.Numbers;

/** Trigonometry in degrees, exact where the result is: {@code sind(30)} is 0.5. */
final class DegreeFunctions {
    private DegreeFunctions() {}

    static void register(Functions.Registrar r) {
        unary(r, "sind", DegreeFunctions::sin);
        unary(r, "cosd", d -> sin(Math.IEEEremainder(finite(d), 360) + 90));
        unary(r, "tand", DegreeFunctions::tan);
        unary(r, "cotd", DegreeFunctions::cot);
        unary(r, "asind", v -> arc(Math.asin(inUnit(v))));
        unary(r, "acosd", v -> arc(Math.acos(inUnit(v))));
        unary(r, "atand", v -> arc(Math.atan(v)));
        r.add("atan2d", DOUBLE, List.of(DOUBLE, DOUBLE), (Binary) (y, x) -> arc(Math.atan2((Double) y, (Double) x)));
    }

    private static double sin(double degrees) {
        double d = Math.IEEEremainder(finite(degrees), 360); // exact
        double a = Math.abs(d);
        double acute = a > 90 ? 180 - a : a;
        double sin =
                acute == 30 ? 0.5 : acute > 45 ? Math.cos(Math.toRadians(90 - acute)) : Math.sin(Math.toRadians(acute));
        return d < 0 ? 0.0 - sin : sin;
    }

    private static double tan(double degrees) {
        double d = Math.IEEEremainder(finite(degrees), 180);
        double a = Math.abs(d);
        double tan = a == 45 ? 1 : a == 90 ? Double.POSITIVE_INFINITY : Math.tan(Math.toRadians(a));
        return d < 0 ? 0.0 - tan : tan;
    }

    private static double cot(double degrees) {
        double d = Math.IEEEremainder(finite(degrees), 180);
        double a = Math.abs(d);
        double cot = a == 45 ? 1 : a == 90 ? 0 : a == 0 ? Double.POSITIVE_INFINITY : 1 / Math.tan(Math.toRadians(a));
        return d < 0 ? 0.0 - cot : cot;
    }

    /** Radians of an inverse in degrees: those of 30, 45, 60 and their like are whole. */
    private static double arc(double radians) {
        double degrees = Math.toDegrees(radians);
        double whole = Math.rint(degrees);
        return whole % 15 == 0 && Math.abs(degrees - whole) < 1e-13 ? whole : degrees;
    }

    private static double finite(double degrees) {
        if (Double.isInfinite(degrees)) {
            throw SqlException.outOfRange("input is out of range: " + Numbers.formatDouble(degrees));
        }
        return degrees;
    }
}
