"""Errors in the words of an estate: the field they are about, who let the value in, no guess where that is not clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.application.errors import trace_errors
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.application.errors import AnsweredError
    from fieldline.estate.load import Estate


@pytest.fixture(scope="module")
def nordbank(examples: Path) -> Estate:
    return load_estate(examples / "nordbank")


def one(estate: Estate, text: str, at: str | None = None) -> AnsweredError:
    (answered,) = trace_errors(estate, text, at).errors
    return answered


def places(answered: AnsweredError) -> list[str]:
    return [".".join(field.full_name) for place in answered.meant.places for field in place]


def roots(answered: AnsweredError) -> dict[str, str]:
    return {str(root.entry.full_name): root.verdict for root in answered.traced[0].roots}


TOO_LONG = (
    'Batch entry 0 INSERT INTO "customer" ("username","country") VALUES (\'MAXIMILIAN1234\',\'FI\') was aborted: ERROR: '
    "value too long for type character varying(12)  Call getNextException to see other errors in the batch."
)


def test_an_error_with_its_value_is_traced_to_the_entry_that_let_it_in(nordbank: Estate) -> None:
    answered = one(nordbank, TOO_LONG)
    assert places(answered) == ["billing.customer.username"]
    (traced,) = answered.traced
    assert traced.answer is not None
    assert traced.answer.trace.value == "MAXIMILIAN1234"
    assert roots(answered) == {
        "web.signup": "refuted",
        "branch.onboarding": "proved",
        "partner.applications": "proved",
    }
    assert traced.disagreement is None
    assert traced.customer_text.text == (
        "Please choose another value for User name on the sign-up page. "
        "Allowed: at most 12 characters (A–Z, a–z and digits)."
    )


def test_the_customer_is_told_in_the_language_that_was_asked_for(nordbank: Estate) -> None:
    answer = trace_errors(nordbank, TOO_LONG, language="fi")
    (traced,) = answer.errors[0].traced
    assert (answer.language, traced.customer_text.language) == ("fi", "fi")
    assert traced.customer_text.text.startswith("Käyttäjätunnus: valitse toinen rekisteröitymissivulla.")
    without_value = "value too long for type character varying(12)"
    (traced,) = trace_errors(nordbank, without_value, "billing.customer.username", language="sv").errors[0].traced
    assert (traced.answer, traced.customer_text.language) == (None, "sv")


def test_an_error_without_its_value_names_the_entries_that_accept_such_values(nordbank: Estate) -> None:
    answered = one(nordbank, "Data too long for column `bank`.`customer`.`username` at row 7".replace("`bank`", "`d`"))
    assert places(answered) == ["billing.customer.username"]
    (traced,) = answered.traced
    assert traced.answer is None
    assert roots(answered) == {
        "web.signup": "refuted",
        "branch.onboarding": "proved",
        "partner.applications": "proved",
    }


def test_several_fields_that_may_be_meant_are_several_and_one_can_be_named(nordbank: Estate) -> None:
    message = "Data too long for column 'username' at row 1"
    assert places(one(nordbank, message)) == [
        "billing.customer.username",
        "branch.onboarding.username",
        "partner.applications.username",
        "web.signup.username",
    ]
    assert places(one(nordbank, message, "billing.customer.username")) == ["billing.customer.username"]


def test_a_limit_tells_which_of_several_fields_is_meant(nordbank: Estate) -> None:
    schema = "Failed validating 'maxLength' in schema['properties']['first_name']:\n    {'maxLength': 25}"
    text = f"{schema}\n\nOn instance['first_name']:\n    'a'"
    assert places(one(nordbank, text)) == ["branch.onboarding.first_name"]


def test_a_table_or_a_column_that_no_contract_has_is_not_guessed(nordbank: Estate) -> None:
    answered = one(nordbank, 'null value in column "username" of relation "custmer" violates not-null constraint')
    assert (places(answered), answered.meant.suggestion) == ([], "customer")
    assert answered.meant.reason == "no contract has a table or an entity named custmer"
    answered = one(nordbank, 'null value in column "usernam" of relation "customer" violates not-null constraint')
    assert (places(answered), answered.meant.suggestion) == ([], "username")


def test_a_message_and_a_contract_that_differ_are_said_to_differ(nordbank: Estate) -> None:
    text = 'ORA-12899: value too large for column "BANK"."CUSTOMER"."USERNAME" (actual: 14, maximum: 8)'
    assert one(nordbank, text).traced[0].disagreement == "the message says 8, the contract at most 12 bytes in cp037"
    text = "UNIQUE constraint failed: person.country"
    assert one(nordbank, text).traced[0].disagreement == "the contract lets values stand twice there"


def test_a_value_of_another_type_is_traced_as_the_text_it_was(nordbank: Estate) -> None:
    answered = one(nordbank, "Incorrect decimal value: 'a lot' for column `d`.`customer`.`credit_limit` at row 1")
    (traced,) = answered.traced
    assert traced.answer is not None
    assert traced.answer.trace.value == "a lot"
    assert "type" in [constraint.name for constraint in traced.answer.trace.rejected_by]
    assert roots(answered) == {"partner.applications": "proved"}


def test_a_text_that_is_no_error_is_a_problem_that_does_not_repeat_it(nordbank: Estate) -> None:
    with pytest.raises(EstateError, match="could not read this as an error") as error:
        trace_errors(nordbank, "my secret")
    assert "secret" not in str(error.value)


SCHEMA = """CREATE TABLE public.person (
  id int PRIMARY KEY,
  login varchar(12) NOT NULL UNIQUE,
  mail text CHECK (mail LIKE '%@%'),
  a int, b int, UNIQUE (a, b)
);
"""


@pytest.fixture(scope="module")
def of_sql(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    """A system whose contract is read from SQL, and renames what the database has; and one on another engine."""
    folder = tmp_path_factory.mktemp("estate")
    files = {
        "fieldline.yaml": "estate: e\n",
        "schema.sql": SCHEMA,
        "contracts/crm.yaml": (
            "system: crm\nfrom: {sql: {files: schema.sql, dialect: postgres, as: {person: customer, person.login: user}}}\n"
        ),
        "contracts/old.yaml": (
            "system: old\nengine: oracle\nentities:\n  person:\n    fields:\n"
            "      login: {type: text, max_length: 12}\n      mail: {type: text}\n"
        ),
        "lineage/none.yaml": "flows: []\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return load_estate(folder)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        # the names that the database has, on the engine that reports; Oracle's person is another one
        ('null value in column "login" of relation "person" violates not-null constraint', ["crm.customer.user"]),
        ('ORA-12899: value too large for column "X"."PERSON"."LOGIN" (actual: 14, maximum: 12)', ["old.person.login"]),
        # a check that PostgreSQL named, a primary key, a key of two columns
        ('new row for relation "person" violates check constraint "person_mail_check"', ["crm.customer.mail"]),
        ('duplicate key value violates unique constraint "person_pkey"', ["crm.customer.id"]),
        (
            'duplicate key value violates unique constraint "x"\nDETAIL:  Key (a, b)=(1, 2) already exists.',
            ["crm.customer.a", "crm.customer.b"],
        ),
        # no name at all: the only limit of twelve on this engine
        ("value too long for type character varying(12)", ["crm.customer.user"]),
        ("CHECK constraint failed: length(mail) > 3", []),  # SQLite runs none of them
    ],
)
def test_names_of_the_source_the_engine_and_the_constraint_tell_the_field(
    of_sql: Estate, message: str, expected: list[str]
) -> None:
    assert places(one(of_sql, message)) == expected
