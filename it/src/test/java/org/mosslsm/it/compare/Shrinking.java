package org.mosslsm.it.compare;

import java.util.function.Predicate;

/** Makes scripts smaller that show a difference. */
final class Shrinking {
    private Shrinking() {}

    /** The smallest script found that still differs, of so many tried at the most. */
    static Script shrunk(Script script, Predicate<Script> differs, int mostTries) {
        Script smallest = script;
        int tries = 0;
        boolean smaller = true;
        while (smaller && tries < mostTries) {
            smaller = false;
            for (Script candidate : smallest.smaller()) {
                if (tries++ < mostTries && differs.test(candidate)) {
                    smallest = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }
}
