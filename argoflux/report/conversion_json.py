"""The conversion report as JSON: kind ``ConversionReport``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from argoflux.report.envelope import envelope, finding_records, place_record, render_json
from argoflux.report.escape import without_credentials
from argoflux.text import path_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.convert.result import Conversion, Entry, Outcome, ReportMessage, ResourceOutcome
    from argoflux.finding import Place

OUTCOMES: tuple[Outcome, ...] = ("converted", "kept", "skipped")


def render(conversion: Conversion, files: Sequence[str] = ()) -> str:
    """The report as text; ``files`` are the paths that were written to the output folder."""
    return render_json(conversion_record(conversion, files))


def conversion_record(conversion: Conversion, files: Sequence[str] = ()) -> dict[str, Any]:
    """The report as plain values; schemas/conversion-report.schema.json describes it."""
    return envelope(
        "ConversionReport",
        inputs=conversion.inputs,
        summary=summary_record(conversion),
        to=conversion.to,
        options=dict(sorted(conversion.options.items())),
        facts=list(conversion.facts),
        resources=[_resource(outcome) for outcome in conversion.outcomes],
        entries=[_entry(entry) for entry in conversion.entries],
        messages=[_message(message) for message in conversion.messages],
        findings=finding_records(conversion.findings),
        files=sorted(files),
    )


def summary_record(conversion: Conversion) -> dict[str, Any]:
    """How many leaves had which verdict, and how many resources which outcome."""
    outcomes = Counter(outcome.outcome for outcome in conversion.outcomes)
    return {
        "verdicts": {verdict.value: count for verdict, count in conversion.verdicts().items()},
        "outcomes": {name: outcomes[name] for name in OUTCOMES},
        "invented": sum(1 for entry in conversion.entries if entry.origin),
        "messages": len(conversion.messages),
        "documents": len(conversion.documents),
    }


def _resource(outcome: ResourceOutcome) -> dict[str, Any]:
    resource = outcome.resource
    return {
        "file": resource.file,
        "line": resource.place().line_column()[0],
        "apiVersion": resource.api_version,
        "kind": resource.ref.kind,
        "namespace": resource.ref.namespace,
        "name": resource.ref.name,
        "root": resource.root,
        "outcome": outcome.outcome,
        "reason": without_credentials(outcome.reason),
        "targets": list(outcome.targets),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        **place_record(entry.place),
        "resource": entry.resource,
        "path": path_text(entry.path),
        "verdict": entry.verdict.value,
        "code": entry.code,
        "targets": [str(target) for target in entry.targets],
        "origin": entry.origin or None,
    }


def _message(message: ReportMessage) -> dict[str, Any]:
    return {
        "code": message.code,
        "verdict": message.verdict.value,
        "text": without_credentials(message.text),
        "instead": without_credentials(message.instead),
        "places": [_place(place) for place in message.places],
        "apps": list(message.apps),
        "tags": list(message.tags),
    }


def _place(place: Place) -> dict[str, Any]:
    return {**place_record(place), "path": path_text(place.path)}
