// The SQL of MossLSM: one combined grammar, one derivation for each statement.
//
// How it stays unambiguous and fast:
//  - Expressions are flat lists of operands and operators; `sql.parse` applies the precedence written at each rule.
//    Chains of OR, AND, NOT, signs and operators are loops, never recursion.
//  - What stands in parentheses is decided by its first token: SELECT, VALUES or WITH begin a query, anything else an
//    expression, or relation, that may turn out to be the first operand of a set operation (rule setTail).
//  - A word is reserved only where it would otherwise be taken for a name (rule reserved). Words of rule notBareAlias
//    are names, but not an alias without AS. A test checks that every keyword is in exactly one of these rules.
//  - Quoted text and comments are scanned by hand, so in linear time (@lexer::members).
grammar MossSql;

options { caseInsensitive = true; }

@lexer::members {
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

@parser::members {
/** Told of each row of VALUES as soon as it is read: it may build the row and drop the tree, 20 times its text's size. */
public java.util.function.Consumer<ValuesRowContext> onValuesRow = row -> {};
}

// ---------------------------------------------------------------------------------------------- entries

singleStatement : statement SEMICOLON* EOF ;
singleExpression : expression EOF ;
singleQuery : query EOF ;

statement
    : query                                                                             # queryStatement
    | explain                                                                           # explainStatement
    | insert                                                                            # insertStatement
    | update                                                                            # updateStatement
    | delete                                                                            # deleteStatement
    | TRUNCATE TABLE? tableName (COMMA tableName)*
        ((RESTART | CONTINUE) IDENTITY)? dropBehavior?                                  # truncate
    | createTable                                                                       # createTableStatement
    | CREATE (OR REPLACE)? VIEW ifNotExists? tableName columnList? AS query             # createView
    | CREATE UNIQUE? INDEX (ifNotExists? identifier)? ON ONLY? tableName (USING identifier)?
        LPAREN indexKey (COMMA indexKey)* RPAREN (INCLUDE columnList)? (WHERE expression)?  # createIndex
    | CREATE SCHEMA ifNotExists? identifier (AUTHORIZATION identifier)?                 # createSchema
    | CREATE SEQUENCE ifNotExists? tableName sequenceOption*                            # createSequence
    | DROP dropKind ifExists? qualifiedName (COMMA qualifiedName)* dropBehavior?        # drop
    | ALTER TABLE ifExists? ONLY? tableName alterAction (COMMA alterAction)*            # alterTable
    | COMMENT ON commentTarget IS (STRING | NULL)                                       # comment
    | (BEGIN | START TRANSACTION) (WORK | TRANSACTION)? transactionModes?               # begin
    | (COMMIT | END) (WORK | TRANSACTION)?                                              # commit
    | ROLLBACK (WORK | TRANSACTION)? (TO SAVEPOINT? identifier)?                        # rollback
    | SAVEPOINT identifier                                                              # savepoint
    | RELEASE SAVEPOINT? identifier                                                     # release
    | set                                                                               # setStatement
    | RESET (ALL | dottedName)                                                          # reset
    | SHOW (ALL | TIME ZONE | TRANSACTION ISOLATION LEVEL | dottedName)                 # show
    | ANALYZE tableName?                                                                # analyze
    ;

explain
    : EXPLAIN (ANALYZE | LPAREN explainOption (COMMA explainOption)* RPAREN)? explained
    ;

explainOption : identifier (identifier | TRUE | FALSE | ON)? ;

explained : query | insert | update | delete | createTable ;

// ---------------------------------------------------------------------------------------------- queries

// Set operators in one list: INTERSECT binds tighter than UNION and EXCEPT.
query : withClause? queryPrimary (setOperator queryPrimary)* queryTail ;

// A query that does not begin with a parenthesis: the only kind that may follow a parenthesis of an expression.
plainQuery
    : withClause queryPrimary (setOperator queryPrimary)* queryTail
    | (select | values) (setOperator queryPrimary)* queryTail
    ;

// What makes a query of a query in parentheses.
setTail : (setOperator queryPrimary)* queryTail ;

withClause : WITH commonTable (COMMA commonTable)* ;
commonTable : identifier columnList? AS subquery ;

queryPrimary : select | values | subquery ;
subquery : LPAREN query RPAREN ;
setOperator : (UNION | INTERSECT | EXCEPT) (ALL | DISTINCT)? ;

queryTail : orderBy? limitClause* lockClause? ;
orderBy : ORDER BY sortItem (COMMA sortItem)* ;
sortItem : expression (ASC | DESC)? (NULLS (FIRST | LAST))? ;
limitClause
    : LIMIT (ALL | expression)                                                          # limit
    | OFFSET expression (ROW | ROWS)?                                                   # offset
    | FETCH (FIRST | NEXT) fetchCount? (ROW | ROWS) ONLY                                # fetch
    ;
fetchCount : INTEGER | QUESTION | LPAREN expression RPAREN ;
lockClause : FOR (UPDATE | SHARE) (NOWAIT | SKIP_ LOCKED)? ;

select
    : SELECT (ALL | DISTINCT)? selectItem (COMMA selectItem)*
        (FROM relation (COMMA relation)*)?
        (WHERE where=expression)?
        (GROUP BY expression (COMMA expression)*)?
        (HAVING having=expression)?
    ;

selectItem
    : STAR                                                                              # selectAll
    | identifier (DOT identifier)* DOT STAR                                             # selectAllOf
    | expression (AS columnLabel | bareAlias)?                                          # selectExpression
    ;

values : VALUES valuesRow (COMMA valuesRow)* ;
valuesRow
locals [Object built]
    : LPAREN valuesItem (COMMA valuesItem)* RPAREN { onValuesRow.accept($ctx); }
    ;
valuesItem : expression | DEFAULT ;

relation : relationPrimary join* ;
join
    : CROSS JOIN relationPrimary
    | NATURAL joinType? JOIN relationPrimary
    | joinType? JOIN relationPrimary (ON expression | USING columnList)
    ;
joinType : INNER | (LEFT | RIGHT | FULL) OUTER? ;

// In the second alternative either setTail is empty, or the relation is a query in parentheses without alias.
relationPrimary
    : tableName tableAlias?                                                             # namedRelation
    | LPAREN plainQuery RPAREN tableAlias?                                              # derivedRelation
    | LPAREN relation setTail RPAREN tableAlias?                                        # parenthesizedRelation
    ;
tableAlias : (AS identifier | bareAlias) columnList? ;

// ---------------------------------------------------------------------------------------------- changes

insert
    : INSERT INTO tableName (AS identifier)? columnList? (OVERRIDING (SYSTEM | USER) VALUE)?
        (query | DEFAULT VALUES) onConflict? returning?
    ;
onConflict
    : ON CONFLICT (columnList | ON CONSTRAINT identifier)?
        DO (NOTHING | UPDATE SET assignment (COMMA assignment)* (WHERE expression)?)
    ;
update
    : UPDATE ONLY? tableName (AS identifier | bareAlias)? SET assignment (COMMA assignment)*
        (FROM relation (COMMA relation)*)? (WHERE expression)? returning?
    ;
assignment
    : identifier (DOT identifier)? EQ (expression | DEFAULT)
    | columnList EQ expression
    ;
delete
    : DELETE FROM ONLY? tableName (AS identifier | bareAlias)?
        (USING relation (COMMA relation)*)? (WHERE expression)? returning?
    ;
returning : RETURNING selectItem (COMMA selectItem)* ;

// ---------------------------------------------------------------------------------------------- definitions

createTable
    : CREATE TABLE ifNotExists? tableName LPAREN tableElement (COMMA tableElement)* RPAREN
    | CREATE TABLE ifNotExists? tableName columnList? AS query (WITH NO? DATA)?
    ;
tableElement : columnDefinition | tableConstraint ;
columnDefinition : columnName typeName columnConstraint* ;
columnConstraint
    : constraintName? NOT NULL                                                          # notNull
    | constraintName? NULL                                                              # nullable
    | DEFAULT expression                                                                # defaultValue
    | GENERATED (ALWAYS | BY DEFAULT) AS IDENTITY (LPAREN sequenceOption+ RPAREN)?      # identity
    | constraintName? PRIMARY KEY                                                       # columnPrimaryKey
    | constraintName? UNIQUE                                                            # columnUnique
    | constraintName? CHECK LPAREN expression RPAREN                                    # columnCheck
    | constraintName? references                                                        # columnReferences
    ;
tableConstraint
    : constraintName? PRIMARY KEY columnList                                            # primaryKey
    | constraintName? UNIQUE columnList                                                 # unique
    | constraintName? CHECK LPAREN expression RPAREN                                    # check
    | constraintName? FOREIGN KEY columnList references                                 # foreignKey
    ;
constraintName : CONSTRAINT identifier ;
references : REFERENCES tableName columnList? referenceOption* ;
referenceOption
    : ON (DELETE | UPDATE) (NO ACTION | RESTRICT | CASCADE | SET NULL | SET DEFAULT)
    | MATCH SIMPLE
    | NOT DEFERRABLE
    | INITIALLY IMMEDIATE
    ;
sequenceOption
    : START WITH? signedInteger
    | INCREMENT BY? signedInteger
    | MINVALUE signedInteger
    | MAXVALUE signedInteger
    | NO (MINVALUE | MAXVALUE | CYCLE)
    | CACHE signedInteger
    | CYCLE
    ;
signedInteger : (PLUS | MINUS)? INTEGER ;
indexKey : valueExpression (ASC | DESC)? (NULLS (FIRST | LAST))? ;
dropKind : TABLE | VIEW | INDEX | SCHEMA | SEQUENCE ;
dropBehavior : CASCADE | RESTRICT ;
ifNotExists : IF NOT EXISTS ;
ifExists : IF EXISTS ;

alterAction
    : ADD COLUMN? ifNotExists? columnDefinition                                         # addColumn
    | ADD tableConstraint                                                               # addConstraint
    | DROP COLUMN? ifExists? columnName dropBehavior?                                   # dropColumn
    | DROP CONSTRAINT ifExists? identifier dropBehavior?                                # dropConstraint
    | RENAME TO identifier                                                              # renameTable
    | RENAME COLUMN? columnName TO identifier                                           # renameColumn
    | RENAME CONSTRAINT identifier TO identifier                                        # renameConstraint
    | ALTER COLUMN? columnName SET DEFAULT expression                                   # setDefault
    | ALTER COLUMN? columnName DROP DEFAULT                                             # dropDefault
    | ALTER COLUMN? columnName (SET | DROP) NOT NULL                                    # alterNotNull
    | ALTER COLUMN? columnName (SET DATA)? TYPE typeName (USING expression)?            # setType
    | ALTER COLUMN? columnName ADD GENERATED (ALWAYS | BY DEFAULT) AS IDENTITY
        (LPAREN sequenceOption+ RPAREN)?                                                # addIdentity
    ;

commentTarget
    : (TABLE | VIEW | INDEX | SEQUENCE | SCHEMA | COLUMN) qualifiedName
    | CONSTRAINT identifier ON tableName
    ;

// ---------------------------------------------------------------------------------------------- session

transactionModes : transactionMode (COMMA? transactionMode)* ;
transactionMode
    : ISOLATION LEVEL (READ UNCOMMITTED | READ COMMITTED | REPEATABLE READ | SERIALIZABLE)
    | READ ONLY
    | READ WRITE
    ;
set
    : SET TRANSACTION transactionModes                                                  # setTransaction
    | SET SESSION CHARACTERISTICS AS TRANSACTION transactionModes                       # setSessionTransaction
    | SET (SESSION | LOCAL)? TIME ZONE settingValue                                     # setTimeZone
    | SET SCHEMA settingValue                                                           # setSchema
    | SET (SESSION | LOCAL)? dottedName (TO | EQ) settingValue (COMMA settingValue)*    # setOption
    ;
settingValue : STRING | (PLUS | MINUS)? (INTEGER | DECIMAL) | TRUE | FALSE | ON | DEFAULT | identifier ;
dottedName : identifier (DOT identifier)* ;

// ---------------------------------------------------------------------------------------------- expressions

// Precedence, loosest first: OR, AND, NOT, IS, comparison, BETWEEN IN LIKE, ||, + -, * / %, signs, AT TIME ZONE, ::
expression : conjunction (OR conjunction)* ;
conjunction : negation (AND negation)* ;
negation : NOT* predicate ;
predicate : valueExpression predicateSuffix* ;

// IN, BETWEEN and LIKE after a comparison belong to its right operand; two comparisons in a row are an error.
predicateSuffix
    : comparator (valueExpression | (ANY | SOME | ALL) subquery)                        # comparison
    | IS NOT? NULL                                                                      # isNull
    | IS NOT? (TRUE | FALSE | UNKNOWN)                                                  # isTruth
    | IS NOT? DISTINCT FROM valueExpression                                             # isDistinct
    | NOT? BETWEEN (SYMMETRIC | ASYMMETRIC)? valueExpression AND valueExpression        # between
    | NOT? IN (LPAREN RPAREN | parenthesized)                                           # in
    | NOT? (LIKE | ILIKE) valueExpression (ESCAPE valueExpression)?                     # like
    ;
comparator : EQ | NEQ | LT | LTE | GT | GTE ;

valueExpression : operand (operator operand)* ;
operator : CONCAT | PLUS | MINUS | STAR | SLASH | PERCENT ;
operand : (PLUS | MINUS)* primary postfix* ;
postfix
    : CAST_TO typeName                                                                  # castTo
    | AT TIME ZONE primary                                                              # atTimeZone
    ;

primary
    : INTEGER                                                                           # integerLiteral
    | STRING                                                                            # stringLiteral
    | QUESTION                                                                          # parameter
    | plainName (DOT identifier)* arguments?                                            # nameOrCall
    | functionWord (DOT identifier)*                                                    # functionWordName
    | NULL                                                                              # nullLiteral
    | DECIMAL                                                                           # decimalLiteral
    | DOUBLE_LITERAL                                                                    # doubleLiteral
    | TRUE                                                                              # trueLiteral
    | FALSE                                                                             # falseLiteral
    | ESCAPED_STRING                                                                    # escapedString
    | DOLLAR_STRING                                                                     # dollarString
    | BINARY_STRING                                                                     # binaryLiteral
    | (DATE | UUID) STRING                                                              # typedLiteral
    | timeType STRING                                                                   # timeLiteral
    | INTERVAL STRING (unit (TO unit)?)?                                                # intervalLiteral
    | parenthesized                                                                     # parentheses
    | (LEFT | RIGHT) arguments                                                          # leftRightCall
    | EXISTS subquery                                                                   # exists
    | CASE operandExpression=expression? when+ (ELSE otherwise=expression)? END         # case
    | CAST LPAREN expression AS typeName RPAREN                                         # cast
    | NEXT VALUE FOR sequenceName                                                       # nextValue
    | sessionValue (LPAREN INTEGER RPAREN)?                                             # sessionValueCall
    | EXTRACT LPAREN (identifier | STRING) FROM expression RPAREN                # extract
    | POSITION LPAREN valueExpression (IN | COMMA) valueExpression RPAREN               # position
    | OVERLAY LPAREN expression PLACING expression FROM expression (FOR expression)? RPAREN  # overlay
    | SUBSTRING LPAREN text=expression
        ( FROM start=expression (FOR length=expression)?
        | FOR length=expression
        | COMMA start=expression (COMMA length=expression)? ) RPAREN                    # substring
    | TRIM LPAREN
        ( (BOTH | LEADING | TRAILING) characters=expression? FROM text=expression
        | first=expression (FROM text=expression | COMMA characters=expression)? ) RPAREN   # trim
    ;

// With one expression setTail may follow, if that expression is a query in parentheses.
parenthesized
    : LPAREN plainQuery RPAREN
    | LPAREN expression (setTail | (COMMA expression)+) RPAREN
    ;

arguments
    : LPAREN (STAR | (ALL | DISTINCT)? expression (COMMA expression)*)? RPAREN
        (FILTER LPAREN WHERE filter=expression RPAREN)?
    ;
when : WHEN condition=expression THEN result=expression ;
unit : YEAR | MONTH | DAY | HOUR | MINUTE | SECOND ;
sessionValue
    : CURRENT_DATE | CURRENT_TIME | CURRENT_TIMESTAMP | LOCALTIME | LOCALTIMESTAMP
    | CURRENT_USER | SESSION_USER | CURRENT_SCHEMA | CURRENT_CATALOG
    ;

typeName
    : timeType
    | (CHARACTER | CHAR | BINARY) (VARYING | LARGE OBJECT)? typeArguments?
    | DOUBLE PRECISION? typeArguments?
    | (IDENTIFIER | QUOTED_IDENTIFIER | nonReserved | DATE | UUID | INTERVAL) typeArguments?
    ;
timeType : (TIME | TIMESTAMP) typeArguments? ((WITH | WITHOUT) TIME ZONE)? ;
typeArguments : LPAREN INTEGER (COMMA INTEGER)* RPAREN ;

// ---------------------------------------------------------------------------------------------- names

qualifiedName : identifier (DOT identifier)* ;
tableName : identifier (DOT identifier)* ;
// Without a keyword in front: FOR UPDATE must not read as a sequence named update.
sequenceName : (IDENTIFIER | QUOTED_IDENTIFIER) (DOT identifier)* ;
columnName : identifier ;
columnList : LPAREN columnName (COMMA columnName)* RPAREN ;

identifier
    : IDENTIFIER | QUOTED_IDENTIFIER | nonReserved | typeWord | functionWord | notBareAlias
    ;
// A name that begins an operand: of the words with a syntax of their own, only those that are not followed by `(`.
plainName
    : IDENTIFIER | QUOTED_IDENTIFIER | nonReserved | typeWord | notBareAlias
    ;
bareAlias
    : IDENTIFIER | QUOTED_IDENTIFIER | nonReserved | typeWord | functionWord
    ;
columnLabel : identifier | reserved ;

functionWord : EXTRACT | OVERLAY | POSITION | SUBSTRING | TRIM ;

typeWord : BINARY | CHAR | CHARACTER | DATE | DOUBLE | INTERVAL | TIME | TIMESTAMP | UUID ;

// Words that could continue what stands before them, and so need AS to be an alias.
notBareAlias
    : AT | DAY | ESCAPE | FETCH | FILTER | HOUR | LARGE | LIMIT | MINUTE | MONTH | OFFSET | OVER | PRECISION
    | RETURNING | SECOND | SET | VARYING | WINDOW | WITHIN | WITHOUT | YEAR
    ;

nonReserved
    : ACTION | ADD | ALTER | ALWAYS | ANALYZE | ASC | AUTHORIZATION | BEGIN | BY | CACHE | CASCADE | CHARACTERISTICS
    | COMMENT | COMMIT | COMMITTED | CONFLICT | CONTINUE | CYCLE | DATA | DEFERRABLE | DELETE | DESC | DO | DROP
    | EXPLAIN | FIRST | GENERATED | IDENTITY | IF | IMMEDIATE | INCLUDE | INCREMENT | INDEX | INITIALLY | INSERT
    | ISOLATION | KEY | LAST | LEVEL | LOCAL | LOCKED | MATCH | MAXVALUE | MINVALUE | NEXT | NO | NOTHING | NOWAIT
    | NULLS | OBJECT | OVERRIDING | PLACING | READ | RELEASE | RENAME | REPEATABLE | REPLACE | RESET | RESTART
    | RESTRICT | ROLLBACK | ROW | ROWS | SAVEPOINT | SCHEMA | SEQUENCE | SERIALIZABLE | SESSION | SHARE | SHOW
    | SIMPLE | SKIP_ | START | SYSTEM | TRANSACTION | TRUNCATE | TYPE | UNCOMMITTED | UNKNOWN | UPDATE | USER | VALUE
    | VIEW | WORK | WRITE | ZONE
    ;

reserved
    : ALL | AND | ANY | AS | ASYMMETRIC | BETWEEN | BOTH | CASE | CAST | CHECK | COLLATE | COLUMN | CONSTRAINT | CREATE
    | CROSS | CURRENT_CATALOG | CURRENT_DATE | CURRENT_SCHEMA | CURRENT_TIME | CURRENT_TIMESTAMP | CURRENT_USER
    | DEFAULT | DISTINCT | ELSE | END | EXCEPT | EXISTS | FALSE | FOR | FOREIGN | FROM | FULL | GROUP | HAVING | ILIKE
    | IN | INNER | INTERSECT | INTO | IS | JOIN | LATERAL | LEADING | LEFT | LIKE | LOCALTIME | LOCALTIMESTAMP
    | NATURAL | NOT | NULL | ON | ONLY | OR | ORDER | OUTER | PRIMARY | REFERENCES | RIGHT | SELECT | SESSION_USER
    | SOME | SYMMETRIC | TABLE | THEN | TO | TRAILING | TRUE | UNION | UNIQUE | USING | VALUES | WHEN | WHERE | WITH
    ;

// ---------------------------------------------------------------------------------------------- keywords

ACTION : 'ACTION' ; ADD : 'ADD' ; ALL : 'ALL' ; ALTER : 'ALTER' ; ALWAYS : 'ALWAYS' ; ANALYZE : 'ANALYZE' ;
AND : 'AND' ; ANY : 'ANY' ; AS : 'AS' ; ASC : 'ASC' ; ASYMMETRIC : 'ASYMMETRIC' ; AT : 'AT' ;
AUTHORIZATION : 'AUTHORIZATION' ; BEGIN : 'BEGIN' ; BETWEEN : 'BETWEEN' ; BINARY : 'BINARY' ; BOTH : 'BOTH' ;
BY : 'BY' ; CACHE : 'CACHE' ; CASCADE : 'CASCADE' ; CASE : 'CASE' ; CAST : 'CAST' ; CHAR : 'CHAR' ;
CHARACTER : 'CHARACTER' ; CHARACTERISTICS : 'CHARACTERISTICS' ; CHECK : 'CHECK' ; COLLATE : 'COLLATE' ;
COLUMN : 'COLUMN' ; COMMENT : 'COMMENT' ; COMMIT : 'COMMIT' ; COMMITTED : 'COMMITTED' ; CONFLICT : 'CONFLICT' ;
CONSTRAINT : 'CONSTRAINT' ; CONTINUE : 'CONTINUE' ; CREATE : 'CREATE' ; CROSS : 'CROSS' ;
CURRENT_CATALOG : 'CURRENT_CATALOG' ; CURRENT_DATE : 'CURRENT_DATE' ; CURRENT_SCHEMA : 'CURRENT_SCHEMA' ;
CURRENT_TIME : 'CURRENT_TIME' ; CURRENT_TIMESTAMP : 'CURRENT_TIMESTAMP' ; CURRENT_USER : 'CURRENT_USER' ;
CYCLE : 'CYCLE' ; DATA : 'DATA' ; DATE : 'DATE' ; DAY : 'DAY' ; DEFAULT : 'DEFAULT' ; DEFERRABLE : 'DEFERRABLE' ;
DELETE : 'DELETE' ; DESC : 'DESC' ; DISTINCT : 'DISTINCT' ; DO : 'DO' ; DOUBLE : 'DOUBLE' ; DROP : 'DROP' ;
ELSE : 'ELSE' ; END : 'END' ; ESCAPE : 'ESCAPE' ; EXCEPT : 'EXCEPT' ; EXISTS : 'EXISTS' ; EXPLAIN : 'EXPLAIN' ;
EXTRACT : 'EXTRACT' ; FALSE : 'FALSE' ; FETCH : 'FETCH' ; FILTER : 'FILTER' ; FIRST : 'FIRST' ; FOR : 'FOR' ;
FOREIGN : 'FOREIGN' ; FROM : 'FROM' ; FULL : 'FULL' ; GENERATED : 'GENERATED' ; GROUP : 'GROUP' ; HAVING : 'HAVING' ;
HOUR : 'HOUR' ; IDENTITY : 'IDENTITY' ; IF : 'IF' ; ILIKE : 'ILIKE' ; IMMEDIATE : 'IMMEDIATE' ; IN : 'IN' ;
INCLUDE : 'INCLUDE' ; INCREMENT : 'INCREMENT' ; INDEX : 'INDEX' ; INITIALLY : 'INITIALLY' ; INNER : 'INNER' ;
INSERT : 'INSERT' ; INTERSECT : 'INTERSECT' ; INTERVAL : 'INTERVAL' ; INTO : 'INTO' ; IS : 'IS' ;
ISOLATION : 'ISOLATION' ; JOIN : 'JOIN' ; KEY : 'KEY' ; LARGE : 'LARGE' ; LAST : 'LAST' ; LATERAL : 'LATERAL' ;
LEADING : 'LEADING' ; LEFT : 'LEFT' ; LEVEL : 'LEVEL' ; LIKE : 'LIKE' ; LIMIT : 'LIMIT' ; LOCAL : 'LOCAL' ;
LOCALTIME : 'LOCALTIME' ; LOCALTIMESTAMP : 'LOCALTIMESTAMP' ; LOCKED : 'LOCKED' ; MATCH : 'MATCH' ;
MAXVALUE : 'MAXVALUE' ; MINUTE : 'MINUTE' ; MINVALUE : 'MINVALUE' ; MONTH : 'MONTH' ; NATURAL : 'NATURAL' ;
NEXT : 'NEXT' ; NO : 'NO' ; NOT : 'NOT' ; NOTHING : 'NOTHING' ; NOWAIT : 'NOWAIT' ; NULL : 'NULL' ; NULLS : 'NULLS' ;
OBJECT : 'OBJECT' ; OFFSET : 'OFFSET' ; ON : 'ON' ; ONLY : 'ONLY' ; OR : 'OR' ; ORDER : 'ORDER' ; OUTER : 'OUTER' ;
OVER : 'OVER' ; OVERLAY : 'OVERLAY' ; OVERRIDING : 'OVERRIDING' ; PLACING : 'PLACING' ; POSITION : 'POSITION' ;
PRECISION : 'PRECISION' ; PRIMARY : 'PRIMARY' ; READ : 'READ' ; REFERENCES : 'REFERENCES' ; RELEASE : 'RELEASE' ;
RENAME : 'RENAME' ; REPEATABLE : 'REPEATABLE' ; REPLACE : 'REPLACE' ; RESET : 'RESET' ; RESTART : 'RESTART' ;
RESTRICT : 'RESTRICT' ; RETURNING : 'RETURNING' ; RIGHT : 'RIGHT' ; ROLLBACK : 'ROLLBACK' ; ROW : 'ROW' ;
ROWS : 'ROWS' ; SAVEPOINT : 'SAVEPOINT' ; SCHEMA : 'SCHEMA' ; SECOND : 'SECOND' ; SELECT : 'SELECT' ;
SEQUENCE : 'SEQUENCE' ; SERIALIZABLE : 'SERIALIZABLE' ; SESSION : 'SESSION' ; SESSION_USER : 'SESSION_USER' ;
SET : 'SET' ; SHARE : 'SHARE' ; SHOW : 'SHOW' ; SIMPLE : 'SIMPLE' ; SKIP_ : 'SKIP' ; SOME : 'SOME' ; START : 'START' ;
SUBSTRING : 'SUBSTRING' ; SYMMETRIC : 'SYMMETRIC' ; SYSTEM : 'SYSTEM' ; TABLE : 'TABLE' ; THEN : 'THEN' ;
TIME : 'TIME' ; TIMESTAMP : 'TIMESTAMP' ; TO : 'TO' ; TRAILING : 'TRAILING' ; TRANSACTION : 'TRANSACTION' ;
TRIM : 'TRIM' ; TRUE : 'TRUE' ; TRUNCATE : 'TRUNCATE' ; TYPE : 'TYPE' ; UNCOMMITTED : 'UNCOMMITTED' ;
UNION : 'UNION' ; UNIQUE : 'UNIQUE' ; UNKNOWN : 'UNKNOWN' ; UPDATE : 'UPDATE' ; USER : 'USER' ; USING : 'USING' ;
UUID : 'UUID' ; VALUE : 'VALUE' ; VALUES : 'VALUES' ; VARYING : 'VARYING' ; VIEW : 'VIEW' ; WHEN : 'WHEN' ;
WHERE : 'WHERE' ; WINDOW : 'WINDOW' ; WITH : 'WITH' ; WITHIN : 'WITHIN' ; WITHOUT : 'WITHOUT' ; WORK : 'WORK' ;
WRITE : 'WRITE' ; YEAR : 'YEAR' ; ZONE : 'ZONE' ;

// ---------------------------------------------------------------------------------------------- symbols

SEMICOLON : ';' ; COMMA : ',' ; DOT : '.' ; LPAREN : '(' ; RPAREN : ')' ; QUESTION : '?' ;
EQ : '=' ; NEQ : '<>' | '!=' ; LT : '<' ; LTE : '<=' ; GT : '>' ; GTE : '>=' ;
PLUS : '+' ; MINUS : '-' ; STAR : '*' ; SLASH : '/' ; PERCENT : '%' ; CONCAT : '||' ; CAST_TO : '::' ;

// ---------------------------------------------------------------------------------------------- literals, names

INTEGER : DIGIT+ ;
DECIMAL : DIGIT+ '.' DIGIT* | '.' DIGIT+ ;
DOUBLE_LITERAL : (DIGIT+ ('.' DIGIT*)? | '.' DIGIT+) 'E' [+-]? DIGIT+ ;

STRING : 'N'? '\'' { quoted('\'', false); } ;
ESCAPED_STRING : 'E' '\'' { quoted('\'', true); } ;
BINARY_STRING : 'X' '\'' { quoted('\'', false); } ;
DOLLAR_STRING : '$' (NAME_START NAME_PART*)? '$' { dollarQuoted(); } ;
QUOTED_IDENTIFIER : '"' { quoted('"', false); } ;
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
