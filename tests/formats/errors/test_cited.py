"""Errors of engines that do not run here, as their manuals give them; and how drivers and logs wrap messages.

Oracle: "Database Error Messages" (19c, and 23ai where it says more). SQL Server: "Database Engine events and errors". Db2:
"SQL messages" and the SQLCODE form of its JDBC driver. Bean Validation: the default messages of Jakarta Validation 3 in the
forms of Hibernate Validator and Spring. MySQL: "Server Error Message Reference". PostgreSQL's JDBC driver: its batches.
"""

from __future__ import annotations

import pytest

from fieldline.formats.errors.read import read_errors

from .read_one import told

ORACLE = [
    (
        'ORA-12899: value too large for column "CRM"."PERSON"."LOGIN" (actual: 14, maximum: 12)',
        {"kind": "too_long", "table": "CRM.PERSON", "column": "LOGIN", "limit": "12"},
    ),
    (
        'ORA-01400: cannot insert NULL into ("CRM"."PERSON"."LOGIN")',
        {"kind": "null", "table": "CRM.PERSON", "column": "LOGIN"},
    ),
    (
        'ORA-01407: cannot update ("CRM"."PERSON"."LOGIN") to NULL',
        {"kind": "null", "table": "CRM.PERSON", "column": "LOGIN"},
    ),
    ("ORA-00001: unique constraint (CRM.LOGIN_UK) violated", {"kind": "duplicate", "constraint": "CRM.LOGIN_UK"}),
    (
        "ORA-00001: unique constraint (CRM.LOGIN_UK) violated on table CRM.PERSON columns (LOGIN)",
        {"kind": "duplicate", "table": "CRM.PERSON", "column": "LOGIN", "constraint": "CRM.LOGIN_UK"},
    ),
    ("ORA-01438: value larger than specified precision allowed for this column", {"kind": "out_of_range"}),
    ("java.sql.SQLSyntaxErrorException: ORA-01722: invalid number", {"kind": "wrong_type"}),
    ("ORA-02290: check constraint (CRM.LOGIN_CK) violated", {"kind": "check", "constraint": "CRM.LOGIN_CK"}),
    (
        "ORA-02291: integrity constraint (CRM.COUNTRY_FK) violated - parent key not found",
        {"kind": "reference", "constraint": "CRM.COUNTRY_FK"},
    ),
    ("ORA-01861: literal does not match format string", {"kind": "wrong_type"}),
    ("ORA-01843: not a valid month", {"kind": "out_of_range"}),
]
SQLSERVER = [
    (
        (
            "Msg 2628, Level 16, State 1, Line 3\nString or binary data would be truncated in table "
            "'crm.dbo.person', column "
            "'login'. Truncated value: 'abcdefghijkl'."
        ),
        {"kind": "too_long", "table": "crm.dbo.person", "column": "login", "limit": "12"},
    ),
    ("String or binary data would be truncated.", {"kind": "too_long"}),
    (
        (
            "Cannot insert the value NULL into column 'login', table 'crm.dbo.person'; column does not "
            "allow nulls. INSERT fails."
        ),
        {"kind": "null", "table": "crm.dbo.person", "column": "login"},
    ),
    (
        (
            "Violation of UNIQUE KEY constraint 'UQ_login'. Cannot insert duplicate key in object "
            "'dbo.person'. The duplicate key "
            "value is (anna)."
        ),
        {"kind": "duplicate", "table": "dbo.person", "value": "anna", "constraint": "UQ_login"},
    ),
    (
        (
            "Cannot insert duplicate key row in object 'dbo.person' with unique index 'IX_login'. The "
            "duplicate key value is "
            "(anna, 1)."
        ),
        {"kind": "duplicate", "table": "dbo.person", "constraint": "IX_login"},
    ),
    (
        (
            'The INSERT statement conflicted with the CHECK constraint "CK_login". The conflict '
            'occurred in database "crm", table '
            "\"dbo.person\", column 'login'."
        ),
        {"kind": "check", "table": "dbo.person", "column": "login", "constraint": "CK_login"},
    ),
    (
        (
            'The INSERT statement conflicted with the FOREIGN KEY constraint "FK_country". The '
            "conflict occurred in database "
            '"crm", table "dbo.country", column \'code\'.'
        ),
        {"kind": "reference", "constraint": "FK_country"},
    ),
    (
        "Conversion failed when converting the varchar value 'abc' to data type int.",
        {"kind": "wrong_type", "value": "abc", "limit": "int"},
    ),
    ("Error converting data type varchar to numeric.", {"kind": "wrong_type", "limit": "numeric"}),
    (
        "Arithmetic overflow error for data type tinyint, value = 999.",
        {"kind": "out_of_range", "value": "999", "limit": "tinyint"},
    ),
]
DB2 = [
    ('SQL0433N  Value "abcdefghijklmn" is too long.  SQLSTATE=22001', {"kind": "too_long", "value": "abcdefghijklmn"}),
    (
        "DB2 SQL Error: SQLCODE=-433, SQLSTATE=22001, SQLERRMC=abcdefghijklmn, DRIVER=4.26.14",
        {"kind": "too_long", "value": "abcdefghijklmn"},
    ),
    ("DB2 SQL Error: SQLCODE=-302, SQLSTATE=22001, SQLERRMC=null, DRIVER=4.26.14", {"kind": "out_of_range"}),
    (
        (
            'SQL0407N  Assignment of a NULL value to a NOT NULL column "TBSPACEID=2, TABLEID=4, '
            'COLNO=1" is not allowed.  '
            "SQLSTATE=23502"
        ),
        {"kind": "null"},
    ),
    (
        "DB2 SQL Error: SQLCODE=-407, SQLSTATE=23502, SQLERRMC=LOGIN, DRIVER=4.26.14",
        {"kind": "null", "column": "LOGIN"},
    ),
    (
        (
            "SQL0803N  One or more values in the INSERT statement, UPDATE statement, or foreign key "
            "update caused by a DELETE "
            "statement are not valid because the primary key, unique constraint or unique index "
            'identified by "1" constrains '
            'table "CRM.PERSON" from having duplicate values for the index key.  SQLSTATE=23505'
        ),
        {"kind": "duplicate", "table": "CRM.PERSON", "constraint": "1"},
    ),
    (
        "DB2 SQL Error: SQLCODE=-803, SQLSTATE=23505, SQLERRMC=1;CRM.PERSON, DRIVER=4.26.14",
        {"kind": "duplicate", "table": "CRM.PERSON", "constraint": "1"},
    ),
    (
        (
            "SQL0545N  The requested operation is not allowed because a row does not satisfy the check constraint "
            '"CRM.PERSON.LOGIN_CK".  SQLSTATE=23513'
        ),
        {"kind": "check", "table": "CRM.PERSON", "constraint": "LOGIN_CK"},
    ),
    (
        'SQL0420N  Invalid character found in a character string argument of the function "DECIMAL".  SQLSTATE=22018',
        {"kind": "wrong_type"},
    ),
    ("SQL0413N  Overflow occurred during numeric data type conversion.  SQLSTATE=22003", {"kind": "out_of_range"}),
    (
        "SQL0180N  The syntax of the string representation of a datetime value is incorrect.  SQLSTATE=22007",
        {"kind": "wrong_type", "limit": "datetime"},
    ),
]
BEAN_VALIDATION = [
    (
        (
            "ConstraintViolationImpl{interpolatedMessage='size must be between 0 and 12', "
            "propertyPath=login, rootBeanClass=class "
            "com.example.Person, messageTemplate='{jakarta.validation.constraints.Size.message}'}"
        ),
        {"kind": "too_long", "column": "login", "limit": "12"},
    ),
    (
        (
            "Field error in object 'person' on field 'login': rejected value [abcdefghijklmn]; codes "
            "[Size.person.login,Size]; "
            "arguments [codes [person.login,login]; arguments []; default message [login],12,1]; "
            "default message [size must be "
            "between 1 and 12]"
        ),
        {"kind": "too_long", "column": "login", "value": "abcdefghijklmn", "limit": "12"},
    ),
    (
        (
            '{"status": 400, "errors": [{"objectName": "person", "field": "age", "rejectedValue": 130, '
            '"defaultMessage": "must be less than or equal to 120"}]}'
        ),
        {"kind": "too_large", "column": "age", "value": "130", "limit": "120"},
    ),
    (
        "jakarta.validation.ConstraintViolationException: create.person.login: must not be blank",
        {"kind": "null", "column": "create.person.login"},
    ),
]
MYSQL = [
    (
        (
            "com.mysql.cj.jdbc.exceptions.MysqlDataTruncation: Data truncation: Data too long for "
            "column 'login' at row 1\n"
            "\tat com.mysql.cj.jdbc.exceptions.SQLExceptionsMapping.translateException(SQLExceptionsMapping.java:104)"
        ),
        {"kind": "too_long", "column": "login"},
    ),
    (
        "Duplicate entry 'anna' for key 'person.login'",
        {"kind": "duplicate", "table": "person", "value": "anna", "constraint": "login"},
    ),
    ("Check constraint 'person_chk_1' is violated.", {"kind": "check", "constraint": "person_chk_1"}),
]
JDBC = [
    (
        (
            f'java.sql.BatchUpdateException: Batch entry 0 INSERT INTO "person" ("id","login") VALUES '
            f"({values}) was aborted: "
            "ERROR: value too long for type character varying(12)  Call getNextException to see other "
            "errors in the batch."
        ),
        {"kind": "too_long", "table": "person", "column": "login", "value": "it's too long", "limit": "12"},
    )
    for values in ("2,'it''s too long'", "('2'::int4),('it''s too long')")
] + [
    (
        (
            "org.postgresql.util.PSQLException: ERROR: duplicate key value violates unique constraint "
            '"person_login_key"\n'
            "  Detail: Key (login)=(anna) already exists.\n\tat "
            "org.postgresql.core.v3.QueryExecutorImpl.receiveErrorResponse"
        ),
        {"kind": "duplicate", "column": "login", "value": "anna", "constraint": "person_login_key"},
    )
]
CASES = [
    *(("oracle", *case) for case in ORACLE),
    *(("sqlserver", *case) for case in SQLSERVER),
    *(("db2", *case) for case in DB2),
    *(("bean_validation", *case) for case in BEAN_VALIDATION),
    *(("mysql", *case) for case in MYSQL),
    *(("postgres", *case) for case in JDBC),
]


@pytest.mark.parametrize(("engine", "message", "expected"), CASES)
def test_a_message_that_a_manual_gives_is_read(engine: str, message: str, expected: dict[str, str]) -> None:
    assert told(message) == {"engine": engine, **expected}


def test_a_stack_trace_that_repeats_its_message_is_one_error() -> None:
    message = "ERROR: value too long for type character varying(12)"
    trace = (
        f"org.hibernate.exception.DataException: could not execute [{message}]\nCaused by: PSQLException: {message}\n"
    )
    assert told(trace) == {"engine": "postgres", "kind": "too_long", "limit": "12"}


def test_several_violations_of_one_exception_are_several_errors() -> None:
    text = (
        "jakarta.validation.ConstraintViolationException: login: size must be between 1 and 12, name: must not be blank"
    )
    assert [(error.kind, error.columns) for error in read_errors(text)] == [("length", ("login",)), ("null", ("name",))]
