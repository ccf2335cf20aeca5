// EXPLAIN (FORMAT JSON).
package org.mosslsm.sql.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.mosslsm.sql.expr.Subplan;

/**
 * Writes a plan for programs to read.
 *
 * <pre>
 * {"statement": "insert into t",              what is done with the rows; left out for a query
 *  "parts": ["returning ..."],                ON CONFLICT and RETURNING, where they have subqueries
 *  "subqueries": [plans],                     of the statement and these, where there are any
 *  "with": [{"name": "d", "statement": ...}], the changes of WITH, each as a statement with its name
 *  "plan": {"node": "hash join",              which operator
 *           "text": the line of EXPLAIN,
 *           "expectedRows": 12,
 *           "loops": 1, "rows": 10, "millis": 0.12,       with ANALYZE; memory and files of this node alone
 *           "heldBytes": 1024, "spilledFiles": 0, "spilledRows": 0, "spilledBytes": 0,
 *           "inputs": [plans], "subqueries": [plans]}}    where there are any
 * </pre>
 */
public final class ExplainJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Function<PhysicalPlan, NodeFigures> figures;
    private final Set<PhysicalPlan> commonQueries = Collections.newSetFromMap(new IdentityHashMap<>());

    private ExplainJson(Function<PhysicalPlan, NodeFigures> figures) {
        this.figures = figures;
    }

    /** The document, indented. */
    public static String text(StatementPlan<PhysicalPlan> statement, Function<PhysicalPlan, NodeFigures> figures) {
        ObjectNode root = new ExplainJson(figures).statement(statement);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a plan cannot be written", e);
        }
    }

    private ObjectNode statement(StatementPlan<PhysicalPlan> statement) {
        if (statement instanceof StatementPlan.WithChanges<PhysicalPlan> s) {
            return withChanges(s);
        }
        ObjectNode node = JSON.createObjectNode();
        if (!(statement instanceof StatementPlan.Query<PhysicalPlan>)) {
            node.put("statement", Explain.lines(statement).get(0));
        }
        PhysicalPlan source = Explain.source(statement);
        if (source != null) {
            node.set("plan", node(source));
        }
        Explain.change(statement).ifPresent(change -> {
            if (!change.parts.isEmpty()) {
                change.parts.forEach(node.putArray("parts")::add);
            }
            plans(node, "subqueries", change.subplans);
        });
        return node;
    }

    private ObjectNode withChanges(StatementPlan.WithChanges<PhysicalPlan> s) {
        commonQueries.addAll(Explain.givenBy(s));
        ObjectNode node = statement(s.main());
        ArrayNode with = node.putArray("with");
        for (StatementPlan.CommonChange<PhysicalPlan> c : s.changes()) {
            with.addObject().put("name", c.name()).setAll(statement(c.change()));
        }
        return node;
    }

    private ObjectNode node(PhysicalPlan plan) {
        List<Subplan> subplans = new ArrayList<>();
        String text = Explain.describe(plan, subplans);
        NodeFigures f = figures.apply(plan);
        ObjectNode node = JSON.createObjectNode();
        node.put("node", name(plan)).put("text", text).put("expectedRows", f.count());
        if (f.ran()) {
            node.put("loops", f.loops()).put("rows", f.rows()).put("millis", (double) f.nanos() / 1e6);
            NodeFigures.Memory m = f.memory();
            node.put("heldBytes", m.heldBytes())
                    .put("spilledFiles", m.files())
                    .put("spilledRows", m.spilledRows())
                    .put("spilledBytes", m.spilledBytes());
        }
        plans(node, "inputs", Explain.inputs(plan, commonQueries));
        plans(node, "subqueries", subplans);
        return node;
    }

    private void plans(ObjectNode node, String name, List<? extends Subplan> plans) {
        if (plans.isEmpty()) {
            return;
        }
        ArrayNode array = node.putArray(name);
        for (Subplan p : plans) {
            if (p instanceof PhysicalPlan physical) {
                array.add(node(physical));
            }
        }
    }

    /** HashJoin as "hash join". */
    private static String name(PhysicalPlan plan) {
        StringBuilder name = new StringBuilder();
        for (char c : plan.getClass().getSimpleName().toCharArray()) {
            if (Character.isUpperCase(c) && name.length() > 0) {
                name.append(' ');
            }
            name.append(Character.toLowerCase(c));
        }
        return name.toString();
    }
}
