"""Choosing stills and planning their crops, with the next best in place of those that turn out unusable."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import TypeVar

from artgen.artwork import (
    Choice,
    Plan,
    SubtitleBand,
    Treatment,
    choose_around_picks,
    find_subtitle_band,
    find_themes,
    guard_spoilers,
    plan_variants,
)
from artgen.composition import find_overlays
from artgen.errors import InputError
from artgen.export.frames import TaggedFrames
from artgen.export.ruling import Ruling, refusal_of
from artgen.machine import core_count
from artgen.policy import sentence
from artgen.progress import Progress
from artgen.records import Box, Refused, Theme
from artgen.review import Review

A = TypeVar("A")
B = TypeVar("B")

MOST_LOOKED_AT = 12  # stills that tell what lies over all of them
MOST_WORKERS = 4  # each holds a picture; more would only wait for the disk


@dataclass(frozen=True, slots=True, eq=False)
class PlannedStill:
    """A chosen still and what can be made of it.

    `refused` says for which aspects nothing, and why; `unfit` are those of them that a policy refuses; `fault`
    says why its picture cannot be read.
    """

    choice: Choice
    plans: tuple[Plan, ...] = ()
    refused: tuple[str, ...] = ()
    unfit: tuple[Refused, ...] = ()
    fault: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CatalogPlan:
    """All that will be in a catalog, and what `ruling` keeps out of it.

    `left_out` names stills that cannot be read, `notes` say the rest.
    """

    themes: list[Theme]
    stills: list[PlannedStill]
    ruling: Ruling
    refused: list[Refused]
    left_out: list[str]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Over:
    """What lies over the stills of a title."""

    marks: tuple[Box, ...]
    subtitles: SubtitleBand | None

    def notes(self) -> list[str]:
        """A sentence for each kind."""
        said = []
        if self.marks:
            many = f"{len(self.marks)} marks lie" if len(self.marks) > 1 else "A mark lies"
            said.append(
                f"{many} over the whole title, such as a station's logo; crops keep off where they can."
            )
        if self.subtitles:
            said.append("The title has burned-in subtitles; crops keep off them where they can.")
        return said


def plan_catalog(
    tagged: TaggedFrames,
    *,
    aspects: Sequence[str],
    per_theme: int,
    review: Review,
    ruling: Ruling,
    treatment: Treatment | None = None,
    progress: Progress,
) -> CatalogPlan:
    """Choose stills for every theme and plan their variants: what people picked first, nothing they dropped.

    A still whose picture cannot be read, or of which no aspect can be cut, is left out with a note and
    the choice made again without it. What a policy keeps out of a use is no candidate either, picked or not.

    Raises:
        InputError: the folder has stills, but none can be used.
    """
    kinds, people = tagged.tagging.tags, tagged.people
    unusable: dict[str, PlannedStill] = {}
    planned: dict[tuple[str, str], PlannedStill] = {}
    over = _Over(_overlays(tagged), find_subtitle_band(tagged.candidates, size=tagged.size))
    kept_out = {one.still: one for one in ruling.kept_out(tagged.candidates)}
    guarded = guard_spoilers(
        tagged.candidates, people, guard=ruling.policy.spoilers, duration_s=ruling.duration_s
    )
    while True:
        out = review.refused | unusable.keys() | kept_out.keys()
        candidates = [candidate for candidate in guarded if candidate.id not in out]
        themes = find_themes(candidates, people, kinds)
        choices = choose_around_picks(
            themes, candidates, people=people, kinds=kinds, per_theme=per_theme, picks=review.picks
        )
        new = [choice for choice in choices if _key(choice) not in planned]

        def plan(choice: Choice) -> PlannedStill:
            return _plan_still(
                tagged,
                choice,
                aspects,
                over=over,
                dropped=review.refused_crops,
                ruling=ruling,
                treatment=treatment,
            )

        for still in in_threads(plan, new, label="planning crops", progress=progress):
            planned[_key(still.choice)] = still
        failed = [planned[_key(choice)] for choice in new if not planned[_key(choice)].plans]
        if not failed:
            break
        unusable |= {still.choice.candidate.id: still for still in failed}
    left_out = [still.fault for _, still in sorted(unusable.items()) if still.fault is not None]
    if left_out and not choices:
        raise InputError(f"{tagged.folder.root} has no still that can be used: {left_out[0]}")
    used = {choice.theme.id for choice in choices}
    notes = [
        f"{still} was passed over: {'; '.join(found.refused)}."
        for still, found in sorted(unusable.items())
        if found.fault is None
    ]
    notes += [
        f"{still} was picked by a person, but is not for {ruling.use}: {'; '.join(map(sentence, one.breaches))}."
        for still, one in sorted(kept_out.items())
        if still in review.picks
    ]
    lost = (
        review.picks.keys() - {choice.candidate.id for choice in choices} - unusable.keys() - kept_out.keys()
    )
    notes += [f"{still} was picked by a person, but is not among the stills." for still in sorted(lost)]
    notes += over.notes()
    notes += [f"The theme {t.label!r} found no still of its own." for t in themes if t.id not in used]
    if not choices:
        notes.append(f"{tagged.folder.root} has no still that could be artwork; the catalog is empty.")
    stills = [_with_choice(planned[_key(choice)], choice) for choice in choices]
    unfit = {one for still in (*unusable.values(), *stills) for one in still.unfit}
    refused = sorted({*kept_out.values(), *unfit}, key=lambda one: (one.still, one.aspect or ""))
    notes += ruling.notes(refused, stills=len(tagged.candidates))
    return CatalogPlan(
        [theme for theme in themes if theme.id in used], stills, ruling, refused, left_out, notes
    )


def in_threads(work: Callable[[A], B], items: Sequence[A], *, label: str, progress: Progress) -> Iterator[B]:
    """Results of work on each item, as they are done; what is not begun is dropped when one fails."""
    with ThreadPoolExecutor(min(MOST_WORKERS, core_count())) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            for future in progress.over(as_completed(futures), label, total=len(items)):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _overlays(tagged: TaggedFrames) -> tuple[Box, ...]:
    """Marks over the whole title, from a still of each of some shots spread over it; none where one cannot be read."""
    by_shot = {candidate.still.shot: candidate for candidate in tagged.candidates}
    shots = list(by_shot.values())
    try:
        return find_overlays(
            [tagged.picture(shot) for shot in shots[:: -(-len(shots) // MOST_LOOKED_AT) or 1]]
        )
    except InputError:  # said where that still is planned, or of no matter where it is not chosen
        return ()


def _plan_still(
    tagged: TaggedFrames,
    choice: Choice,
    aspects: Sequence[str],
    *,
    over: _Over,
    dropped: Collection[tuple[str, str]],
    ruling: Ruling,
    treatment: Treatment | None,
) -> PlannedStill:
    try:
        picture = tagged.picture(choice.candidate)
    except InputError as fault:
        return PlannedStill(choice, fault=str(fault))
    wanted = [aspect for aspect in aspects if (choice.candidate.id, aspect) not in dropped]
    plans, refusals = plan_variants(
        choice,
        picture,
        aspects=wanted,
        overlays=over.marks,
        subtitles=over.subtitles,
        treatment=treatment,
        subjects=not tagged.commercial,
    )
    refused = [f"no {aspect}, dropped by a person" for aspect in aspects if aspect not in wanted]
    refused += [f"no {r.aspect}, {r.reason}" for r in refusals]
    unfit = tuple(
        Refused(choice.candidate.id, p.aspect, found) for p in plans if (found := ruling.refuses(p))
    )
    refused += [refusal_of(str(one.aspect), ruling.use, one.breaches) for one in unfit]
    fit = tuple(plan for plan in plans if plan.aspect not in {one.aspect for one in unfit})
    return PlannedStill(choice, fit, tuple(refused), unfit)


def _key(choice: Choice) -> tuple[str, str]:
    return choice.theme.id, choice.candidate.id


def _with_choice(still: PlannedStill, choice: Choice) -> PlannedStill:
    """The still as planned before, for the same choice made again with other reasons."""
    return replace(still, choice=choice, plans=tuple(replace(plan, choice=choice) for plan in still.plans))
