// The catalog in the store.
package org.mosslsm.sql.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.txn.Transaction;

/**
 * Reads and writes the catalog within a transaction.
 *
 * <pre>
 * 01 'c'              format, version of the catalog
 * 01 's' name         a schema
 * 01 't' id:u32       a table with its columns, indexes and constraints
 * 01 'v' id:u32       a view
 * 01 'q' id:u32       a sequence (not its position)
 * 01 'm' id:u32       nothing: locked for a table by LOCK TABLE
 * </pre>
 *
 * The descriptor of a table stands for the table when it is locked: who writes rows holds it shared, who changes the
 * table alone. DDL holds the key of the version alone, so that there is one DDL transaction at a time.
 */
public final class CatalogStore {
    private static final byte SYSTEM = 0x01;

    private CatalogStore() {}

    /** Key of the version of the catalog. */
    public static byte[] versionKey() {
        return new byte[] {SYSTEM, 'c'};
    }

    /** Key of a table's descriptor. */
    public static byte[] tableKey(int tableId) {
        return idKey('t', tableId);
    }

    /** Key that is locked, and never written, by what only one may do to a table beside those who write to it. */
    public static byte[] maintenanceKey(int tableId) {
        return idKey('m', tableId);
    }

    private static byte[] idKey(char kind, int id) {
        return new byte[] {SYSTEM, (byte) kind, (byte) (id >>> 24), (byte) (id >>> 16), (byte) (id >>> 8), (byte) id};
    }

    private static int id(byte[] key) {
        return (key[2] & 0xFF) << 24 | (key[3] & 0xFF) << 16 | (key[4] & 0xFF) << 8 | (key[5] & 0xFF);
    }

    private static byte[] schemaKey(String schema) {
        byte[] name = schema.getBytes(StandardCharsets.UTF_8);
        byte[] key = Arrays.copyOf(new byte[] {SYSTEM, 's'}, name.length + 2);
        System.arraycopy(name, 0, key, 2, name.length);
        return key;
    }

    /** Version of the catalog that the transaction sees. */
    public static long version(Transaction tx) {
        byte[] head = tx.get(versionKey());
        return head == null
                ? 0
                : read("catalog", head, n -> Descriptors.field(n, "version")).longValue();
    }

    /** As {@link #load(Transaction, KnownDescriptors)}, where nothing was read before. */
    public static Catalog load(Transaction tx) {
        return load(tx, new KnownDescriptors());
    }

    /**
     * The catalog that the transaction sees.
     *
     * @param known what was read before, and then what was read now
     * @throws CorruptionException when a descriptor cannot be read
     * @throws org.mosslsm.kv.StoreOpenException when one is of a newer format
     */
    public static Catalog load(Transaction tx, KnownDescriptors known) {
        byte[] head = tx.get(versionKey());
        if (head == null) {
            return Catalog.empty();
        }
        JsonNode node = read("catalog", head, n -> n);
        KnownDescriptors.Reading reading = known.read();
        NavigableMap<String, Optional<String>> schemas = new TreeMap<>();
        NavigableMap<Integer, Table> tables = new TreeMap<>();
        NavigableMap<Integer, View> views = new TreeMap<>();
        NavigableMap<Integer, Sequence> sequences = new TreeMap<>();
        try (Cursor cursor = tx.scan(KeyRange.prefix(new byte[] {SYSTEM}), Cursor.Direction.FORWARD, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    byte[] key = batch.copyKey(i);
                    byte[] value = batch.copyValue(i);
                    switch (key[1]) {
                        case 's' -> {
                            String name = new String(key, 2, key.length - 2, StandardCharsets.UTF_8);
                            schemas.put(name, read("schema " + name, value, n -> Descriptors.optional(n, "comment")));
                        }
                        case 't' -> {
                            Table table = reading.object(
                                    Table.class, 't', id(key), value, () -> read("table", value, Descriptors::table));
                            tables.put(table.id(), table);
                        }
                        case 'v' -> {
                            View view = reading.object(
                                    View.class, 'v', id(key), value, () -> read("view", value, Descriptors::view));
                            views.put(view.id(), view);
                        }
                        case 'q' -> {
                            Sequence sequence = reading.object(
                                    Sequence.class,
                                    'q',
                                    id(key),
                                    value,
                                    () -> read("sequence", value, Descriptors::sequence));
                            sequences.put(sequence.id(), sequence);
                        }
                        default -> {
                            // The head, or what a later version keeps here.
                        }
                    }
                }
            }
        }
        reading.end();
        return new Catalog(Descriptors.field(node, "version").longValue(), schemas, tables, views, sequences);
    }

    private static <T> T read(String what, byte[] bytes, Function<JsonNode, T> reader) {
        try {
            return reader.apply(Descriptors.parse(what, bytes));
        } catch (IllegalArgumentException e) {
            throw new CorruptionException("catalog", -1, "descriptor of " + what + " is unreadable: " + e.getMessage());
        }
    }

    /**
     * Writes what changed from one catalog to the next.
     *
     * @param touched numbers of tables whose descriptors are written though they did not change, so that those who
     *     planned writes to them notice that something about them did (who refers to them)
     */
    public static void write(Transaction tx, Catalog before, Catalog after, Set<Integer> touched) {
        long version = after.version();
        ObjectNode head = Descriptors.object(version);
        head.put("version", version);
        tx.put(versionKey(), Descriptors.bytes(head));

        for (String schema : after.schemas()) {
            if (before.version() == 0
                    || !before.hasSchema(schema)
                    || !before.schemaComment(schema).equals(after.schemaComment(schema))) {
                tx.put(schemaKey(schema), Descriptors.bytes(Descriptors.schema(after.schemaComment(schema), version)));
            }
        }
        before.schemas().stream().filter(s -> !after.hasSchema(s)).forEach(s -> tx.delete(schemaKey(s)));

        Map<Integer, Table> tables = new TreeMap<>();
        after.tables().forEach(t -> tables.put(t.id(), t));
        for (Table old : before.tables()) {
            Table now = tables.get(old.id());
            if (now == null) {
                tx.delete(tableKey(old.id()));
            } else if (now.equals(old) && !touched.contains(old.id())) {
                tables.remove(old.id());
            }
        }
        tables.values().forEach(t -> tx.put(tableKey(t.id()), Descriptors.bytes(Descriptors.table(t, version))));

        Map<Integer, View> views = new TreeMap<>();
        after.views().forEach(v -> views.put(v.id(), v));
        for (View old : before.views()) {
            if (!views.containsKey(old.id())) {
                tx.delete(idKey('v', old.id()));
            } else if (views.get(old.id()).equals(old)) {
                views.remove(old.id());
            }
        }
        views.values().forEach(v -> tx.put(idKey('v', v.id()), Descriptors.bytes(Descriptors.view(v, version))));

        Map<Integer, Sequence> sequences = new TreeMap<>();
        after.sequences().forEach(s -> sequences.put(s.id(), s));
        for (Sequence old : before.sequences()) {
            if (!sequences.containsKey(old.id())) {
                tx.delete(idKey('q', old.id()));
            } else if (sequences.get(old.id()).equals(old)) {
                sequences.remove(old.id());
            }
        }
        sequences
                .values()
                .forEach(s -> tx.put(idKey('q', s.id()), Descriptors.bytes(Descriptors.sequence(s, version))));
    }
}
