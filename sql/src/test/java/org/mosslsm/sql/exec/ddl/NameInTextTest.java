package org.mosslsm.sql.exec.ddl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Renaming the column {@code c} to {@code d} in the text of a check. */
class NameInTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "c > 0 | \"d\" > 0",
                "C>0 AND(c)<5 | \"d\">0 AND(\"d\")<5",
                "cc + c1 + c_ + _c | cc + c1 + c_ + _c",
                "x = 'c' AND c = 'it''s c' | x = 'c' AND \"d\" = 'it''s c'",
                "\"c\" + \"C\" + \"c\"\"\" | \"d\" + \"C\" + \"c\"\"\"",
                "c(c) + c (1) | c(\"d\") + c (1)",
                "t.c IS NOT NULL | t.\"d\" IS NOT NULL",
                "'c | 'c",
                "1e5 + 2c | 1e5 + 2\"d\""
            })
    void onlyTheColumnIsRenamed(String before, String after) {
        assertEquals(after, NameInText.replace(before, "c", "d"));
    }
}
