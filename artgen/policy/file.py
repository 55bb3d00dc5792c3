"""The policy file: what each use of artwork allows, read as something that comes from outside."""

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from artgen.errors import InputError, UsageError, machine_faults
from artgen.records import Policy, UseRules

POLICY_FORMAT = 1
MOST_BYTES = 100_000
MOST_USES = 20
MOST_RULES = 100
LONGEST_MEANING = 300
USE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def load_policy(path: Path | None = None) -> Policy:
    """Read a policy file; None reads artgen's own, default.json of this package.

    Raises:
        InputError: it is missing, too large, not JSON, or breaks a rule of docs/policy.md; the message names
            the file and the place in it.
        MachineError: it may not be read.
    """
    if path is None:
        return _checked(
            "the default policy", (resources.files("artgen.policy") / "default.json").read_bytes()
        )
    try:
        with machine_faults(path), path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as absent:
        raise InputError(f"{path}: there is no such policy file; check the path.") from absent
    if len(data) > MOST_BYTES:
        raise InputError(f"{path}: the policy is larger than {MOST_BYTES} bytes; make it smaller.")
    return _checked(f"{path}", data)


def check_use(policy: Policy, use: str | None) -> None:
    """Do nothing where the policy has the use, or none is asked for.

    Raises:
        UsageError: it has not.
    """
    if use is not None and use not in policy.uses:
        raise UsageError(f"{policy.name} has no use {use!r}; use one of {', '.join(policy.uses)}.")


def _checked(name: str, data: bytes) -> Policy:
    try:
        policy = msgspec.json.decode(data, type=Policy)
        given = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise InputError(f"{name} is no policy ({fault}); docs/policy.md shows the form.") from fault
    wrong = _first_unknown(given, msgspec.to_builtins(policy), "$") or next(_faults(policy), None)
    if wrong is not None:
        raise InputError(f"{name} is not a sound policy: {wrong}; docs/policy.md shows the form.")
    return policy


def _first_unknown(given: Any, known: Any, place: str) -> str | None:
    """The first field that would be passed over: a limit with a slip in its name must not be lost."""
    if not isinstance(given, dict):
        return None
    for name, value in given.items():
        if name not in known:
            return f"{place} has the unknown field {name[:60]!r}"
        wrong = _first_unknown(value, known[name], f"{place}.{name}")
        if wrong is not None:
            return wrong
    return None


def _faults(policy: Policy) -> Iterator[str]:
    guard = policy.spoilers
    if policy.format != POLICY_FORMAT:
        yield f"format is {policy.format}, this artgen reads {POLICY_FORMAT}"
    if not 0 < len(policy.name) <= 100:
        yield "$.name is empty or longer than 100 characters"
    if guard.from_duration_s < 0 or not (0 <= guard.latest <= 1 and 0 <= guard.first_seen <= 1):
        yield "$.spoilers has a duration below 0 or a place outside 0..1"
    if not 0 < len(policy.uses) <= MOST_USES:
        yield f"$.uses names {len(policy.uses)} uses, 1 to {MOST_USES} can be"
    for name, rules in policy.uses.items():
        if not USE.fullmatch(name):
            yield f"$.uses has the name {name[:60]!r}, names are of small letters, digits and dashes"
        yield from (f"$.uses.{name} {fault}" for fault in _rules_faults(rules))


def _rules_faults(rules: UseRules) -> Iterator[str]:
    fractions = {"most_text": rules.most_text, "latest": rules.latest, "first_seen": rules.first_seen}
    fractions |= {f"tags.{tag[:60]}": limit for tag, limit in rules.tags.items()}
    for name, value in fractions.items():
        if value is not None and not 0 <= value <= 1:
            yield f"has {name} {value}, it must be from 0 to 1"
    if rules.most_people is not None and rules.most_people < 0:
        yield f"has most_people {rules.most_people}, it must be 0 or more"
    if len(rules.tags) > MOST_RULES or any(not 0 < len(tag) <= 40 for tag in rules.tags):
        yield f"has more than {MOST_RULES} tags, or a tag's name that is empty or longer than 40 characters"
    if len(rules.meaning) > LONGEST_MEANING:
        yield f"has a meaning longer than {LONGEST_MEANING} characters"
