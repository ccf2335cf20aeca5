package org.mosslsm.sql.expr;

import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * Counts the looks of a match: now and then it asks whether the statement was cancelled, and at a bound it raises 54001. One
 * thread at a time.
 */
final class RegexWatch {
    private static final int LOOKS_PER_ROUND = 1 << 16;

    /** A plan is not held up by folding constants: what takes longer is left to the run. Tenths of a second. */
    private static final int MOST_ROUNDS_FOLDING = 1 << 8;

    /**
     * 67 million looks, a second or two, and 32,768 for each character: what takes the square of its string ends up to 65,000
     * characters. A trap takes twice as long for each character more, and so is given up early where the string is short.
     */
    private static final int MOST_ROUNDS = 1 << 10;

    private static final int CHARACTERS_PER_ROUND = 2;

    /** A million looks, some milliseconds, and 64 for each character: what is no trap takes a few. */
    private static final int SUSPECT_ROUNDS = 1 << 4;

    private static final int CHARACTERS_PER_SUSPECT_ROUND = 1 << 10;

    private final EvalContext context;
    private final int most;
    private final int suspect;
    private int looks;
    private int rounds;

    RegexWatch(int length, EvalContext context) {
        this.context = context;
        this.most = context == EvalContext.none() ? MOST_ROUNDS_FOLDING : MOST_ROUNDS + length / CHARACTERS_PER_ROUND;
        this.suspect = SUSPECT_ROUNDS + length / CHARACTERS_PER_SUSPECT_ROUND;
    }

    /**
     * A look at a character, or a step of a program.
     *
     * @return whether a round of looks is over
     * @throws SqlException 57014 when the statement was cancelled
     */
    boolean look() {
        if (++looks < LOOKS_PER_ROUND) {
            return false;
        }
        looks = 0;
        rounds++;
        context.checkCancelled();
        return true;
    }

    /** Whether there were more looks than a match takes that is no trap. */
    boolean suspicious() {
        return rounds >= suspect;
    }

    /** @throws SqlException 54001 for more looks than any match may take */
    void checkBound() {
        if (rounds >= most) {
            throw new SqlException(SqlState.TOO_COMPLEX, "the regular expression takes too long to match");
        }
    }

    /** @throws SqlException 54001 where a plan would be held up; a run has no bound but its cancellation */
    void checkFolding() {
        if (context == EvalContext.none()) {
            checkBound();
        }
    }
}
