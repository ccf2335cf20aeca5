package org.mosslsm.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Collects figures by row and engine and writes them: a Markdown table of medians with ratios, a second one with
 * latency, allocation and processor time, and a raw CSV. A ratio above 1 always means that MossLSM is ahead. Not
 * thread-safe.
 */
public final class Results {
    private static final String OURS = "moss";

    private final List<String> engines;
    private final String rival;
    private final Map<String, Map<String, List<Figure>>> byRow = new LinkedHashMap<>();
    private final List<String> csv = new ArrayList<>();

    /**
     * Nothing collected yet.
     *
     * @param engines the columns, in their order
     * @param rival the engine with a ratio column of its own, where it is among them
     */
    public Results(List<String> engines, String rival) {
        this.engines = engines;
        this.rival = rival;
        csv.add("round,engine,row,unit,value,p50_us,p999_us,bytes_per_op,cpu_us_per_op");
    }

    /** Takes in one figure. */
    public void add(int round, String engine, Figure f) {
        byRow.computeIfAbsent(f.row(), r -> new LinkedHashMap<>())
                .computeIfAbsent(engine, e -> new ArrayList<>())
                .add(f);
        csv.add(String.format(
                Locale.ROOT,
                "%d,%s,%s,%s,%s,%s,%s,%s,%s",
                round,
                engine,
                f.row(),
                f.unit(),
                f.value(),
                f.p50(),
                f.p999(),
                f.allocated(),
                f.cpuMicros()));
    }

    /** The raw figures, one a line. */
    public void writeCsv(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, csv);
    }

    /** Both tables; the rows where MossLSM is behind are named below the first. */
    public String markdown() {
        StringBuilder out = new StringBuilder();
        boolean withRival = engines.contains(rival);
        out.append("| row | unit | ").append(String.join(" | ", engines));
        out.append(withRival ? " | moss/" + rival : "").append(" | moss/best |\n|---|---|");
        out.append("---|".repeat(engines.size() + (withRival ? 2 : 1))).append('\n');
        List<String> behind = new ArrayList<>();
        byRow.forEach((row, figures) -> {
            Figure any = figures.values().iterator().next().get(0);
            out.append("| ").append(row).append(" | ").append(any.unit()).append(" |");
            for (String engine : engines) {
                out.append(' ')
                        .append(number(median(figures.get(engine), Figure::value)))
                        .append(" |");
            }
            if (withRival) {
                out.append(' ')
                        .append(ratio(figures, List.of(rival), any.isRate()))
                        .append(" |");
            }
            String best = ratio(figures, engines, any.isRate());
            out.append(' ').append(best).append(" |\n");
            if (best.startsWith("*")) {
                behind.add(row + " (" + best.replace("*", "") + ")");
            }
        });
        out.append("\nBehind the best of them: ");
        out.append(behind.isEmpty() ? "none" : String.join(", ", behind)).append(".\n\n");
        details(out);
        return out.toString();
    }

    private void details(StringBuilder out) {
        out.append("p50 / p99.9 in us, bytes allocated per operation, us of processor time per operation:\n\n| row | ");
        out.append(String.join(" | ", engines))
                .append(" |\n|---|")
                .append("---|".repeat(engines.size()))
                .append('\n');
        byRow.forEach((row, figures) -> {
            Figure any = figures.values().iterator().next().get(0);
            if (!any.isRate()) {
                return;
            }
            out.append("| ").append(row).append(" |");
            for (String engine : engines) {
                List<Figure> f = figures.get(engine);
                out.append(' ').append(number(median(f, Figure::p50)));
                out.append(" / ").append(number(median(f, Figure::p999)));
                out.append(", ").append(number(median(f, Figure::allocated)));
                out.append(" B, ").append(number(median(f, Figure::cpuMicros))).append(" |");
            }
            out.append('\n');
        });
    }

    private static String ratio(Map<String, List<Figure>> figures, List<String> rivals, boolean rate) {
        double ours = median(figures.get(OURS), Figure::value);
        double best = Double.NaN;
        for (String engine : rivals) {
            double theirs = median(figures.get(engine), Figure::value);
            boolean better = rate ? theirs > best : theirs < best;
            if (!engine.equals(OURS) && !Double.isNaN(theirs) && (Double.isNaN(best) || better)) {
                best = theirs;
            }
        }
        double ratio = rate ? ours / best : best / ours;
        if (Double.isNaN(ratio)) {
            return "-";
        }
        String text = String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%,.0f", ratio);
        return ratio < 1 ? "**" + text + "**" : text;
    }

    private static double median(List<Figure> figures, ToDoubleFunction<Figure> what) {
        if (figures == null) {
            return Double.NaN;
        }
        double[] sorted = figures.stream().mapToDouble(what).sorted().toArray();
        int n = sorted.length;
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }
}
