"""A policy held to one title: what each use refuses, and what nobody has judged."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from artgen.artwork import Candidate, Plan
from artgen.artwork.ranking import COUNTED_FACE
from artgen.export.frames import TaggedFrames
from artgen.policy import Shown, check_use, guards, judge_use, sentence
from artgen.records import Breach, Policy, Refused, Verdict, covered_fraction, rounded


@dataclass(frozen=True, slots=True, eq=False)
class Ruling:
    """A policy, and what it needs to know of a title.

    `use` is the one a catalog is made for, None for all; `judged` are tags that the model in use can be relied on
    for; `first_seen_s` is when each person is first seen.
    """

    policy: Policy
    use: str | None
    judged: frozenset[str]
    guarded: bool
    duration_s: float
    first_seen_s: dict[str, float]

    def place(self, candidate: Candidate) -> float:
        """Where in the film a still lies, 0..1."""
        return min(1.0, max(0.0, candidate.still.time_s / self.duration_s)) if self.duration_s > 0 else 0.0

    def verdicts(self, plan: Plan) -> dict[str, Verdict]:
        """What the policy says of a variant, for every use."""
        candidate = plan.choice.candidate
        high = plan.crop.box[3] - plan.crop.box[1]
        lettering = candidate.composition.text_boxes if candidate.composition is not None else ()
        shown = Shown(
            tags=candidate.tags,
            place=self.place(candidate),
            text=covered_fraction(plan.crop.box, lettering),
            people=sum((face.box[3] - face.box[1]) / high >= COUNTED_FACE for face in plan.faces),
            first_seen=rounded(
                {person: seen_s / self.duration_s for person, seen_s in self.first_seen_of(plan).items()}
            )
            if self.duration_s > 0
            else {},
        )
        return {use: self._judge(shown, use) for use in self.policy.uses}

    def first_seen_of(self, plan: Plan) -> dict[str, float]:
        """Seconds at which each known person of a variant is first seen, largest face first."""
        people = dict.fromkeys(face.person for face in plan.faces if face.person is not None)
        return {person: self.first_seen_s[person] for person in people if person in self.first_seen_s}

    def kept_out(self, candidates: Sequence[Candidate]) -> list[Refused]:
        """Stills that are not for the use the catalog is made for, whatever is cut from them."""
        if self.use is None:
            return []
        found = ((c, self._judge(Shown(c.tags, self.place(c)), self.use).breaches) for c in candidates)
        return [Refused(candidate.id, None, breaches) for candidate, breaches in found if breaches]

    def refuses(self, plan: Plan) -> tuple[Breach, ...]:
        """Why a variant is not for the use the catalog is made for; nothing where it may be."""
        return () if self.use is None else self.verdicts(plan)[self.use].breaches

    def notes(self, refused: Sequence[Refused], *, stills: int) -> list[str]:
        """What a person should know: how much a use keeps out, and what nobody has judged."""
        said = []
        if self.use is not None:
            whole = [one for one in refused if one.aspect is None]
            reasons = Counter(b.what if b.rule == "tag" else b.rule for one in refused for b in one.breaches)
            counted = f" ({', '.join(f'{name}: {count}' for name, count in reasons.most_common())})"
            said.append(
                f"Made for {self.use} only: of {stills} stills {len(whole)} are kept out of it, and "
                f"{len(refused) - len(whole)} crops{counted if reasons else ''}; the catalog lists each under refused."
            )
        uses = [self.use] if self.use is not None else list(self.policy.uses)
        limited = {tag: use for use in uses for tag in self.policy.uses[use].tags if tag not in self.judged}
        if limited and stills:
            concerned = [use for use in uses if not self.policy.uses[use].tags.keys() <= self.judged]
            said.append(
                f"Nobody has judged {', '.join(sorted(limited))}, which the model in use cannot: for "
                f"{', '.join(concerned)} look at every piece yourself, or tag with a larger model."
            )
        return said

    def _judge(self, shown: Shown, use: str) -> Verdict:
        return judge_use(shown, self.policy.uses[use], judged=self.judged, guarded=self.guarded)


def rule(tagged: TaggedFrames, policy: Policy, use: str | None) -> Ruling:
    """Hold a policy ready for a title.

    Raises:
        UsageError: the policy has no such use.
    """
    check_use(policy, use)
    duration_s = tagged.title.duration_s
    return Ruling(
        policy=policy,
        use=use,
        judged=frozenset(kind.name for kind in tagged.tagging.tags if not kind.weak),
        guarded=guards(policy, duration_s=duration_s),
        duration_s=duration_s,
        first_seen_s={person.id: person.first_s for person in tagged.people},
    )


def refusal_of(aspect: str, use: str | None, breaches: Sequence[Breach]) -> str:
    """A refused crop as the notes of its still say it."""
    return f"no {aspect}, not for {use}: {'; '.join(sentence(breach) for breach in breaches)}"
