package org.mosslsm.kv;

import java.util.List;
import java.util.Optional;

/**
 * What a store measures about itself, at one moment.
 *
 * @param metrics in a stable order, names unique
 */
public record StoreMetrics(List<Metric> metrics) {
    /**
     * One figure.
     *
     * @param name dotted lower-case name, stable across releases
     * @param unit {@code bytes}, {@code count}, {@code micros}, {@code text} ...
     * @param value the figure; for the unit {@code text} a word
     */
    public record Metric(String name, String unit, Object value) {}

    /** Freezes the list. */
    public StoreMetrics {
        metrics = List.copyOf(metrics);
    }

    /** The value of the numeric metric {@code name}, if there is one. */
    public Optional<Long> number(String name) {
        return metrics.stream()
                .filter(m -> m.name().equals(name) && m.value() instanceof Number)
                .map(m -> ((Number) m.value()).longValue())
                .findFirst();
    }
}
