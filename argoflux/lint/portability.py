"""What a move to the other system would lose, as the conversion itself says it.

A rule of the family AF6 owns some codes of conversion messages; its findings are those messages, at
their places. Nothing is judged a second time here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.convert.convert import convert
from argoflux.convert.request import request_for
from argoflux.finding import Severity
from argoflux.mapping.emission import ConvertOptions
from argoflux.mapping.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.convert.result import Conversion
    from argoflux.finding import Finding, Place
    from argoflux.lint.context import Context
    from argoflux.lint.rule import Rule
    from argoflux.mapping.concept import System
    from argoflux.resource import Resource

LOSSES = frozenset({Verdict.APPROXIMATE, Verdict.NONE, Verdict.MANUAL})

OWNERS: dict[str, str] = {
    # to Flux
    "A2F-WAVE": "AF601",
    "A2F-HOOK": "AF601",
    "A2F-OPT-003": "AF601",  # pruning last
    "A2F-OPT-011": "AF601",  # waiting for a person
    "A2F-PRJ": "AF602",
    "A2F-OPT": "AF602",
    "A2F-SYN": "AF602",
    "A2F-DEL": "AF602",
    "A2F-HIS": "AF602",
    "A2F-HLT": "AF602",
    "A2F-INF": "AF602",
    "A2F-ANN": "AF602",
    "A2F-CM": "AF602",
    "A2F-NOT": "AF602",
    "A2F-IMG": "AF602",
    "A2F-SRC": "AF603",
    "A2F-REV": "AF603",
    "A2F-MUL": "AF603",
    "A2F-PLG": "AF603",
    "A2F-HYD": "AF603",
    "A2F-KUS": "AF603",
    "A2F-HELM": "AF603",
    "A2F-SEC": "AF603",
    "A2F-SET": "AF604",
    "A2F-IGN": "AF605",
    "A2F-HELM-003": "AF606",  # the first release of a chart
    "A2F-HELM-013": "AF606",
    "A2F-HELM-014": "AF606",
    "A2F-HELM-016": "AF606",
    "A2F-HELM-018": "AF606",
    "A2F-HELM-019": "AF606",
    "A2F-HELM-020": "AF606",
    "A2F-HELM-021": "AF606",
    "A2F-MIG": "AF606",
    "A2F-NS": "AF606",
    "A2F-DST": "AF606",
    # to Argo CD
    "F2A-ANN": "AF605",
    "F2A-KS-019": "AF605",
    "F2A-KS-025": "AF605",
    "F2A-KS-026": "AF605",
    "F2A-KS-030": "AF605",
    "F2A-KS-011": "AF605",
    "F2A-KS-032": "AF605",
    "F2A-HR-019": "AF606",
    "F2A-NS": "AF606",
    "F2A-KS": "AF607",
    "F2A-SUB": "AF607",
    "F2A-SOPS": "AF607",
    "F2A-GIT-015": "AF607",  # ignore rules
    "F2A-GIT-016": "AF607",
    "F2A-DAG": "AF608",
    "F2A-DEL": "AF608",
    "F2A-KS-006": "AF608",
    "F2A-KS-009": "AF608",
    "F2A-KS-010": "AF608",
    "F2A-KS-012": "AF608",
    "F2A-KS-013": "AF608",
    "F2A-KS-014": "AF608",
    "F2A-KS-015": "AF608",
    "F2A-HR": "AF609",
    "F2A-HC": "AF609",
    "F2A-HREPO": "AF609",
    "F2A-GIT": "AF610",
    "F2A-OCI": "AF610",
    "F2A-BKT": "AF610",
    "F2A-SEC": "AF610",
    "F2A-TEN": "AF610",
    "F2A-KUBE": "AF610",
    "F2A-IMG": "AF610",
    "F2A-NOT": "AF610",
    "F2A-RCV": "AF610",
    "F2A-AG": "AF610",
    "F2A-FO": "AF610",
    "F2A-FLG": "AF610",
}
"""The rule that tells a message, by its code or area; the longer entry wins."""

MECHANICS = {
    "A2F-API": "which version of a kind was read: AF103 and AF104 say so in every profile",
    "F2A-API": "which version of a kind was read: AF103 and AF104 say so in every profile",
    "A2F-NAM": "names that the converter chooses",
    "A2F-OBJ": "objects that the converter does not take, and where its output stands",
    "F2A-OBJ": "objects that the converter does not take, and where its output stands",
    "F2A-BOOT": "objects that the converter does not take",
    "F2A-CM": "where the output adds to settings of Argo CD that stand in the input",
    "F2A-JOIN": "references that lead nowhere: AF202 says so in every profile",
    "F2A-OVL": "overlays that the converter cannot follow",
    "A2F-RUN": "notes about a whole run, which stand at no object",
}
"""Areas about the conversion itself rather than about what an author wrote, and why."""


def owner(code: str) -> str:
    """The rule that tells a message, empty for the mechanics of conversion."""
    return OWNERS.get(code) or OWNERS.get(code.rpartition("-")[0], "")


def losses(rule: Rule, to: System, ctx: Context) -> Iterator[Finding]:
    """The findings of one rule about a move to a system."""
    for message in _conversion(to, ctx).messages:
        if message.verdict not in LOSSES or owner(message.code) != rule.code:
            continue
        partly = message.verdict is Verdict.APPROXIMATE
        text = f"{message.text}; {message.instead}" if message.instead else message.text
        for place in message.places:
            yield rule.at(
                place,
                f"{text} ({message.code})",
                resource=_object_at(place, ctx),
                severity=Severity.INFO if partly else rule.severity,
            )


def _object_at(place: Place, ctx: Context) -> Resource | None:
    """The object that a place belongs to."""
    known: dict[int, list[Resource]] = ctx.memory.setdefault("by document", {})
    if not known:
        for resource in ctx.resources:
            known.setdefault(resource.document.start, []).append(resource)
    start = getattr(place.document, "start", -1)
    for resource in known.get(start, ()):
        own = resource.document
        if own.source is place.source and place.path[: len(own.prefix)] == own.prefix:
            return resource
    return None


def _conversion(to: System, ctx: Context) -> Conversion:
    known: dict[System, Conversion] = ctx.memory.setdefault("conversions", {})
    if to not in known:
        options = ConvertOptions(to_folder=True, deploy_path="converted")
        request = request_for(ctx.workspace, to, options, argocd=ctx.argocd, flux=ctx.flux)
        known[to] = convert(ctx.workspace.resources, request)
    return known[to]
