// Statistics in the store.
package org.mosslsm.sql.encode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.ColumnStatistics;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableStatistics;

/**
 * Writes statistics as they are kept, and reads them.
 *
 * <pre>
 * 05 table:u32    {"format": 1, "rows": n, "bytes": n, "columns": [{"id": n, "type": kind and lengths,
 *                  "nulls": share, "distinct": n, "common": [value], "shares": [share], "bounds": [value]}]}
 * value           the encoding of a NOT NULL key column, in base 64
 * </pre>
 *
 * <p>Nothing depends on them but the choice of plans: what cannot be read is as if it were not there.
 */
public final class StatisticsStore {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FORMAT = 1;

    private StatisticsStore() {}

    /** The key under which the statistics of a table lie. */
    public static byte[] key(Table table) {
        int id = table.id();
        return new byte[] {
            (byte) IndexKeys.STATISTICS, (byte) (id >>> 24), (byte) (id >>> 16), (byte) (id >>> 8), (byte) id
        };
    }

    /** The statistics as bytes. */
    public static byte[] write(TableStatistics statistics) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT).put("rows", statistics.rows()).put("bytes", statistics.bytes());
        ArrayNode columns = root.putArray("columns");
        statistics.columns().forEach((id, c) -> {
            KeyCodec codec = KeyCodec.of(c.type(), false, false);
            ObjectNode node = columns.addObject();
            node.put("id", id).put("type", c.type().toString());
            node.put("nulls", c.nulls()).put("distinct", c.distinct());
            values(node.putArray("common"), c.common(), codec);
            ArrayNode shares = node.putArray("shares");
            c.shares().forEach(shares::add);
            values(node.putArray("bounds"), c.bounds(), codec);
        });
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("statistics cannot be written", e);
        }
    }

    private static void values(ArrayNode into, List<Object> values, KeyCodec codec) {
        values.forEach(v -> into.add(Base64.getEncoder().encodeToString(codec.encode(v))));
    }

    /** What was written; columns that have another type now are left out. Empty where it cannot be read. */
    public static Optional<TableStatistics> read(Table table, byte[] bytes) {
        try {
            JsonNode root = JSON.readTree(bytes);
            if (root.path("format").asInt() != FORMAT) {
                return Optional.empty();
            }
            Map<Integer, ColumnStatistics> columns = new HashMap<>();
            for (JsonNode node : root.path("columns")) {
                for (Column column : table.columns()) {
                    if (column.id() == node.path("id").asInt()
                            && column.type().toString().equals(node.path("type").asText())) {
                        columns.put(column.id(), column(column, node));
                    }
                }
            }
            return Optional.of(new TableStatistics(
                    root.path("rows").asLong(), root.path("bytes").asLong(), columns));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static ColumnStatistics column(Column column, JsonNode node) {
        KeyCodec codec = KeyCodec.of(column.type(), false, false);
        List<Double> shares = new ArrayList<>();
        node.path("shares").forEach(s -> shares.add(s.asDouble()));
        return new ColumnStatistics(
                column.type(),
                node.path("nulls").asDouble(),
                node.path("distinct").asDouble(),
                values(node.path("common"), codec),
                shares,
                values(node.path("bounds"), codec));
    }

    private static List<Object> values(JsonNode from, KeyCodec codec) {
        List<Object> values = new ArrayList<>();
        from.forEach(v -> values.add(codec.decode(Base64.getDecoder().decode(v.asText()), 0)));
        return values;
    }
}
