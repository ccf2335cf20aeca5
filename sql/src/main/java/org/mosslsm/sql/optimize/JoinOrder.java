// In which order relations are joined.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mosslsm.sql.error.Cancellation;

/**
 * Finds the order of a left-deep join: by dynamic programming over sets of relations up to ten of them, else greedily.
 * The hash join may turn its sides round at each step, so that the smaller one is built whichever it is.
 *
 * <pre>
 * best way to one relation        read it alone
 * best way to a set S + r         over all r: best way to S, then r; by a connecting equality where there is one,
 *                                 a product only when nothing else is left, or when r is one row
 * rows of S + r                   do not depend on the way: estimated once a set
 * </pre>
 *
 * <p>Only costs are compared here: no plan is built before the order is known. What a lookup of r costs depends on the
 * terms it is given, and is asked once for each set of them.
 */
final class JoinOrder {
    /** Up to this many relations all orders are compared: 2^10 sets. */
    private static final int MOST_COMPARED = 10;
    /** A relation of at most so many rows may be multiplied in early. */
    private static final double ONE_ROW = 1.5;

    private final JoinGraph graph;
    private final JoinMethods methods;
    private final Map<BitSet, JoinMethods.Price> prices = new HashMap<>();

    JoinOrder(JoinGraph graph, JoinMethods methods) {
        this.graph = graph;
        this.methods = methods;
    }

    /** The relations in the order in which they are joined. */
    int[] find() {
        return graph.size() <= MOST_COMPARED ? compared() : greedy();
    }

    // ---- all orders

    private static final class State {
        double cost = Double.POSITIVE_INFINITY;
        double rows = -1;
        int last = -1;
    }

    private int[] compared() {
        int n = graph.size();
        State[] states = new State[1 << n];
        for (int i = 0; i < n; i++) {
            State s = new State();
            s.cost = graph.leaf(i).cost();
            s.rows = graph.leaf(i).rows();
            s.last = i;
            states[1 << i] = s;
        }
        for (int set = 1; set < states.length; set++) {
            if (states[set] != null) {
                extend(states, set);
            }
        }
        int[] order = new int[n];
        int set = states.length - 1;
        for (int i = n - 1; i >= 0; i--) {
            order[i] = states[set].last;
            set &= ~(1 << order[i]);
        }
        return order;
    }

    private void extend(State[] states, int set) {
        Cancellation.ask();
        State from = states[set];
        BitSet joined = BitSet.valueOf(new long[] {set});
        boolean anyConnected = false;
        for (int next = 0; next < graph.size(); next++) {
            anyConnected |= !joined.get(next) && graph.isConnected(joined, next);
        }
        for (int next = 0; next < graph.size(); next++) {
            boolean product = !joined.get(next) && !graph.isConnected(joined, next);
            if (joined.get(next) || (product && anyConnected && graph.leaf(next).rows() > ONE_ROW)) {
                continue;
            }
            List<Integer> terms = graph.applicable(joined, next);
            int with = set | 1 << next;
            if (states[with] == null) {
                states[with] = new State();
            }
            State to = states[with];
            double rows = graph.rows(from.rows, next, terms);
            double cost = from.cost + step(from.rows, next, terms) + rows * JoinMethods.GIVEN;
            if (to.rows < 0) {
                to.rows = rows;
            }
            if (cost < to.cost) {
                to.cost = cost;
                to.last = next;
            }
        }
    }

    private double step(double leftRows, int next, List<Integer> terms) {
        BitSet key = key(next, terms);
        JoinMethods.Price price = prices.get(key);
        if (price == null) {
            price = methods.price(graph, next, terms);
            prices.put(key, price);
        }
        return price.cost(leftRows, graph.leaf(next));
    }

    private BitSet key(int next, List<Integer> terms) {
        BitSet key = new BitSet(graph.terms() + graph.size());
        for (int t : terms) {
            key.set(t);
        }
        key.set(graph.terms() + next);
        return key;
    }

    /** What adding {@code next} to those joined costs, where the search came by it. */
    Optional<JoinMethods.Price> price(BitSet joined, int next) {
        return prices.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(prices.get(key(next, graph.applicable(joined, next))));
    }

    // ---- many relations

    /** Begins with the smallest and always adds the one that keeps the result smallest, connected ones first. */
    private int[] greedy() {
        int n = graph.size();
        int[] order = new int[n];
        Arrays.fill(order, -1);
        order[0] = graph.smallest();
        BitSet joined = new BitSet();
        joined.set(order[0]);
        double rows = graph.leaf(order[0]).rows();
        for (int i = 1; i < n; i++) {
            Cancellation.ask();
            int best = -1;
            boolean bestConnected = false;
            double bestRows = 0;
            for (int next : remaining(joined)) {
                boolean connected = graph.isConnected(joined, next);
                if (bestConnected && !connected) {
                    continue;
                }
                double given = graph.rows(rows, next, graph.applicable(joined, next));
                if (best < 0 || (connected && !bestConnected) || given < bestRows) {
                    best = next;
                    bestConnected = connected;
                    bestRows = given;
                }
            }
            order[i] = best;
            joined.set(best);
            rows = bestRows;
        }
        return order;
    }

    private List<Integer> remaining(BitSet joined) {
        List<Integer> remaining = new ArrayList<>();
        for (int i = joined.nextClearBit(0); i < graph.size(); i = joined.nextClearBit(i + 1)) {
            remaining.add(i);
        }
        return remaining;
    }
}
