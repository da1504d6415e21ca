"""Two entries that must agree do not accept the same values.

A rule over records, `channels` in `rules/*.yaml`, names entries through which people give the same information. In
fields that mean the same (by `same`, or else by one name) they must accept the same values. A value proves each
difference, in each direction. A field that the other entry does not have is no difference.

Why: The branch rejects a value that the web accepts, and people are sent from one channel to the other.

Bad: the branch stops at 20 characters.

    # rules/channels.yaml
    rules:
      - {channels: [web.signup, branch.onboarding], agree: true}
    # contracts/web.yaml
    city: {type: text, max_length: 50}
    # contracts/branch.yaml
    city: {type: text, max_length: 20}

Good: both accept the same.

    # contracts/branch.yaml
    city: {type: text, max_length: 50}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Severity
from ..judging.agreement import disagreements
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..finding import Finding
    from ..judging.context import Context


def _check(context: Context) -> Iterator[Finding]:
    breaches = (each for demand in context.estate.record_rules.agreeing for each in disagreements(context, demand))
    for breach in {each.subject: each for each in breaches}.values():
        yield breach.finding(CHANNELS_DIFFER_RULE)


CHANNELS_DIFFER_RULE = Rule("channels-differ", Severity.ERROR, _check, __doc__ or "", is_of_fields=False)
