// The SQL of MossLSM: one derivation for each statement. Its words and symbols are in MossSqlLexer.g4.
//
// How it stays unambiguous and fast:
//  - Expressions are flat lists of operands and operators; `sql.parse` applies the precedence written at each rule.
//    Chains of OR, AND, NOT, signs and operators are loops, never recursion. A column or a number passes few rules on
//    its way: each costs a node of the tree and a call.
//  - What stands in parentheses is decided by its first token: SELECT, VALUES or WITH begin a query, anything else an
//    expression, or relation, that may turn out to be the first operand of a set operation (rule setTail).
//  - A word is reserved only where it would otherwise be taken for a name (rule reserved). Words of rule notBareAlias
//    are names, but not an alias without AS. A test checks that every keyword is in exactly one of these rules.
parser grammar MossSqlParser;

options { tokenVocab = MossSqlLexer; }

@members {
/** Told of each row of VALUES as soon as it is read: it may build the row and drop the tree, 20 times its text's size. */
public java.util.function.Consumer<ValuesRowContext> onValuesRow = row -> {};
}

// ---------------------------------------------------------------------------------------------- entries

singleStatement : statement SEMICOLON* EOF ;
singleExpression : expression EOF ;
singleQuery : query EOF ;

statement
    : queryBody                                                                         # queryStatement
    | withClause (queryBody | insert | update | delete)                                 # withStatement
    | explain                                                                           # explainStatement
    | insert                                                                            # insertStatement
    | update                                                                            # updateStatement
    | delete                                                                            # deleteStatement
    | TRUNCATE TABLE? tableName (COMMA tableName)*
        ((RESTART | CONTINUE) IDENTITY)? dropBehavior?                                  # truncate
    | createTable                                                                       # createTableStatement
    | CREATE (OR REPLACE)? (TEMP | TEMPORARY)? VIEW ifNotExists? tableName columnList? AS query             # createView
    | CREATE UNIQUE? INDEX CONCURRENTLY? (ifNotExists? indexName=identifier)? ON ONLY? tableName
        (USING identifier)? LPAREN indexKey (COMMA indexKey)* RPAREN (INCLUDE columnList)?
        (NULLS NOT? DISTINCT)? storageOptions? tablespace? (WHERE expression)?                                       # createIndex
    | CREATE SCHEMA ifNotExists? identifier (AUTHORIZATION identifier)?                 # createSchema
    | CREATE SEQUENCE ifNotExists? tableName sequenceOption*                            # createSequence
    | DROP (dropKind | INDEX CONCURRENTLY) ifExists? qualifiedName (COMMA qualifiedName)* dropBehavior?        # drop
    | ALTER TABLE ifExists? ONLY? tableName alterAction (COMMA alterAction)*            # alterTable
    | ALTER SEQUENCE ifExists? tableName sequenceOption+                                # alterSequence
    | ALTER (VIEW | INDEX | SEQUENCE) ifExists? tableName RENAME TO identifier          # rename
    | ALTER (VIEW | SEQUENCE) ifExists? tableName SET SCHEMA identifier                 # setObjectSchema
    | COMMENT ON commentTarget IS (STRING | NULL)                                       # comment
    | (BEGIN | START TRANSACTION) (WORK | TRANSACTION)? transactionModes?               # begin
    | (COMMIT | END) (WORK | TRANSACTION)? chain?                                       # commit
    | (ROLLBACK | ABORT) (WORK | TRANSACTION)? (TO SAVEPOINT? identifier | chain)?      # rollback
    | SAVEPOINT identifier                                                              # savepoint
    | RELEASE SAVEPOINT? identifier                                                     # release
    | set                                                                               # setStatement
    | RESET (ALL | dottedName)                                                          # reset
    | SHOW (ALL | TIME ZONE | TRANSACTION ISOLATION LEVEL | dottedName)                 # show
    | ANALYZE optionList? (IDENTIFIER? tableName)?                                      # analyze
    | REINDEX (LPAREN columnName (COMMA columnName)* RPAREN)?
        (TABLE | INDEX | SCHEMA | DATABASE | SYSTEM)? CONCURRENTLY? qualifiedName?      # reindex
    | DISCARD (ALL | TEMP | TEMPORARY | identifier)                                     # discard
    | CHECK DATABASE                                                                    # checkDatabase
    | LOCK TABLE? ONLY? tableName (COMMA tableName)* (IN lockWord+)? NOWAIT?            # lockTable
    | DO skippedToken+                                                                  # doBlock
    | CALL expression                                                                   # call
    | skipped                                                                           # skippedStatement
    ;

// What dumps of PostgreSQL say and what means nothing here: read, reported and left undone.
skipped
    : (GRANT | REVOKE | VACUUM | CLUSTER) skippedToken*
    | (CREATE | ALTER | DROP) EXTENSION skippedToken+
    | ALTER (DATABASE | DEFAULT PRIVILEGES) skippedToken+
    | ALTER (TABLE | VIEW | SEQUENCE | SCHEMA) ifExists? ONLY? qualifiedName OWNER TO identifier
    | ALTER TABLE ifExists? ONLY? tableName
        ( (CLUSTER | ENABLE | DISABLE | REPLICA | VALIDATE) skippedToken+
        | SET LPAREN skippedToken+
        | ALTER COLUMN? columnName SET (STATISTICS | STORAGE) skippedToken+ )
    | SET (CONSTRAINTS ALL (DEFERRED | IMMEDIATE) | SESSION AUTHORIZATION skippedToken | ROLE skippedToken)
    | COMMENT ON (DATABASE | EXTENSION | FUNCTION | ROLE | TYPE) skippedToken+
    ;
skippedToken : ~SEMICOLON ;

// Of ACCESS SHARE MODE and its like.
lockWord : IDENTIFIER | ROW | SHARE | UPDATE ;

explain
    : EXPLAIN (ANALYZE? IDENTIFIER? | optionList) explained
    ;

optionList : LPAREN namedOption (COMMA namedOption)* RPAREN ;
namedOption : identifier (identifier | TRUE | FALSE | ON | INTEGER | STRING)? ;

explained : withClause? (queryBody | insert | update | delete) | createTable ;

// ---------------------------------------------------------------------------------------------- queries

// Set operators in one list: INTERSECT binds tighter than UNION and EXCEPT.
query : withClause? queryBody ;
queryBody : queryPrimary (setOperator queryPrimary)* queryTail ;

// A query that does not begin with a parenthesis: the only kind that may follow a parenthesis of an expression.
plainQuery
    : withClause queryPrimary (setOperator queryPrimary)* queryTail
    | (select | values | explicitTable) (setOperator queryPrimary)* queryTail
    ;

// What makes a query of a query in parentheses.
setTail : (setOperator queryPrimary)* queryTail ;

withClause : WITH RECURSIVE? commonTable (COMMA commonTable)* ;
commonTable
    : identifier columnList? AS (NOT? MATERIALIZED)? (subquery | LPAREN (insert | update | delete) RPAREN)
    ;

queryPrimary : select | values | explicitTable | subquery ;
explicitTable : TABLE tableName ;
subquery : LPAREN query RPAREN ;
setOperator : (UNION | INTERSECT | EXCEPT) (ALL | DISTINCT)? ;

queryTail : orderBy? limitClause* (lockClause limitClause*)? ;
orderBy : ORDER BY sortItem (COMMA sortItem)* ;
sortItem : expression (ASC | DESC)? (NULLS (FIRST | LAST))? ;
limitClause
    : LIMIT (ALL | expression)                                                          # limit
    | OFFSET expression (ROW | ROWS)?                                                   # offset
    | FETCH (FIRST | NEXT) fetchCount? (ROW | ROWS) (ONLY | WITH TIES)                       # fetch
    ;
fetchCount : INTEGER | DECIMAL | QUESTION | LPAREN expression RPAREN ;
lockClause
    : FOR (UPDATE | NO KEY UPDATE | SHARE | KEY SHARE) (OF identifier (COMMA identifier)*)? (NOWAIT | SKIP_ LOCKED)?
    ;

select
    : SELECT
        ( (ALL | DISTINCT distinctOn?)? selectItem (COMMA selectItem)* (FROM relation (COMMA relation)*)?
        | FROM relation (COMMA relation)* )
        (WHERE where=expression)?
        (GROUP BY (LPAREN RPAREN | expression (COMMA expression)*))?
        (HAVING having=expression)?
    ;

// The first row, in ORDER BY's order, of each combination of values.
distinctOn : ON LPAREN expression (COMMA expression)* RPAREN ;

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

// The last alternative's relation may join others itself: in a JOIN b JOIN c ON x ON y the first ON is of b and c.
relation : relationPrimary join* ;
join
    : CROSS JOIN relationPrimary
    | NATURAL joinType? JOIN relationPrimary
    | joinType? JOIN relation (ON expression | USING columnList)
    ;
joinType : INNER | (LEFT | RIGHT | FULL) OUTER? ;

// In the second alternative either setTail is empty, or the relation is a query in parentheses without alias.
relationPrimary
    : (tableName | ONLY (tableName | LPAREN tableName RPAREN)) tableAlias?              # namedRelation
    | functionName=tableName LPAREN (expression (COMMA expression)*)? RPAREN tableAlias?   # functionRelation
    | LPAREN plainQuery RPAREN tableAlias?                                              # derivedRelation
    | LPAREN relation setTail RPAREN tableAlias?                                        # parenthesizedRelation
    ;
tableAlias : (AS identifier | bareAlias) columnList? ;

// ---------------------------------------------------------------------------------------------- changes

insert
    : (INSERT (OR REPLACE)? | REPLACE) INTO tableName (AS identifier)? columnList? (OVERRIDING (SYSTEM | USER) VALUE)?
        (query | DEFAULT VALUES) onConflict? returning?
    ;
onConflict
    : ON CONFLICT (columnList (WHERE target=expression)? | ON CONSTRAINT identifier)?
        DO (NOTHING | UPDATE SET assignment (COMMA assignment)* (WHERE condition=expression)?)
    ;
update
    : UPDATE ONLY? tableName (AS identifier | bareAlias)? SET assignment (COMMA assignment)*
        (FROM relation (COMMA relation)*)? (WHERE expression)? returning?
    ;
assignment
    : identifier (DOT identifier)? EQ (expression | DEFAULT)
    | columnList EQ (rowOfItems | expression)
    ;
// A row with DEFAULT in it; without, it is an expression.
rowOfItems : ROW? LPAREN (expression COMMA)* DEFAULT (COMMA valuesItem)* RPAREN ;
delete
    : DELETE FROM ONLY? tableName (AS identifier | bareAlias)?
        (USING relation (COMMA relation)*)? (WHERE expression)? returning?
    ;
returning : RETURNING selectItem (COMMA selectItem)* ;

// ---------------------------------------------------------------------------------------------- definitions

createTable
    : CREATE (TEMP | TEMPORARY | UNLOGGED)? TABLE ifNotExists? tableName LPAREN tableElement (COMMA tableElement)* RPAREN storageOptions? tablespace?
    | CREATE (TEMP | TEMPORARY | UNLOGGED)? TABLE ifNotExists? tableName columnList? AS query (WITH NO? DATA)?
    ;
tableElement : columnDefinition | tableConstraint | likeTable ;
// INCLUDING or EXCLUDING, and what.
likeTable : LIKE tableName (identifier (identifier | ALL))* ;
storageOptions : WITH LPAREN storageOption (COMMA storageOption)* RPAREN ;
// There is one place for all.
tablespace : TABLESPACE identifier ;
storageOption : dottedName (EQ settingValue)? ;
columnDefinition : columnName typeName collation? columnConstraint* ;
collation : COLLATE qualifiedName ;
columnConstraint
    : constraintName? NOT NULL                                                          # notNull
    | constraintName? NULL                                                              # nullable
    | DEFAULT expression                                                                # defaultValue
    | GENERATED (ALWAYS | BY DEFAULT) AS IDENTITY (LPAREN sequenceOption+ RPAREN)?      # identity
    | (AUTO_INCREMENT | IDENTITY)                                                       # autoIncrement
    | constraintName? PRIMARY KEY                                                       # columnPrimaryKey
    | constraintName? UNIQUE (NULLS NOT? DISTINCT)?                                     # columnUnique
    | constraintName? CHECK LPAREN expression RPAREN                                    # columnCheck
    | constraintName? references                                                        # columnReferences
    ;
tableConstraint
    : constraintName? PRIMARY KEY columnList                                            # primaryKey
    | constraintName? UNIQUE (NULLS NOT? DISTINCT)? columnList                          # unique
    | constraintName? CHECK LPAREN expression RPAREN                                    # check
    | constraintName? FOREIGN KEY columnList references                                 # foreignKey
    ;
constraintName : CONSTRAINT identifier ;
references : REFERENCES tableName columnList? referenceOption* ;
referenceOption
    : ON (DELETE | UPDATE) (NO ACTION | RESTRICT | CASCADE | SET NULL | SET DEFAULT)
    | MATCH (SIMPLE | FULL)
    | NOT? DEFERRABLE
    | INITIALLY (IMMEDIATE | DEFERRED)
    ;
sequenceOption
    : AS typeName
    | SEQUENCE NAME qualifiedName
    | OWNED BY qualifiedName
    | RESTART (WITH? signedInteger)?
    | START WITH? signedInteger
    | INCREMENT BY? signedInteger
    | MINVALUE signedInteger
    | MAXVALUE signedInteger
    | NO (MINVALUE | MAXVALUE | CYCLE)
    | CACHE signedInteger
    | CYCLE
    ;
signedInteger : (PLUS | MINUS)? INTEGER ;
indexKey : valueExpression operatorClass? (ASC | DESC)? (NULLS (FIRST | LAST))? ;
// Of PostgreSQL; means nothing here, where text is ordered by its bytes.
operatorClass : IDENTIFIER ;
dropKind : TABLE | VIEW | INDEX | SCHEMA | SEQUENCE ;
dropBehavior : CASCADE | RESTRICT ;
ifNotExists : IF NOT EXISTS ;
ifExists : IF EXISTS ;

alterAction
    : ADD COLUMN? ifNotExists? columnDefinition                                         # addColumn
    | ADD tableConstraint (NOT VALID)?                                                  # addConstraint
    | ADD constraintName? (PRIMARY KEY | UNIQUE) USING INDEX identifier                 # addKeyOfIndex
    | DROP COLUMN? ifExists? columnName dropBehavior?                                   # dropColumn
    | DROP PRIMARY KEY                                                                  # dropPrimaryKey
    | DROP CONSTRAINT ifExists? identifier dropBehavior?                                # dropConstraint
    | RENAME TO identifier                                                              # renameTable
    | SET SCHEMA identifier                                                             # setTableSchema
    | RENAME COLUMN? columnName TO identifier                                           # renameColumn
    | RENAME CONSTRAINT identifier TO identifier                                        # renameConstraint
    | ALTER COLUMN? columnName SET DEFAULT expression                                   # setDefault
    | ALTER COLUMN? columnName DROP DEFAULT                                             # dropDefault
    | ALTER COLUMN? columnName (SET | DROP) NOT NULL                                    # alterNotNull
    | ALTER COLUMN? columnName (SET DATA)? TYPE typeName collation? (USING expression)? # setType
    | ALTER COLUMN? columnName ADD GENERATED (ALWAYS | BY DEFAULT) AS IDENTITY
        (LPAREN sequenceOption+ RPAREN)?                                                # addIdentity
    | ALTER COLUMN? columnName identityChange+                                          # alterIdentity
    | ALTER COLUMN? columnName DROP IDENTITY ifExists?                                  # dropIdentity
    ;
identityChange
    : SET GENERATED (ALWAYS | BY DEFAULT)
    | RESTART (WITH? signedInteger)?
    | SET sequenceOption
    ;

commentTarget
    : (TABLE | VIEW | INDEX | SEQUENCE | SCHEMA | COLUMN) qualifiedName
    | CONSTRAINT identifier ON tableName
    ;

// ---------------------------------------------------------------------------------------------- session

// A transaction of the same modes begins at once.
chain : AND NO? CHAIN ;

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

// Precedence, loosest first: OR, AND, NOT, IS, comparison, BETWEEN IN LIKE ~, || and bits, + -, * / %, ^, signs,
// AT TIME ZONE, ::
expression : NOT* valueExpression predicateSuffix* ((AND | OR) NOT* valueExpression predicateSuffix*)* ;

// IN, BETWEEN and LIKE after a comparison belong to its right operand; two comparisons in a row are an error.
predicateSuffix
    : comparator (valueExpression | (ANY | SOME | ALL) (subquery | arrayOperand))        # comparison
    | (IS NOT? NULL | ISNULL | NOTNULL)                                                 # isNull
    | IS NOT? (TRUE | FALSE | UNKNOWN)                                                  # isTruth
    | IS NOT? identifier? NORMALIZED                                                    # isNormalized
    | IS NOT? DISTINCT FROM valueExpression                                             # isDistinct
    | NOT? BETWEEN (SYMMETRIC | ASYMMETRIC)? valueExpression AND valueExpression        # between
    | NOT? IN (LPAREN RPAREN | parenthesized)                                           # in
    | NOT? (LIKE | ILIKE) valueExpression (ESCAPE valueExpression)?                     # like
    | (LIKE_OP | NOT_LIKE_OP | ILIKE_OP | NOT_ILIKE_OP) valueExpression                  # likeOperator
    | NOT? SIMILAR TO valueExpression (ESCAPE valueExpression)?                          # similar
    | (TILDE | NOT_TILDE | TILDE_STAR | NOT_TILDE_STAR) valueExpression                  # matchOperator
    | OVERLAPS valueExpression                                                          # overlaps
    ;
// ANY (ARRAY[...]), which is how PostgreSQL writes IN (...) down, and ANY ('{1, 2}'); there are no arrays besides.
arrayOperand : LPAREN arrayValue RPAREN ;
arrayValue
    : ARRAY LBRACKET expression (COMMA expression)* RBRACKET
    | STRING (CAST_TO typeName LBRACKET RBRACKET)*
    | LPAREN arrayValue RPAREN (CAST_TO typeName LBRACKET RBRACKET)*
    ;
comparator : EQ | NEQ | LT | LTE | GT | GTE ;

valueExpression
    : operand
        ((CONCAT | AMPERSAND | PIPE | HASH | SHIFT_LEFT | SHIFT_RIGHT | PLUS | MINUS | STAR | SLASH | PERCENT | CARET)
            operand)*
    ;
operand : (PLUS | MINUS | TILDE)* primary postfix* ;
postfix
    : CAST_TO typeName                                                                  # castTo
    | AT TIME ZONE primary                                                              # atTimeZone
    | COLLATE qualifiedName                                                             # collate
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
    | (DATE | UUID | IDENTIFIER) STRING                                                 # typedLiteral
    | timeType STRING                                                                   # timeLiteral
    | INTERVAL STRING (unit (TO unit)?)?                                                # intervalLiteral
    | parenthesized                                                                     # parentheses
    | (LEFT | RIGHT) arguments                                                          # leftRightCall
    | EXISTS subquery                                                                   # exists
    | CASE operandExpression=expression? when+ (ELSE otherwise=expression)? END         # case
    | CAST LPAREN expression AS typeName RPAREN                                         # cast
    | NEXT VALUE FOR sequenceName                                                       # nextValue
    | sessionValue (LPAREN INTEGER? RPAREN)?                                            # sessionValueCall
    | EXTRACT LPAREN (identifier | STRING) FROM expression RPAREN                # extract
    | POSITION LPAREN valueExpression (IN | COMMA) valueExpression stringUnit? RPAREN   # position
    | OVERLAY LPAREN expression PLACING expression FROM expression (FOR expression)? RPAREN  # overlay
    | SUBSTRING LPAREN text=expression
        ( FROM start=expression (FOR length=expression)?
        | FOR length=expression
        | SIMILAR pattern=expression ESCAPE escape=expression
        | COMMA start=expression (COMMA length=expression stringUnit?)? ) RPAREN        # substring
    | TRIM LPAREN
        ( (BOTH | LEADING | TRAILING) characters=expression? FROM text=expression
        | first=expression (FROM text=expression | COMMA characters=expression)? ) RPAREN   # trim
    ;

// JDBC's CHARACTERS, which is how strings are counted anyway.
stringUnit : COMMA identifier ;

// With one expression setTail may follow, if that expression is a query in parentheses.
parenthesized
    : LPAREN plainQuery RPAREN
    | LPAREN expression (setTail | (COMMA expression)+) RPAREN
    ;

arguments
    : LPAREN
        ( STAR
        | (ALL | DISTINCT)? expression (COMMA expression)* (COMMA namedArgument)* orderBy?
        | namedArgument (COMMA namedArgument)* )? RPAREN
        (WITHIN GROUP LPAREN within=orderBy RPAREN)?
        (FILTER LPAREN WHERE filter=expression RPAREN)?
    ;
namedArgument : identifier NAMED expression ;
when : WHEN condition=expression THEN result=expression ;
unit : YEAR | MONTH | DAY | HOUR | MINUTE | SECOND ;
sessionValue
    : CURRENT_DATE | CURRENT_TIME | CURRENT_TIMESTAMP | LOCALTIME | LOCALTIMESTAMP
    | CURRENT_USER | SESSION_USER | CURRENT_SCHEMA | CURRENT_CATALOG
    ;

typeName
    : timeType
    | NATIONAL? (CHARACTER | CHAR | BINARY) (VARYING | LARGE OBJECT)? typeArguments?
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
    : AT | DAY | ESCAPE | FETCH | FILTER | HOUR | ISNULL | LARGE | LIMIT | MINUTE | MONTH | NOTNULL | OFFSET | OVER | OVERLAPS | PRECISION
    | RETURNING | SECOND | SET | SIMILAR | VARYING | WINDOW | WITHIN | WITHOUT | YEAR
    ;

nonReserved
    : ABORT | ACTION | ADD | ALTER | ALWAYS | ANALYZE | ARRAY | ASC | AUTHORIZATION | AUTO_INCREMENT | BEGIN | BY | CACHE | CALL
    | CASCADE | CHAIN | CHARACTERISTICS | CLUSTER | COMMENT | COMMIT | COMMITTED | CONCURRENTLY | CONFLICT | CONSTRAINTS | CONTINUE | CYCLE
    | DATA | DATABASE | DEFERRABLE | DEFERRED | DELETE | DESC | DISABLE | DISCARD | DO | DROP | ENABLE | EXPLAIN | EXTENSION
    | FIRST | FUNCTION | GENERATED | GRANT | IDENTITY | IF | IMMEDIATE | INCLUDE | INCREMENT | INDEX | INITIALLY
    | INSERT | ISOLATION | KEY | LAST | LEVEL | LOCAL | LOCK | LOCKED | MATCH | MATERIALIZED | MAXVALUE | MINVALUE | NAME
    | NATIONAL | NEXT | NO | NORMALIZED | NOTHING | NOWAIT | NULLS | OBJECT | OF | OVERRIDING | OWNED | OWNER | PLACING | PRIVILEGES
    | READ | RECURSIVE | REINDEX | RELEASE | RENAME | REPEATABLE | REPLACE | REPLICA | RESET | RESTART | RESTRICT
    | REVOKE | ROLE | ROLLBACK | ROW | ROWS | SAVEPOINT | SCHEMA | SEQUENCE | SERIALIZABLE | SESSION | SHARE | SHOW
    | SIMPLE | SKIP_ | START | STATISTICS | STORAGE | SYSTEM | TABLESPACE | TEMP | TEMPORARY | TIES | TRANSACTION | TRUNCATE
    | TYPE | UNCOMMITTED | UNKNOWN | UNLOGGED | UPDATE | USER | VACUUM | VALID | VALIDATE | VALUE | VIEW | WORK | WRITE | ZONE
    ;

reserved
    : ALL | AND | ANY | AS | ASYMMETRIC | BETWEEN | BOTH | CASE | CAST | CHECK | COLLATE | COLUMN | CONSTRAINT | CREATE
    | CROSS | CURRENT_CATALOG | CURRENT_DATE | CURRENT_SCHEMA | CURRENT_TIME | CURRENT_TIMESTAMP | CURRENT_USER
    | DEFAULT | DISTINCT | ELSE | END | EXCEPT | EXISTS | FALSE | FOR | FOREIGN | FROM | FULL | GROUP | HAVING | ILIKE
    | IN | INNER | INTERSECT | INTO | IS | JOIN | LATERAL | LEADING | LEFT | LIKE | LOCALTIME | LOCALTIMESTAMP
    | NATURAL | NOT | NULL | ON | ONLY | OR | ORDER | OUTER | PRIMARY | REFERENCES | RIGHT | SELECT | SESSION_USER
    | SOME | SYMMETRIC | TABLE | THEN | TO | TRAILING | TRUE | UNION | UNIQUE | USING | VALUES | WHEN | WHERE | WITH
    ;
