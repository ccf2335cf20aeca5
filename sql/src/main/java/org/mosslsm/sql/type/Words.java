// Words in whatever case.
package org.mosslsm.sql.type;

import java.util.Locale;

/** Folds words that are compared with those the language knows. Stateless. */
public final class Words {
    /** No word that means something is longer: names have so many characters at the most. */
    private static final int LONGEST = 128;

    private Words() {}

    /**
     * The word in lower case; one that is longer than any that is known stays as it is. (Java looks in the whole of a word at
     * each capital sigma of it: a hostile one of megabytes would take hours.)
     */
    public static String lower(String word) {
        return word.length() > LONGEST ? word : word.toLowerCase(Locale.ROOT);
    }
}
