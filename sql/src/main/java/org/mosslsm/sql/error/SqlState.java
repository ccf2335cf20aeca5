// The SQLSTATE codes the engine answers with, by name.
package org.mosslsm.sql.error;

/**
 * SQLSTATE codes, as PostgreSQL and the standard give them. Class 08 means "the connection is gone" to pools and
 * tools, so nothing else uses it; {@code 0A000} makes pools throw a connection away, so unsupported is {@code 0A001}.
 */
public final class SqlState {
    public static final String SUCCESS = "00000";
    public static final String WARNING = "01000";

    public static final String CANNOT_CONNECT = "08001";
    public static final String CONNECTION_CLOSED = "08003";
    public static final String CONNECTION_REJECTED = "08004";

    public static final String NOT_SUPPORTED = "0A001";

    public static final String CARDINALITY_VIOLATION = "21000";

    public static final String STRING_TOO_LONG = "22001";
    public static final String NUMERIC_OUT_OF_RANGE = "22003";
    public static final String INVALID_DATETIME = "22007";
    public static final String DATETIME_OVERFLOW = "22008";
    public static final String INVALID_ZONE_DISPLACEMENT = "22009";
    public static final String SUBSTRING_ERROR = "22011";
    public static final String SEQUENCE_EXHAUSTED = "2200H";
    public static final String DIVISION_BY_ZERO = "22012";
    public static final String INTERVAL_FIELD_OVERFLOW = "22015";
    public static final String INVALID_ESCAPE_CHARACTER = "22019";
    public static final String INVALID_CHARACTER = "22021";
    public static final String INVALID_PARAMETER_VALUE = "22023";
    public static final String INVALID_ESCAPE_SEQUENCE = "22025";
    public static final String INVALID_USE_OF_ESCAPE = "2200C";

    /** Argument of a logarithm that is not positive. */
    public static final String INVALID_LOGARITHM = "2201E";

    /** Argument of a power or root without a real result. */
    public static final String INVALID_POWER = "2201F";

    public static final String INVALID_LIMIT = "2201W";
    public static final String INVALID_OFFSET = "2201X";
    public static final String INVALID_TEXT_REPRESENTATION = "22P02";

    public static final String NOT_NULL_VIOLATION = "23502";
    public static final String FOREIGN_KEY_VIOLATION = "23503";
    public static final String UNIQUE_VIOLATION = "23505";
    public static final String CHECK_VIOLATION = "23514";

    public static final String TRANSACTION_ACTIVE = "25001";
    public static final String READ_ONLY_TRANSACTION = "25006";
    public static final String NO_ACTIVE_TRANSACTION = "25P01";
    public static final String FAILED_TRANSACTION = "25P02";

    public static final String DEPENDENT_OBJECTS = "2BP01";
    public static final String INVALID_TRANSACTION_TERMINATION = "2D000";
    public static final String INVALID_SAVEPOINT = "3B001";
    public static final String INVALID_SCHEMA = "3F000";

    public static final String SERIALIZATION_FAILURE = "40001";
    public static final String UNKNOWN_OUTCOME = "40003";

    public static final String SYNTAX_ERROR = "42601";
    public static final String INVALID_NAME = "42602";
    public static final String NAME_TOO_LONG = "42622";
    public static final String AMBIGUOUS_COLUMN = "42702";
    public static final String DUPLICATE_COLUMN = "42701";
    public static final String UNDEFINED_COLUMN = "42703";
    public static final String UNDEFINED_OBJECT = "42704";
    public static final String DUPLICATE_OBJECT = "42710";
    public static final String DUPLICATE_ALIAS = "42712";
    public static final String AMBIGUOUS_FUNCTION = "42725";
    public static final String GROUPING_ERROR = "42803";
    public static final String DATATYPE_MISMATCH = "42804";
    public static final String WRONG_OBJECT_TYPE = "42809";
    public static final String INVALID_FOREIGN_KEY = "42830";
    public static final String CANNOT_COERCE = "42846";
    public static final String UNDEFINED_FUNCTION = "42883";
    public static final String UNDEFINED_TABLE = "42P01";
    public static final String DUPLICATE_SCHEMA = "42P06";
    public static final String DUPLICATE_TABLE = "42P07";
    public static final String AMBIGUOUS_TABLE = "42P09";
    public static final String INVALID_COLUMN_REFERENCE = "42P10";
    public static final String INVALID_TABLE_DEFINITION = "42P16";
    public static final String INDETERMINATE_TYPE = "42P18";
    public static final String INVALID_OBJECT_DEFINITION = "42P17";
    public static final String GENERATED_ALWAYS = "428C9";

    public static final String INSUFFICIENT_RESOURCES = "53000";
    public static final String OUT_OF_MEMORY = "53200";
    public static final String DISK_FULL = "53100";
    public static final String PROGRAM_LIMIT = "54000";
    public static final String TOO_COMPLEX = "54001";
    public static final String TOO_MANY_COLUMNS = "54011";

    public static final String RESERVED_NAME = "42939";

    public static final String OBJECT_NOT_IN_STATE = "55000";
    public static final String LOCK_NOT_AVAILABLE = "55P03";
    public static final String QUERY_CANCELED = "57014";
    public static final String IO_ERROR = "58030";

    public static final String INTERNAL_ERROR = "XX000";
    public static final String DATA_CORRUPTED = "XX001";

    public static final String LOCK_TIMEOUT = "HYT00";

    private SqlState() {}
}
