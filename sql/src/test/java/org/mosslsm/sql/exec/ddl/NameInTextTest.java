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
                "c.c > c . c | c.\"d\" > c . \"d\"",
                "c '1' < CAST(c AS c) + c::C | c '1' < CAST(\"d\" AS c) + \"d\"::C",
                "EXTRACT(c FROM c) + (c) | EXTRACT(c FROM \"d\") + (\"d\")",
                "'c | 'c",
                "1e5 + 2*c | 1e5 + 2*\"d\"",
                "c > 1 /* c /* c */ of c */ OR c < 0 -- and c | \"d\" > 1 /* c /* c */ of c */ OR \"d\" < 0 -- and c",
                "E'it\\'s c' = c OR e'c\\\\' = c | E'it\\'s c' = \"d\" OR e'c\\\\' = \"d\"",
                "c = $$c 'c$$ OR c = $c$ $$ c $c$ OR c$ = c | \"d\" = $$c 'c$$ OR \"d\" = $c$ $$ c $c$ OR c$ = \"d\"",
                "N'c' = c OR X'0c' = b OR c /* :: */ ::c = '(' | N'c' = \"d\" OR X'0c' = b OR \"d\" /* :: */ ::c = '('",
                "EXTRACT(/* the */ c FROM c) = c /* ( */ -- ' | EXTRACT(/* the */ c FROM \"d\") = \"d\" /* ( */ -- '",
                "e\u0301c + c\u0301 + \u00E9c + c\u00A0+ 1 | e\u0301c + c\u0301 + \u00E9c + \"d\"\u00A0+ 1"
            })
    void onlyTheColumnIsRenamed(String before, String after) {
        assertEquals(after, NameInText.replace(before, "c", "d"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "c.c > 'c.c' | \"d\".c > 'c.c'",
                "s.C.c + c.c.c + c + x.c | s.\"d\".c + c.\"d\".c + c + x.c",
                "\"c\" . x + \"C\".x | \"d\" . x + \"C\".x",
                "c.x > 1 -- c.x | \"d\".x > 1 -- c.x",
                "c /* c. */ . x = $$c.x$$ OR c.x = E'\\'c.x' | \"d\" /* c. */ . x = $$c.x$$ OR \"d\".x = E'\\'c.x'"
            })
    void onlyTheTableIsRenamed(String before, String after) {
        assertEquals(after, NameInText.replaceTable(before, "c", "d"));
    }
}
