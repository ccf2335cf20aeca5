// The catalog as JSON.
package org.mosslsm.sql.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.TypeNames;

/**
 * Writes and reads the descriptors of catalog objects. Each is one JSON object with the number of its format; fields are
 * added over time, never given another meaning, and a reader ignores those it does not know. One that it must not ignore
 * comes with a greater format, which only the descriptors that have the field are written in.
 */
final class Descriptors {
    /** What is written where nothing asks for a newer one, so that older programs read it. */
    private static final int FIRST_FORMAT = 1;

    /** Of a table with an index of NULLS NOT DISTINCT, whose entries a program that does not know of it would misread. */
    private static final int NULLS_NOT_DISTINCT_FORMAT = 2;

    /** The newest that can be read. */
    private static final int NEWEST_FORMAT = NULLS_NOT_DISTINCT_FORMAT;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Descriptors() {}

    static ObjectNode object(long catalogVersion) {
        ObjectNode node = JSON.createObjectNode();
        node.put("format", FIRST_FORMAT);
        // Makes every write of a descriptor a change of its bytes, for those who watch it.
        node.put("catalogVersion", catalogVersion);
        return node;
    }

    static byte[] bytes(ObjectNode node) {
        try {
            return JSON.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Parses a descriptor.
     *
     * @param what it describes
     * @throws IllegalArgumentException where it is none
     * @throws StoreOpenException where it is newer than this program
     */
    static JsonNode parse(String what, byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            int format = node.path("format").asInt(0);
            if (format < FIRST_FORMAT) {
                throw new IllegalArgumentException("descriptor format " + format);
            }
            if (format > NEWEST_FORMAT) {
                throw new StoreOpenException(
                        StoreOpenException.Reason.NEWER_FORMAT,
                        "descriptor of " + what + nameIn(node) + " has format " + format
                                + "; this version reads formats " + FIRST_FORMAT + " to " + NEWEST_FORMAT
                                + ": use a newer version",
                        null);
            }
            return node;
        } catch (IOException e) {
            throw new IllegalArgumentException("descriptor is not JSON", e);
        }
    }

    /** The name that a descriptor of a later format most likely still has. */
    private static String nameIn(JsonNode node) {
        String name = node.path("name").asText("");
        String schema = node.path("schema").asText("");
        return name.isEmpty() ? "" : " \"" + (schema.isEmpty() ? "" : schema + ".") + name + "\"";
    }

    // ---- tables

    static ObjectNode table(Table t, long catalogVersion) {
        ObjectNode node = object(catalogVersion);
        if (t.primary().nullsNotDistinct() || t.indexes().stream().anyMatch(Index::nullsNotDistinct)) {
            node.put("format", NULLS_NOT_DISTINCT_FORMAT);
        }
        node.put("id", t.id());
        node.put("schema", t.schema());
        node.put("name", t.name());
        node.put("nextColumnId", t.nextColumnId());
        t.comment().ifPresent(c -> node.put("comment", c));
        ArrayNode columns = node.putArray("columns");
        t.columns().forEach(c -> column(columns.addObject(), c));
        index(node.putObject("primary"), t.primary());
        ArrayNode indexes = node.putArray("indexes");
        t.indexes().forEach(i -> index(indexes.addObject(), i));
        ArrayNode foreignKeys = node.putArray("foreignKeys");
        t.foreignKeys().forEach(f -> foreignKey(foreignKeys.addObject(), f));
        ArrayNode checks = node.putArray("checks");
        for (CheckConstraint check : t.checks()) {
            ObjectNode c = checks.addObject();
            c.put("name", check.name());
            c.put("text", check.text());
            ids(c.putArray("columns"), check.columnIds());
            check.comment().ifPresent(m -> c.put("comment", m));
        }
        ArrayNode versions = node.putArray("rowVersions");
        for (RowVersion version : t.rowVersions()) {
            ObjectNode v = versions.addObject();
            v.put("number", version.number());
            ArrayNode stored = v.putArray("columns");
            for (RowVersion.Stored s : version.columns()) {
                stored.addObject().put("id", s.columnId()).put("type", s.type().toString());
            }
        }
        return node;
    }

    static Table table(JsonNode node) {
        return new Table(
                number(node, "id"),
                text(node, "schema"),
                text(node, "name"),
                list(node, "columns", Descriptors::column),
                number(node, "nextColumnId"),
                index(field(node, "primary")),
                list(node, "indexes", Descriptors::index),
                list(node, "foreignKeys", Descriptors::foreignKey),
                list(
                        node,
                        "checks",
                        c -> new CheckConstraint(
                                text(c, "name"),
                                text(c, "text"),
                                list(c, "columns", JsonNode::intValue),
                                optional(c, "comment"))),
                list(
                        node,
                        "rowVersions",
                        v -> new RowVersion(
                                number(v, "number"),
                                list(v, "columns", s -> new RowVersion.Stored(number(s, "id"), type(s))))),
                optional(node, "comment"));
    }

    private static void column(ObjectNode node, Column c) {
        node.put("id", c.id());
        node.put("name", c.name());
        node.put("type", c.type().toString());
        node.put("notNull", c.notNull());
        c.defaultText().ifPresent(d -> node.put("default", d));
        c.identity()
                .ifPresent(i ->
                        node.putObject("identity").put("always", i.always()).put("sequence", i.sequenceId()));
        if (c.missingValue() != null) {
            node.put("missing", Constants.text(c.missingValue()));
        }
        c.comment().ifPresent(m -> node.put("comment", m));
    }

    private static Column column(JsonNode node) {
        SqlType type = type(node);
        Optional<Column.Identity> identity = Optional.ofNullable(node.get("identity"))
                .map(i -> new Column.Identity(field(i, "always").booleanValue(), number(i, "sequence")));
        return new Column(
                number(node, "id"),
                text(node, "name"),
                type,
                field(node, "notNull").booleanValue(),
                optional(node, "default"),
                identity,
                node.has("missing") ? Constants.value(type, text(node, "missing")) : null,
                optional(node, "comment"));
    }

    private static void index(ObjectNode node, Index i) {
        node.put("id", i.id());
        node.put("name", i.name());
        node.put("unique", i.unique());
        node.put("constraint", i.constraint());
        node.put("state", i.state().name());
        ArrayNode keys = node.putArray("keys");
        for (Index.Key k : i.keys()) {
            keys.addObject()
                    .put("column", k.columnId())
                    .put("descending", k.descending())
                    .put("nullable", k.nullable());
        }
        ids(node.putArray("include"), i.include());
        node.put("automatic", i.automatic());
        if (i.nullsNotDistinct()) {
            node.put("nullsNotDistinct", true);
        }
        i.where().ifPresent(w -> {
            ObjectNode where = node.putObject("where").put("text", w.text());
            ids(where.putArray("columns"), w.columnIds());
        });
        i.comments().index().ifPresent(c -> node.put("comment", c));
        i.comments().constraint().ifPresent(c -> node.put("constraintComment", c));
    }

    private static Index index(JsonNode node) {
        return new Index(
                number(node, "id"),
                text(node, "name"),
                list(
                        node,
                        "keys",
                        k -> new Index.Key(
                                number(k, "column"),
                                field(k, "descending").booleanValue(),
                                field(k, "nullable").booleanValue())),
                field(node, "unique").booleanValue(),
                field(node, "constraint").booleanValue(),
                list(node, "include", JsonNode::intValue),
                Index.State.valueOf(text(node, "state")),
                field(node, "automatic").booleanValue(),
                Optional.ofNullable(node.get("where"))
                        .map(w -> new Index.Where(text(w, "text"), list(w, "columns", JsonNode::intValue))),
                new Index.Comments(optional(node, "comment"), optional(node, "constraintComment")),
                node.path("nullsNotDistinct").booleanValue());
    }

    private static void foreignKey(ObjectNode node, ForeignKey f) {
        node.put("name", f.name());
        node.put("child", f.childTableId());
        ids(node.putArray("columns"), f.columnIds());
        node.put("parent", f.parentTableId());
        ids(node.putArray("parentColumns"), f.parentColumnIds());
        node.put("parentIndex", f.parentIndexId());
        node.put("onDelete", f.onDelete().name());
        node.put("onUpdate", f.onUpdate().name());
        f.comment().ifPresent(c -> node.put("comment", c));
    }

    private static ForeignKey foreignKey(JsonNode node) {
        return new ForeignKey(
                text(node, "name"),
                number(node, "child"),
                list(node, "columns", JsonNode::intValue),
                number(node, "parent"),
                list(node, "parentColumns", JsonNode::intValue),
                number(node, "parentIndex"),
                ForeignKey.Action.valueOf(text(node, "onDelete")),
                ForeignKey.Action.valueOf(text(node, "onUpdate")),
                optional(node, "comment"));
    }

    // ---- views, sequences, schemas

    static ObjectNode view(View v, long catalogVersion) {
        ObjectNode node = object(catalogVersion);
        node.put("id", v.id());
        node.put("schema", v.schema());
        node.put("name", v.name());
        ArrayNode columns = node.putArray("columns");
        v.columns().forEach(columns::add);
        node.put("text", v.text());
        ArrayNode path = node.putArray("path");
        v.path().forEach(path::add);
        ArrayNode stars = node.putArray("stars");
        v.stars().forEach(s -> star(s, stars.addObject()));
        v.comment().ifPresent(c -> node.put("comment", c));
        if (!v.columnComments().isEmpty()) {
            ObjectNode comments = node.putObject("columnComments");
            v.columnComments().forEach(comments::put);
        }
        return node;
    }

    static View view(JsonNode node) {
        return new View(
                number(node, "id"),
                text(node, "schema"),
                text(node, "name"),
                list(node, "columns", JsonNode::textValue),
                text(node, "text"),
                // A view made before paths were kept looks in its own schema.
                node.has("path") ? list(node, "path", JsonNode::textValue) : List.of(text(node, "schema")),
                node.has("stars") ? list(node, "stars", Descriptors::star) : List.of(),
                optional(node, "comment"),
                columnComments(node));
    }

    private static SortedMap<String, String> columnComments(JsonNode view) {
        SortedMap<String, String> comments = new TreeMap<>();
        view.path("columnComments")
                .properties()
                .forEach(c -> comments.put(c.getKey(), c.getValue().textValue()));
        return comments;
    }

    private static void star(ViewStar s, ObjectNode node) {
        node.put("line", s.line());
        node.put("column", s.column());
        ArrayNode columns = node.putArray("columns");
        for (ViewStar.Meant m : s.columns()) {
            ObjectNode column = columns.addObject();
            column.put("relation", m.relation());
            column.put("name", m.name());
            if (m.table() != 0) {
                column.put("table", m.table());
                column.put("id", m.id());
            }
        }
    }

    private static ViewStar star(JsonNode node) {
        return new ViewStar(
                number(node, "line"),
                number(node, "column"),
                list(
                        node,
                        "columns",
                        m -> new ViewStar.Meant(
                                text(m, "relation"),
                                text(m, "name"),
                                m.has("table") ? number(m, "table") : 0,
                                m.has("id") ? number(m, "id") : 0)));
    }

    static ObjectNode sequence(Sequence s, long catalogVersion) {
        ObjectNode node = object(catalogVersion);
        node.put("id", s.id());
        node.put("schema", s.schema());
        node.put("name", s.name());
        node.put("start", s.start());
        node.put("increment", s.increment());
        node.put("min", s.minValue());
        node.put("max", s.maxValue());
        node.put("cycle", s.cycle());
        node.put("cache", s.cache());
        s.ownerTableId().ifPresent(o -> node.put("owner", o));
        s.comment().ifPresent(c -> node.put("comment", c));
        return node;
    }

    static Sequence sequence(JsonNode node) {
        return new Sequence(
                number(node, "id"),
                text(node, "schema"),
                text(node, "name"),
                field(node, "start").longValue(),
                field(node, "increment").longValue(),
                field(node, "min").longValue(),
                field(node, "max").longValue(),
                field(node, "cycle").booleanValue(),
                field(node, "cache").longValue(),
                node.has("owner") ? OptionalInt.of(number(node, "owner")) : OptionalInt.empty(),
                optional(node, "comment"));
    }

    static ObjectNode schema(Optional<String> comment, long catalogVersion) {
        ObjectNode node = object(catalogVersion);
        comment.ifPresent(c -> node.put("comment", c));
        return node;
    }

    // ---- parts

    static JsonNode field(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw new IllegalArgumentException("descriptor without \"" + name + "\"");
        }
        return value;
    }

    static String text(JsonNode node, String name) {
        return field(node, name).textValue();
    }

    static int number(JsonNode node, String name) {
        return field(node, name).intValue();
    }

    static Optional<String> optional(JsonNode node, String name) {
        return Optional.ofNullable(node.get(name)).map(JsonNode::textValue);
    }

    private static SqlType type(JsonNode node) {
        String name = text(node, "type");
        return TypeNames.parse(name).orElseThrow(() -> new IllegalArgumentException("unknown type " + name));
    }

    private static void ids(ArrayNode array, List<Integer> ids) {
        ids.forEach(array::add);
    }

    private static <T> List<T> list(JsonNode node, String name, Function<JsonNode, T> element) {
        List<T> list = new ArrayList<>();
        field(node, name).forEach(e -> list.add(element.apply(e)));
        return list;
    }
}
