// The words and symbols of MossLSM's SQL; MossSqlParser.g4 says what they make.
//
// Quoted text and comments are scanned by hand, so in linear time (@members). A test checks that every keyword is in
// exactly one of the rules of MossSqlParser that say where it may be a name.
lexer grammar MossSqlLexer;

options { caseInsensitive = true; }

@members {
/** Rest of a token quoted by `quote`, whose doubling stands for itself; the opening quote is consumed. */
private void quoted(int quote, boolean backslash) {
    while (true) {
        int c = _input.LA(1);
        if (c == EOF) {
            _type = UNTERMINATED;
            return;
        }
        getInterpreter().consume(_input);
        if (c == quote) {
            if (_input.LA(1) != quote) {
                return;
            }
            getInterpreter().consume(_input);
        } else if (c == '\\' && backslash && _input.LA(1) != EOF) {
            getInterpreter().consume(_input);
        }
    }
}

/** Rest of a string, and of those that go on with it on later lines: 'a' and, below it, 'b' are 'ab'. */
private void string() {
    quoted('\'', false);
    StringBuilder joined = null;
    for (int next = pastBlanks(1); isNextPart(next); next = pastBlanks(1)) {
        joined = joined == null ? new StringBuilder(getText()) : joined;
        joined.setLength(joined.length() - 1);
        joined.append(taken(next).substring(1));
    }
    if (joined != null) {
        setText(joined.toString());
    }
}

/** Whether a string begins at LA(next), with a newline between here and there. */
private boolean isNextPart(int next) {
    boolean newline = false;
    for (int k = 1; k < next; k++) {
        newline |= _input.LA(k) == '\n' || _input.LA(k) == '\r';
    }
    return newline && _input.LA(next) == '\'';
}

/** The string that begins at LA(next), consumed. */
private String taken(int next) {
    for (int k = 1; k < next; k++) {
        getInterpreter().consume(_input);
    }
    int from = _input.index();
    getInterpreter().consume(_input);
    quoted('\'', false);
    return _input.getText(org.antlr.v4.runtime.misc.Interval.of(from, _input.index() - 1));
}

/** The first of LA(k), LA(k + 1), ... that is no blank and in no comment to the end of a line. */
private int pastBlanks(int k) {
    while (true) {
        int c = _input.LA(k);
        if (c == '-' && _input.LA(k + 1) == '-') {
            while (_input.LA(k) != '\n' && _input.LA(k) != '\r' && _input.LA(k) != EOF) {
                k++;
            }
        } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
            k++;
        } else {
            return k;
        }
    }
}

/** UESCAPE and its string, if they follow; the string is added to the token's text, after a blank. */
private void escapeClause() {
    String word = "uescape";
    int next = pastBlanks(1);
    for (int i = 0; i < word.length(); i++) {
        if ((_input.LA(next + i) | 0x20) != word.charAt(i)) {
            return;
        }
    }
    next = pastBlanks(next + word.length());
    if (_input.LA(next) == '\'' && _type != UNTERMINATED) {
        String text = getText();
        setText(text + ' ' + taken(next));
    }
}

/** Rest of a dollar quote; the opening tag is consumed and is the token's text so far. */
private void dollarQuoted() {
    String tag = getText();
    int matched = 0;
    while (matched < tag.length()) {
        int c = _input.LA(1);
        if (c == EOF) {
            _type = UNTERMINATED;
            return;
        }
        getInterpreter().consume(_input);
        // A dollar occurs in the tag only at its ends, so a mismatch restarts at this character or not at all.
        matched = c == tag.charAt(matched) ? matched + 1 : c == tag.charAt(0) ? 1 : 0;
    }
}

/** Rest of a block comment; they nest. */
private void blockComment() {
    for (int depth = 1; depth > 0; ) {
        int c = _input.LA(1);
        if (c == EOF) {
            _type = UNTERMINATED;
            return;
        }
        getInterpreter().consume(_input);
        if (c == '*' && _input.LA(1) == '/') {
            getInterpreter().consume(_input);
            depth--;
        } else if (c == '/' && _input.LA(1) == '*') {
            getInterpreter().consume(_input);
            depth++;
        }
    }
    skip();
}
}

// ---------------------------------------------------------------------------------------------- keywords

ABORT : 'ABORT' ; ACTION : 'ACTION' ; ADD : 'ADD' ; ALL : 'ALL' ; ALTER : 'ALTER' ; ALWAYS : 'ALWAYS' ; ANALYZE : 'ANALYZE' ;
AND : 'AND' ; ANY : 'ANY' ; ARRAY : 'ARRAY' ; AS : 'AS' ; ASC : 'ASC' ; ASYMMETRIC : 'ASYMMETRIC' ; AT : 'AT' ;
AUTHORIZATION : 'AUTHORIZATION' ; AUTO_INCREMENT : 'AUTO_INCREMENT' ; BEGIN : 'BEGIN' ; BETWEEN : 'BETWEEN' ;
BINARY : 'BINARY' ; BOTH : 'BOTH' ; BY : 'BY' ; CACHE : 'CACHE' ; CALL : 'CALL' ; CASCADE : 'CASCADE' ;
CASE : 'CASE' ; CAST : 'CAST' ; CHAIN : 'CHAIN' ; CHAR : 'CHAR' ; CHARACTER : 'CHARACTER' ; CHARACTERISTICS : 'CHARACTERISTICS' ;
CHECK : 'CHECK' ; CLUSTER : 'CLUSTER' ; COLLATE : 'COLLATE' ; COLUMN : 'COLUMN' ; COMMENT : 'COMMENT' ;
COMMIT : 'COMMIT' ; COMMITTED : 'COMMITTED' ; CONCURRENTLY : 'CONCURRENTLY' ; CONFLICT : 'CONFLICT' ;
CONSTRAINT : 'CONSTRAINT' ; CONSTRAINTS : 'CONSTRAINTS' ; CONTINUE : 'CONTINUE' ; CREATE : 'CREATE' ; CROSS : 'CROSS' ;
CURRENT_CATALOG : 'CURRENT_CATALOG' ; CURRENT_DATE : 'CURRENT_DATE' ; CURRENT_SCHEMA : 'CURRENT_SCHEMA' ;
CURRENT_TIME : 'CURRENT_TIME' ; CURRENT_TIMESTAMP : 'CURRENT_TIMESTAMP' ; CURRENT_USER : 'CURRENT_USER' ;
CYCLE : 'CYCLE' ; DATA : 'DATA' ; DATABASE : 'DATABASE' ; DATE : 'DATE' ; DAY : 'DAY' ; DEFAULT : 'DEFAULT' ;
DEFERRABLE : 'DEFERRABLE' ; DEFERRED : 'DEFERRED' ; DELETE : 'DELETE' ; DESC : 'DESC' ; DISABLE : 'DISABLE' ;
DISCARD : 'DISCARD' ;
DISTINCT : 'DISTINCT' ; DO : 'DO' ; DOUBLE : 'DOUBLE' ; DROP : 'DROP' ; ELSE : 'ELSE' ; ENABLE : 'ENABLE' ;
END : 'END' ; ESCAPE : 'ESCAPE' ; EXCEPT : 'EXCEPT' ; EXISTS : 'EXISTS' ; EXPLAIN : 'EXPLAIN' ;
EXTENSION : 'EXTENSION' ; EXTRACT : 'EXTRACT' ; FALSE : 'FALSE' ; FETCH : 'FETCH' ; FILTER : 'FILTER' ;
FIRST : 'FIRST' ; FOR : 'FOR' ; FOREIGN : 'FOREIGN' ; FROM : 'FROM' ; FULL : 'FULL' ; FUNCTION : 'FUNCTION' ;
GENERATED : 'GENERATED' ; GRANT : 'GRANT' ; GROUP : 'GROUP' ; HAVING : 'HAVING' ; HOUR : 'HOUR' ;
IDENTITY : 'IDENTITY' ; IF : 'IF' ; ILIKE : 'ILIKE' ; IMMEDIATE : 'IMMEDIATE' ; IN : 'IN' ; INCLUDE : 'INCLUDE' ;
INCREMENT : 'INCREMENT' ; INDEX : 'INDEX' ; INITIALLY : 'INITIALLY' ; INNER : 'INNER' ; INSERT : 'INSERT' ;
INTERSECT : 'INTERSECT' ; INTERVAL : 'INTERVAL' ; INTO : 'INTO' ; IS : 'IS' ; ISNULL : 'ISNULL' ; ISOLATION : 'ISOLATION' ;
JOIN : 'JOIN' ; KEY : 'KEY' ; LARGE : 'LARGE' ; LAST : 'LAST' ; LATERAL : 'LATERAL' ; LEADING : 'LEADING' ;
LEFT : 'LEFT' ; LEVEL : 'LEVEL' ; LIKE : 'LIKE' ; LIMIT : 'LIMIT' ; LOCAL : 'LOCAL' ; LOCALTIME : 'LOCALTIME' ;
LOCALTIMESTAMP : 'LOCALTIMESTAMP' ; LOCK : 'LOCK' ; LOCKED : 'LOCKED' ; MATCH : 'MATCH' ; MATERIALIZED : 'MATERIALIZED' ;
MAXVALUE : 'MAXVALUE' ; MINUTE : 'MINUTE' ; MINVALUE : 'MINVALUE' ; MONTH : 'MONTH' ; NAME : 'NAME' ;
NATIONAL : 'NATIONAL' ; NATURAL : 'NATURAL' ; NEXT : 'NEXT' ; NO : 'NO' ; NORMALIZED : 'NORMALIZED' ; NOT : 'NOT' ; NOTHING : 'NOTHING' ;
NOTNULL : 'NOTNULL' ; NOWAIT : 'NOWAIT' ; NULL : 'NULL' ; NULLS : 'NULLS' ; OBJECT : 'OBJECT' ; OF : 'OF' ; OFFSET : 'OFFSET' ; ON : 'ON' ;
ONLY : 'ONLY' ; OR : 'OR' ; ORDER : 'ORDER' ; OUTER : 'OUTER' ; OVER : 'OVER' ; OVERLAPS : 'OVERLAPS' ;
OVERLAY : 'OVERLAY' ; OVERRIDING : 'OVERRIDING' ; OWNED : 'OWNED' ; OWNER : 'OWNER' ; PLACING : 'PLACING' ;
POSITION : 'POSITION' ; PRECISION : 'PRECISION' ; PRIMARY : 'PRIMARY' ; PRIVILEGES : 'PRIVILEGES' ; READ : 'READ' ;
RECURSIVE : 'RECURSIVE' ; REFERENCES : 'REFERENCES' ; REINDEX : 'REINDEX' ; RELEASE : 'RELEASE' ; RENAME : 'RENAME' ;
REPEATABLE : 'REPEATABLE' ; REPLACE : 'REPLACE' ; REPLICA : 'REPLICA' ; RESET : 'RESET' ; RESTART : 'RESTART' ;
RESTRICT : 'RESTRICT' ; RETURNING : 'RETURNING' ; REVOKE : 'REVOKE' ; RIGHT : 'RIGHT' ; ROLE : 'ROLE' ;
ROLLBACK : 'ROLLBACK' ; ROW : 'ROW' ; ROWS : 'ROWS' ; SAVEPOINT : 'SAVEPOINT' ; SCHEMA : 'SCHEMA' ;
SECOND : 'SECOND' ; SELECT : 'SELECT' ; SEQUENCE : 'SEQUENCE' ; SERIALIZABLE : 'SERIALIZABLE' ; SESSION : 'SESSION' ;
SESSION_USER : 'SESSION_USER' ; SET : 'SET' ; SHARE : 'SHARE' ; SHOW : 'SHOW' ; SIMILAR : 'SIMILAR' ;
SIMPLE : 'SIMPLE' ; SKIP_ : 'SKIP' ;
SOME : 'SOME' ; START : 'START' ; STATISTICS : 'STATISTICS' ; STORAGE : 'STORAGE' ; SUBSTRING : 'SUBSTRING' ;
SYMMETRIC : 'SYMMETRIC' ; SYSTEM : 'SYSTEM' ; TABLE : 'TABLE' ; TABLESPACE : 'TABLESPACE' ; TEMP : 'TEMP' ; TEMPORARY : 'TEMPORARY' ;
THEN : 'THEN' ; TIES : 'TIES' ; TIME : 'TIME' ;
TIMESTAMP : 'TIMESTAMP' ; TO : 'TO' ; TRAILING : 'TRAILING' ; TRANSACTION : 'TRANSACTION' ; TRIM : 'TRIM' ;
TRUE : 'TRUE' ; TRUNCATE : 'TRUNCATE' ; TYPE : 'TYPE' ; UNCOMMITTED : 'UNCOMMITTED' ; UNION : 'UNION' ;
UNIQUE : 'UNIQUE' ; UNKNOWN : 'UNKNOWN' ; UNLOGGED : 'UNLOGGED' ; UPDATE : 'UPDATE' ; USER : 'USER' ; USING : 'USING' ; UUID : 'UUID' ;
VACUUM : 'VACUUM' ; VALID : 'VALID' ; VALIDATE : 'VALIDATE' ; VALUE : 'VALUE' ; VALUES : 'VALUES' ;
VARYING : 'VARYING' ; VIEW : 'VIEW' ; WHEN : 'WHEN' ; WHERE : 'WHERE' ; WINDOW : 'WINDOW' ; WITH : 'WITH' ;
WITHIN : 'WITHIN' ; WITHOUT : 'WITHOUT' ; WORK : 'WORK' ; WRITE : 'WRITE' ; YEAR : 'YEAR' ; ZONE : 'ZONE' ;

// ---------------------------------------------------------------------------------------------- symbols

SEMICOLON : ';' ; COMMA : ',' ; DOT : '.' ; LPAREN : '(' ; RPAREN : ')' ; QUESTION : '?' ;
EQ : '=' ; NEQ : '<>' | '!=' ; LT : '<' ; LTE : '<=' ; GT : '>' ; GTE : '>=' ;
PLUS : '+' ; MINUS : '-' ; STAR : '*' ; SLASH : '/' ; PERCENT : '%' ; CONCAT : '||' ; CAST_TO : '::' ;
CARET : '^' ; AMPERSAND : '&' ; PIPE : '|' ; HASH : '#' ; SHIFT_LEFT : '<<' ; SHIFT_RIGHT : '>>' ;
LBRACKET : '[' ; RBRACKET : ']' ;
NAMED : '=>' | ':=' ;
// PostgreSQL's spelling of LIKE and ILIKE.
LIKE_OP : '~~' ; NOT_LIKE_OP : '!~~' ; ILIKE_OP : '~~*' ; NOT_ILIKE_OP : '!~~*' ;
// Regular expressions; alone before an operand, ~ turns its bits round.
TILDE : '~' ; NOT_TILDE : '!~' ; TILDE_STAR : '~*' ; NOT_TILDE_STAR : '!~*' ;

// ---------------------------------------------------------------------------------------------- literals, names

INTEGER : DIGIT+ ;
DECIMAL : DIGIT+ '.' DIGIT* | '.' DIGIT+ ;
DOUBLE_LITERAL : (DIGIT+ ('.' DIGIT*)? | '.' DIGIT+) 'E' [+-]? DIGIT+ ;

// U&'...' has characters by their numbers, and the string of UESCAPE after it.
STRING : 'N'? '\'' { string(); } | 'U&\'' { string(); escapeClause(); } ;
ESCAPED_STRING : 'E' '\'' { quoted('\'', true); } ;
BINARY_STRING : [XB] '\'' { string(); } ;
DOLLAR_STRING : '$' (NAME_START NAME_PART*)? '$' { dollarQuoted(); } ;
QUOTED_IDENTIFIER : '"' { quoted('"', false); } | 'U&"' { quoted('"', false); escapeClause(); } ;
IDENTIFIER : NAME_START (NAME_PART | '$')* ;

LINE_COMMENT : '--' ~[\r\n]* -> skip ;
BLOCK_COMMENT : '/*' { blockComment(); } ;
SPACE : [ \t\r\n\f\u000B\u00A0\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF]+ -> skip ;

// What cannot be read, left to the parser to report with its place.
BAD_NUMBER : DIGIT+ ('.' DIGIT*)? NAME_START NAME_PART* ;
UNTERMINATED : '\u0000' ;
UNKNOWN_CHARACTER : . ;

fragment DIGIT : [0-9] ;
fragment NAME_START options { caseInsensitive = false; } :
    [A-Za-z_\u00AA\u00B5\u00BA\u00C0-\u1FFF\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF00-\uFFFD\u{10000}-\u{EFFFF}] ;
fragment NAME_PART : NAME_START | DIGIT ;
