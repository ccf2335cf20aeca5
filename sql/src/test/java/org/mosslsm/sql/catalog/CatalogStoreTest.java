package org.mosslsm.sql.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.Transactions;
import org.mosslsm.sql.type.SqlType;

/** The catalog comes back from the store as it was, and descriptors of every format stay readable. */
class CatalogStoreTest {
    private final Store store = StoreProvider.openStore("mem:", Map.of());
    private final Transactions transactions = new Transactions(store);

    @AfterEach
    void close() {
        store.close();
    }

    private static Table table() {
        TableChange change = TableChange.create(11, "public", "everything");
        List<SqlType> types = List.of(
                SqlType.BIGINT,
                SqlType.decimal(10, 2),
                SqlType.varchar(5),
                SqlType.VARBINARY,
                SqlType.UUID,
                SqlType.DOUBLE,
                SqlType.BOOLEAN,
                SqlType.fractional(SqlType.Kind.TIMESTAMPTZ, 3),
                SqlType.DATE);
        Object[] missing = {
            Long.MIN_VALUE,
            new BigDecimal("1.50"),
            "a\"\\\u0000é\uD800\uDC00",
            new byte[] {0, -1},
            new UUID(-1, 5),
            Double.NaN,
            true,
            12L,
            null
        };
        for (int i = 0; i < types.size(); i++) {
            change.addColumn(new Column(
                    0,
                    "c" + i,
                    types.get(i),
                    i == 0,
                    i == 1 ? Optional.of("1.5 + 0") : Optional.empty(),
                    i == 0 ? Optional.of(new Column.Identity(true, 20)) : Optional.empty(),
                    missing[i],
                    i == 2 ? Optional.of("what \"it\" is") : Optional.empty()));
        }
        change.primary(index(12, "everything_pkey", true, new Index.Key(1, false, false)));
        change.index(
                index(13, "everything_c2_idx", false, new Index.Key(3, true, true), new Index.Key(2, false, true)));
        change.foreignKey(new ForeignKey(
                "everything_fkey",
                11,
                List.of(1),
                11,
                List.of(1),
                12,
                ForeignKey.Action.SET_DEFAULT,
                ForeignKey.Action.NO_ACTION,
                Optional.of("refers to itself")));
        change.check(new CheckConstraint("sane", "c1 > 0 AND c2 <> 'x'", List.of(2, 3), Optional.of("it's sane")));
        change.comment(Optional.of("a table"));
        Table first = change.build();
        return first.change().dropColumn(9).build();
    }

    private static Index index(int id, String name, boolean unique, Index.Key... keys) {
        Index index = new Index(
                id, name, List.of(keys), unique, unique, unique ? List.of() : List.of(4), Index.State.READY, !unique);
        return index.withNullsNotDistinct(unique)
                .withComments(new Index.Comments(
                        Optional.of("index " + id), unique ? Optional.of("a key") : Optional.empty()));
    }

    private static Catalog catalog() {
        return Catalog.empty()
                .withSchema("other", Optional.of("the other"))
                .withTable(table())
                .withView(new View(
                                14,
                                "other",
                                "v",
                                List.of("a", "b"),
                                "SELECT 1 AS a, 2 AS b",
                                List.of("x", "other"),
                                List.of(
                                        new ViewStar(
                                                3,
                                                8,
                                                List.of(
                                                        new ViewStar.Meant("t", "a", 11, 4),
                                                        new ViewStar.Meant("", "b", 0, 0))),
                                        new ViewStar(4, 1, List.of())),
                                Optional.of("a view"))
                        .withColumnComment("b", Optional.of("its second column")))
                .withSequence(new Sequence(20, "public", "s", 5, -2, Long.MIN_VALUE, 5, true, 7, OptionalInt.of(11))
                        .withComment(Optional.of("down")))
                .withSequence(new Sequence(21, "other", "t", 1, 1, 1, 9, false, 1, OptionalInt.empty()))
                .nextVersion();
    }

    private void write(Catalog before, Catalog after) {
        try (Transaction tx = transactions.begin()) {
            CatalogStore.write(tx, before, after, Set.of());
            tx.commit();
        }
    }

    private Catalog load() {
        try (Transaction tx = transactions.begin()) {
            return CatalogStore.load(tx);
        }
    }

    private Catalog load(KnownDescriptors known) {
        try (Transaction tx = transactions.begin()) {
            return CatalogStore.load(tx, known);
        }
    }

    private static void assertAlike(Catalog expected, Catalog actual) {
        assertEquals(expected.version(), actual.version());
        assertEquals(expected.schemas(), actual.schemas());
        expected.schemas().forEach(s -> assertEquals(expected.schemaComment(s), actual.schemaComment(s)));
        assertEquals(List.copyOf(expected.views()), List.copyOf(actual.views()));
        assertEquals(List.copyOf(expected.sequences()), List.copyOf(actual.sequences()));
        assertEquals(expected.tables().size(), actual.tables().size());
        for (Table table : expected.tables()) {
            Table read = actual.table(table.id()).orElseThrow();
            assertEquals(
                    table.toString().replaceAll("\\[B@\\w+", "bytes"),
                    read.toString().replaceAll("\\[B@\\w+", "bytes"));
        }
    }

    @Test
    void anEmptyStoreHasTheEmptyCatalog() {
        assertAlike(Catalog.empty(), load());
    }

    @Test
    void everythingComesBack() {
        Catalog catalog = catalog();
        write(Catalog.empty(), catalog);

        Catalog read = load();

        assertAlike(catalog, read);
        assertArrayEquals(new byte[] {0, -1}, (byte[]) read.table("public", "everything")
                .orElseThrow()
                .columns()
                .get(3)
                .missingValue());
        assertEquals(2, read.table(11).orElseThrow().rowVersions().size());
    }

    @Test
    void whatDidNotChangeIsNotTakenApartAgain() {
        write(Catalog.empty(), catalog());
        KnownDescriptors known = new KnownDescriptors();
        Catalog first = load(known);
        Sequence changed = first.sequence(20).orElseThrow().withComment(Optional.of("up"));
        Catalog next =
                first.withSequence(changed).withoutView(14).withoutSequence(21).nextVersion();
        write(first, next);

        Catalog second = load(known);

        assertAlike(next, second);
        assertSame(first.table(11).orElseThrow(), second.table(11).orElseThrow(), "the table was read again");
        write(next, first.nextVersion().nextVersion());
        assertAlike(first.nextVersion().nextVersion(), load(known));
    }

    @Test
    void changesAndRemovalsAreWritten() {
        Catalog first = catalog();
        write(Catalog.empty(), first);
        Catalog second = first.withoutView(14)
                .withoutSequence(21)
                .withoutSchema("other")
                .withTable(table().change().name("renamed").build())
                .nextVersion();
        write(first, second);
        assertAlike(second, load());

        Catalog third = second.withoutTable(11).withoutSequence(20).nextVersion();
        write(second, third);
        assertAlike(third, load());
    }

    @Test
    void namesShareOneSpaceAndAreFound() {
        Catalog catalog = catalog();
        assertEquals(
                11,
                catalog.tableOfIndex("public", "everything_c2_idx")
                        .orElseThrow()
                        .id());
        assertEquals(
                12, catalog.index("public", "everything_pkey").orElseThrow().id());
        assertTrue(catalog.isTaken("public", "s"));
        assertTrue(catalog.table("other", "everything").isEmpty());
        assertEquals(1, catalog.referencing(11).size());
        assertThrows(
                IllegalArgumentException.class,
                () -> catalog.withView(new View(
                        30, "public", "s", List.of(), "SELECT 1", List.of("public"), List.of(), Optional.empty())));
    }

    @Test
    void aViewWrittenBeforeItsStarsWereKeptHasNone() {
        View view = catalog().view("other", "v").orElseThrow();
        assertEquals(view, Descriptors.view(Descriptors.view(view, 1)));
        ObjectNode older = Descriptors.view(view, 1);
        older.remove("stars");
        assertEquals(List.of(), Descriptors.view(older).stars());
        assertEquals(view.columns(), Descriptors.view(older).columns());
    }

    @Test
    void whatWasWrittenBeforeItsCommentsWereKeptHasNone() {
        Sequence sequence = catalog().sequence(20).orElseThrow();
        assertEquals(sequence, Descriptors.sequence(Descriptors.sequence(sequence, 1)));
        ObjectNode olderSequence = Descriptors.sequence(sequence, 1);
        olderSequence.remove("comment");
        assertEquals(sequence.withComment(Optional.empty()), Descriptors.sequence(olderSequence));

        View view = catalog().view("other", "v").orElseThrow();
        ObjectNode olderView = Descriptors.view(view, 1);
        olderView.remove("columnComments");
        assertEquals(view.withColumnComment("b", Optional.empty()), Descriptors.view(olderView));

        ObjectNode olderTable = Descriptors.table(table(), 1);
        ((ObjectNode) olderTable.path("primary")).remove(List.of("comment", "constraintComment"));
        ((ObjectNode) olderTable.path("foreignKeys").get(0)).remove("comment");
        ((ObjectNode) olderTable.path("checks").get(0)).remove("comment");
        Table read = Descriptors.table(olderTable);
        assertEquals(Index.Comments.NONE, read.primary().comments());
        assertEquals(Optional.empty(), read.foreignKeys().get(0).comment());
        assertEquals(Optional.empty(), read.checks().get(0).comment());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aDescriptorOfEachFormatIsReadable(int format) throws IOException {
        byte[] golden;
        try (InputStream in = CatalogStoreTest.class.getResourceAsStream("table-format-" + format + ".json")) {
            golden = in.readAllBytes();
        }
        Table read = Descriptors.table(Descriptors.parse("table", golden));
        assertEquals(
                new String(golden, StandardCharsets.UTF_8).strip(),
                new String(Descriptors.bytes(Descriptors.table(read, 3)), StandardCharsets.UTF_8));
    }

    @Test
    void aTableWithAnIndexOfNullsNotDistinctIsOfFormatTwo() {
        Table with = table();
        Table without = with.change()
                .primary(with.primary().withNullsNotDistinct(false))
                .build();
        assertEquals(1, Descriptors.table(without, 1).path("format").intValue());
        assertEquals(2, Descriptors.table(with, 1).path("format").intValue());
        Index second = with.indexes().get(0).withNullsNotDistinct(true);
        Table other = without.change().dropIndex(second.id()).index(second).build();
        assertEquals(2, Descriptors.table(other, 1).path("format").intValue());
        assertEquals(1, Descriptors.object(1).path("format").intValue());
    }

    /** It was so between two releases. */
    @Test
    void anIndexOfNullsNotDistinctIsReadInFormatOneToo() {
        ObjectNode older = Descriptors.table(table(), 1);
        older.put("format", 1);
        Table read = Descriptors.table(Descriptors.parse("table", Descriptors.bytes(older)));
        assertTrue(read.primary().nullsNotDistinct());
    }

    @Test
    void aNewerFormatIsRefusedAsSuch() {
        write(Catalog.empty(), catalog());
        try (Transaction tx = transactions.begin()) {
            tx.put(
                    CatalogStore.tableKey(11),
                    "{\"format\":3,\"schema\":\"public\",\"name\":\"t\"}".getBytes(StandardCharsets.UTF_8));
            tx.commit();
        }
        StoreOpenException refused = assertThrows(StoreOpenException.class, this::load);
        assertEquals(StoreOpenException.Reason.NEWER_FORMAT, refused.reason());
        assertEquals(
                "descriptor of table \"public.t\" has format 3; this version reads formats 1 to 2: use a newer version",
                refused.getMessage());
    }

    @Test
    void whatIsNoDescriptorIsDamage() {
        write(Catalog.empty(), catalog());
        for (String bad : List.of("", "{", "[]", "{\"format\":0}", "{\"format\":1}", "\u0000\u0001")) {
            try (Transaction tx = transactions.begin()) {
                tx.put(CatalogStore.tableKey(11), bad.getBytes(StandardCharsets.UTF_8));
                tx.commit();
            }
            assertThrows(CorruptionException.class, this::load, bad);
        }
    }
}
