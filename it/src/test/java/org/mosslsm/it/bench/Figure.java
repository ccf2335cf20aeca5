package org.mosslsm.it.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * One measured figure of one row, as a child process prints it for the one that collects.
 *
 * @param row name of the row
 * @param unit {@link #PER_SECOND}, where more is better; anything else (ms, x) is better when it is less
 * @param value the figure
 * @param p50 median duration of an operation in microseconds, NaN where single operations were not timed
 * @param p999 the duration that 1 of 1,000 operations exceeds, in microseconds, or NaN
 * @param allocated bytes that the measuring threads allocated on the Java heap per operation, or NaN
 * @param cpuMicros processor time of the whole process (background work and JIT included) per operation, or NaN
 */
public record Figure(
        String row, String unit, double value, double p50, double p999, double allocated, double cpuMicros) {
    /** Unit of rates. */
    public static final String PER_SECOND = "/s";

    private static final String MARK = "FIGURE";

    /** A figure that is not a rate. */
    public static Figure of(String row, String unit, double value) {
        return new Figure(row, unit, value, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    /** Prints it for the parent. */
    public void print() {
        System.out.println(String.join(
                "\t",
                MARK,
                row,
                unit,
                Double.toString(value),
                Double.toString(p50),
                Double.toString(p999),
                Double.toString(allocated),
                Double.toString(cpuMicros)));
    }

    /** Reads a line that {@link #print} wrote; empty for any other. */
    public static Optional<Figure> read(String line) {
        String[] w = line.split("\t", -1);
        if (w.length != 8 || !w[0].equals(MARK)) {
            return Optional.empty();
        }
        return Optional.of(new Figure(
                w[1],
                w[2],
                Double.parseDouble(w[3]),
                Double.parseDouble(w[4]),
                Double.parseDouble(w[5]),
                Double.parseDouble(w[6]),
                Double.parseDouble(w[7])));
    }

    /** Whether more is better. */
    public boolean isRate() {
        return unit.equals(PER_SECOND);
    }

    @Override
    public String toString() {
        String text = String.format(Locale.ROOT, "%s %,.3f %s", row, value, unit);
        if (!Double.isNaN(p50)) {
            text += String.format(Locale.ROOT, ", p50 %.2f us, p99.9 %.1f us", p50, p999);
        }
        if (!Double.isNaN(cpuMicros)) {
            text += String.format(Locale.ROOT, ", %.0f B/op, %.2f us CPU/op", allocated, cpuMicros);
        }
        return text;
    }
}
