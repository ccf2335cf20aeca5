package org.mosslsm.sql.exec;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mosslsm.sql.expr.Subplan;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * The operators of one statement's plans, compiled when they are first asked for: those of its subqueries may never be.
 * Lives as long as the statement's plan and serves all its executions. Thread-safe: guarded by its monitor.
 */
public final class CompiledPlans {
    /** By identity: two equal plans are two plans, and comparing them would cost more than compiling. */
    private final Map<Subplan, Operator> operators = Collections.synchronizedMap(new IdentityHashMap<>());

    private final Map<Subplan, int[]> freeSlots = Collections.synchronizedMap(new IdentityHashMap<>());

    private final Map<Subplan, Boolean> volatiles = Collections.synchronizedMap(new IdentityHashMap<>());

    private final Map<Subplan, List<FreeSlots.Common>> commons = Collections.synchronizedMap(new IdentityHashMap<>());

    private final Optional<Profile> profile;

    /** Plans that run unobserved. */
    public CompiledPlans() {
        this.profile = Optional.empty();
    }

    /** Plans for one execution that {@code profile} watches. */
    public CompiledPlans(Profile profile) {
        this.profile = Optional.of(profile);
    }

    /** The operator of a physical plan. */
    public Operator operator(Subplan plan) {
        Operator operator = operators.get(plan);
        if (operator == null) {
            operator = new PlanCompiler(profile).compile((PhysicalPlan) plan);
            operators.put(plan, operator);
        }
        return operator;
    }

    /** Whether anything in a subquery gives another value each time. */
    boolean isVolatile(Subplan plan) {
        return volatiles.computeIfAbsent(plan, p -> FreeSlots.hasVolatile((PhysicalPlan) p));
    }

    /** The WITH queries used in a subquery that read slots, be they of the subquery or of one around it or within it. */
    List<FreeSlots.Common> commons(Subplan plan) {
        return commons.computeIfAbsent(plan, p -> FreeSlots.commons((PhysicalPlan) p));
    }

    /** The slots whose values decide what a subquery answers. */
    int[] freeSlots(Subplan plan) {
        return freeSlots.computeIfAbsent(plan, p -> FreeSlots.of((PhysicalPlan) p));
    }
}
