"""Writes a generated estate: systems in tiers, the same kinds of field everywhere, most of the same size.

    python benchmarks/generated_estate.py FOLDER [SYSTEMS FIELDS FLOWS [SEED]]      (200 50 20000 1 when left out)

No benchmark itself: others take their estates from here.

One system in ten is an entry. Nine fields in ten have the usual limit of their kind, the tenth one of its own, in units
of its own; one in fifty is truncated. A flow leads from a field to one of the same kind in the next tier; one in five has
transforms. The same numbers and seed always give the same estate.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

TIERS = 6

TEXT_KINDS = [
    "user_name", "first_name", "last_name", "full_name", "street", "city", "postal_code", "country", "email", "phone",
    "iban", "bic", "company", "department", "reference", "purpose", "account_no", "customer_no", "tax_id", "language",
    "currency", "status", "channel", "note", "title", "middle_name", "house_no", "region", "mandate", "creditor",
    "debtor", "branch", "product", "segment", "agent", "login", "alias", "nickname", "passport", "licence",
    "card_holder", "card_no", "merchant", "category", "invoice_no", "order_no", "contract_no", "policy_no",
]  # fmt: skip
LIMITS = (12, 20, 30, 35, 40, 60, 64, 70, 100, 140, 255)
TRANSFORMS = ["[trim]"] * 6 + ["[upper]"] * 2 + ["[lower]"] * 2 + ["[trim, upper]"] * 2 + ["[collapse_spaces]"] * 2 + [
    '[{replace: {characters: {"ä": "ae", "ö": "oe", "å": "aa"}}}]', '[{remove: {characters: " -"}}]', "[{truncate: 60}]",
    "[trim, {truncate: 35}]",
]  # fmt: skip
PATTERNS = {
    "postal_code": "[0-9A-Z -]{3,10}",
    "country": "[A-Z]{2}",
    "email": "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\\\.[A-Za-z]{2,}",
    "phone": "\\\\+?[0-9 ()-]{5,20}",
    "iban": "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}",
    "bic": "[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?",
    "currency": "[A-Z]{3}",
    "account_no": "[0-9]{6,20}",
    "customer_no": "C-[0-9]{8}",
}


def field(kind: str, rng: random.Random) -> str:
    """The contract of one field, as a flow mapping."""
    usual = LIMITS[sum(map(ord, kind)) % len(LIMITS)]
    parts = ["type: text"]
    unit = rng.random()
    if unit < 0.9:
        parts.append(f"max_length: {usual}")
    elif unit < 0.95:
        parts.append(f"max_length: {rng.choice(LIMITS)}")
    elif unit < 0.98:
        parts.append(
            f"max_bytes: {{limit: {rng.choice(LIMITS)}, encoding: {rng.choice(['utf-8', 'latin-1', 'cp037'])}}}"
        )
    else:
        parts.append(f"max_utf16: {rng.choice(LIMITS)}")
    if kind in PATTERNS and rng.random() < 0.5:
        parts.append(f'pattern: "{PATTERNS[kind]}"')
    if rng.random() < 0.1:
        parts.append("required: true")
    if rng.random() < 0.02:
        parts.append("on_violation: truncate")
    return "{" + ", ".join(parts) + "}"


def generate(folder: Path, systems: int = 200, fields: int = 50, flows: int = 20_000, seed: int = 1) -> None:
    """Write the estate."""
    rng = random.Random(seed)
    (folder / "contracts").mkdir(parents=True)
    (folder / "lineage").mkdir()
    (folder / "fieldline.yaml").write_text("estate: generated\n", encoding="utf-8")
    kinds = [TEXT_KINDS[i % len(TEXT_KINDS)] + ("" if i < len(TEXT_KINDS) else f"_{i}") for i in range(fields)]
    tier_of = [
        0 if i < systems // 10 else 1 + (i - systems // 10) * (TIERS - 1) // (systems - systems // 10)
        for i in range(systems)
    ]
    for i in range(systems):
        lines = [f"system: s{i:03}", f"owner: {{team: team {i % 17}}}", "entities:", "  record:"]
        lines.append(f"    kind: {'entry' if tier_of[i] == 0 else 'table'}")
        lines.append("    fields:")
        lines += [
            f"      {kind}: {field(kind.rsplit('_', 1)[0] if kind[-1].isdigit() else kind, rng)}" for kind in kinds
        ]
        (folder / "contracts" / f"s{i:03}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    by_tier = [[i for i in range(systems) if tier_of[i] == tier] for tier in range(TIERS)]
    seen: set[tuple[int, int, str]] = set()
    written: list[str] = ["flows:"]
    while len(seen) < flows:
        tier = rng.randrange(TIERS - 1)
        key = (rng.choice(by_tier[tier]), rng.choice(by_tier[tier + 1]), rng.choice(kinds))
        if key in seen:
            continue
        seen.add(key)
        source, target, kind = key
        via = f", via: {rng.choice(TRANSFORMS)}" if rng.random() < 0.2 else ""
        written.append(f"  - {{from: s{source:03}.record.{kind}, to: s{target:03}.record.{kind}{via}}}")
    (folder / "lineage" / "flows.yaml").write_text("\n".join(written) + "\n", encoding="utf-8")


def asked() -> tuple[list[int], Path | None]:
    """What a benchmark's command line says: `SYSTEMS FIELDS FLOWS` or `--quick` as three numbers, and a peer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", type=int, nargs="*", metavar="N", help="SYSTEMS FIELDS FLOWS")
    parser.add_argument("--quick", action="store_true", help="a small estate: whether it runs, not how fast")
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT", help="another version of Fieldline, as a peer")
    given = parser.parse_args()
    if given.size and len(given.size) != 3:
        parser.error("give all three of SYSTEMS FIELDS FLOWS")
    return given.size or ([40, 20, 800] if given.quick else [200, 50, 20_000]), given.beside


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write a generated estate.")
    parser.add_argument("folder", type=Path, help="where to write it; it must not exist")
    parser.add_argument("numbers", type=int, nargs="*", metavar="N", help="SYSTEMS FIELDS FLOWS SEED")
    words = parser.parse_args()
    generate(words.folder, *words.numbers)
