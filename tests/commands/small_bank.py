"""A bank of six systems with real stores: what the stories of support are told on."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "fieldline.yaml": """\
estate: small
env: [CRM_URL, BILLING_URL, LETTERS_URL, LIST_URL, NETBANK_URL]
find:
  customer number: [crm.person.customer_no]
  e-mail: [crm.person.email]
  order number: [shop.order.order_no, callcentre.list.order_ref]
""",
    "contracts/web.yaml": """\
system: web
title: Web sign-up
owner: {team: Web, contact: web@bank.example}
repair: {by: [web-support], typically: PT4H, channel: "#web-support"}
customer_text: "Your user name is too long for billing: at most 12 characters, A–Z and digits."
entities:
  signup:
    kind: entry
    fields:
      customer_no: {type: text, required: true, pattern: "W[0-9]{9}"}
      username: {type: text, title: User name, required: true, min_length: 1, max_length: 20, pattern: "[A-Za-z0-9]*"}
      street: {type: text, title: Postal address, max_length: 40}
      email: {type: text, title: E-mail, max_length: 60}
""",
    "contracts/crm.yaml": """\
system: crm
title: Customer register
repair: {by: [data-stewards], typically: P1D, channel: "#customer-data"}
entities:
  person:
    key: customer_no
    store: {database: CRM_URL, table: person}
    changed: updated_at
    fields:
      customer_no: {type: text, title: Customer number, required: true}
      login: {type: text, title: User name, required: true, max_length: 64, unique: true}
      street: {type: text, title: Postal address, same: postal address, max_length: 60}
      email: {type: text, title: E-mail, max_length: 60}
      updated_at: {type: datetime}
""",
    "contracts/billing.yaml": """\
system: billing
title: Billing
repair: {by: [billing-dba], typically: P3D, channel: "#billing-support"}
entities:
  customer:
    key: customer_ref
    store: {database: BILLING_URL, table: customer}
    changed: changed_at
    fields:
      customer_ref: {type: text, required: true}
      username: {type: text, title: User name, required: true, max_length: 12, pattern: "[A-Z0-9]*", unique: true}
      street: {type: text, title: Postal address, same: postal address, max_length: 60}
      changed_at: {type: datetime}
""",
    "contracts/letters.yaml": """\
system: letters
title: Letters
repair: {by: [letter-desk], typically: P1D}
entities:
  label:
    key: no
    store: {database: LETTERS_URL, table: label}
    changed: changed_at
    fields:
      no: {type: text, required: true}
      street_line: {type: text, title: Postal address, same: postal address, max_length: 60}
      return_address: {type: text, title: Return address, same: postal address}
      changed_at: {type: datetime}
""",
    "contracts/netbank.yaml": """\
system: netbank
title: Net bank
repair: {by: [netbank-team], typically: PT2H}
entities:
  profile:
    key: customer_no
    store: {database: NETBANK_URL, table: profile}
    changed: changed_at
    fields:
      customer_no: {type: text, required: true}
      email: {type: text, title: E-mail, max_length: 60}
      changed_at: {type: datetime}
""",
    "contracts/shop.yaml": """\
system: shop
title: Web orders
entities:
  order:
    key: order_no
    store: {file: orders.csv}
    fields:
      order_no: {type: text, required: true}
      customer_no: {type: text, required: true}
""",
    "contracts/callcentre.yaml": """\
system: callcentre
title: Call-centre list
entities:
  list:
    key: order_ref
    store: {database: LIST_URL, table: list}
    fields:
      order_ref: {type: text, required: true}
""",
    "lineage/customer.yaml": """\
flows:
  - {from: web.signup.customer_no, to: crm.person.customer_no, by: sign-up API, lag: PT1M}
  - {from: web.signup.username, to: crm.person.login, via: [trim, lower], by: sign-up API, lag: PT1M}
  - {from: web.signup.street, to: crm.person.street, by: sign-up API, lag: PT1M}
  - {from: web.signup.email, to: crm.person.email, via: [trim, lower], by: sign-up API, lag: PT1M}
  - from: crm.person.customer_no
    to: billing.customer.customer_ref
    via: [{remove: {characters: "W"}}]
    by: nightly billing batch
    lag: PT24H
  - {from: crm.person.login, to: billing.customer.username, via: [upper], by: nightly billing batch, lag: PT24H}
  - {from: crm.person.street, to: billing.customer.street, by: nightly billing batch, lag: PT24H}
  - {from: crm.person.customer_no, to: letters.label.no, by: weekly letter run, lag: P7D}
  - {from: crm.person.street, to: letters.label.street_line, by: weekly letter run, lag: P7D}
  - {from: crm.person.customer_no, to: netbank.profile.customer_no, by: profile sync, lag: PT1H}
  - {from: crm.person.email, to: netbank.profile.email, by: profile sync, lag: PT1H}
""",
    "orders.csv": "order_no,customer_no\nWO-2024-000123,W000000012\nWO-2024-000124,W000000013\n",
}

TABLES = {
    "CRM_URL": "CREATE TABLE person (customer_no TEXT PRIMARY KEY, login TEXT, street TEXT, email TEXT, updated_at TEXT)",
    "BILLING_URL": "CREATE TABLE customer (customer_ref TEXT PRIMARY KEY, username TEXT, street TEXT, changed_at TEXT)",
    "LETTERS_URL": "CREATE TABLE label (no TEXT PRIMARY KEY, street_line TEXT, return_address TEXT, changed_at TEXT)",
    "NETBANK_URL": "CREATE TABLE profile (customer_no TEXT PRIMARY KEY, email TEXT, changed_at TEXT)",
    "LIST_URL": "CREATE TABLE list (order_ref TEXT PRIMARY KEY)",
}


class SmallBank:
    """The bank in a folder, with its stores."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        for name, definition in TABLES.items():
            self.run(name, definition)

    def path(self, variable: str) -> Path:
        """The file of a store."""
        return self.root / f"{variable.lower()}.db"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that name the stores."""
        return {name: f"sqlite:///{self.path(name)}" for name in TABLES}

    def run(self, variable: str, statement: str, *values: str) -> None:
        """Change a store, as its own system would."""
        database = sqlite3.connect(self.path(variable))
        with database:
            database.execute(statement, values)
        database.close()

    def has(self, customer: str, login: str, street: str, email: str, changed: str = "2026-05-01T08:00:00Z") -> None:
        """A customer in every system, as the flows bring her."""
        self.run("CRM_URL", "INSERT INTO person VALUES (?, ?, ?, ?, ?)", customer, login, street, email, changed)
        billing = (customer.removeprefix("W"), login.upper(), street, changed)
        self.run("BILLING_URL", "INSERT INTO customer VALUES (?, ?, ?, ?)", *billing)
        self.run("LETTERS_URL", "INSERT INTO label VALUES (?, ?, 'Bank, Helsinki', ?)", customer, street, changed)
        self.run("NETBANK_URL", "INSERT INTO profile VALUES (?, ?, ?)", customer, email, changed)
