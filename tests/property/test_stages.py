"""Whatever waves and hooks a path has: each object is in one Kustomization, or in none on purpose."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from argoflux.model.content import HELM_HOOK, HOOK, WAVE, ContentObject
from argoflux.model.phases import phases
from tests.unit.argocd_cases import application, convert_case, known

_WAVES = st.sampled_from(["", "0", "1", "2", "+2", "02", "-1", "-3", "x"])
_HOOKS = st.sampled_from(
    [
        "",
        "",
        "PreSync",
        "Sync",
        "PostSync",
        "Skip",
        "SyncFail",
        "PostDelete",
        "PreSync,PostSync",
        "?",
    ]
)
_HELM = st.sampled_from(
    ["", "", "", "pre-install", "pre-install,pre-upgrade", "test", "crd-install"]
)
_KINDS = st.sampled_from(["ConfigMap", "Job", "Namespace", "StorageClass"])
_OBJECTS = st.lists(st.tuples(_KINDS, _WAVES, _HOOKS, _HELM), min_size=1, max_size=8)


def objects(drawn: list[tuple[str, str, str, str]]) -> tuple[ContentObject, ...]:
    made = []
    for number, (kind, wave, hook, helm) in enumerate(drawn):
        (plain,) = known(f"{kind}//o{number}").objects
        notes = {key: v for key, v in ((WAVE, wave), (HOOK, hook), (HELM_HOOK, helm)) if v}
        metadata = {"name": f"o{number}", "annotations": notes}
        made.append(replace(plain, body={**plain.body, "metadata": metadata}))
    return tuple(made)


def hits(target: dict[str, str], obj: ContentObject) -> bool:
    """Whether a target of a patch selects an object, as kustomize would."""
    if "kind" in target and not re.fullmatch(target["kind"], obj.ref.kind):
        return False
    if "name" in target and not re.fullmatch(target["name"], obj.ref.name):
        return False
    conditions = re.split(r",\s*(?![^(]*\))", target.get("annotationSelector", ""))
    return all(holds(text.strip(), obj.annotations) for text in conditions if text.strip())


def holds(text: str, annotations: Any) -> bool:
    found = re.fullmatch(r"(!?)([\w./-]+)(?: (in|notin) \(([^)]*)\))?", text)
    assert found is not None, text
    absent, key, operator, values = found.groups()
    if operator is None:
        return (key in annotations) is not bool(absent)
    listed = values.split(",")
    assert not any(value.startswith(("-", "+")) for value in listed), text
    return (annotations.get(key) in listed) is (operator == "in")


@settings(max_examples=150, deadline=None)
@given(_OBJECTS)
def test_stages_are_a_partition(drawn: list[tuple[str, str, str, str]]) -> None:
    found = objects(drawn)
    content = replace(known(), objects=found)
    source = "{repoURL: 'https://git.example.com/a/b', targetRevision: main, path: x}"
    case = convert_case(application(source), content=content)
    counts: Counter[str] = Counter()
    names = []
    for draft in case.emission.drafts:
        if draft.kind != "Kustomization":
            continue
        spec: Any = draft.body["spec"]
        names.append(draft.name)
        gone = [p["target"] for p in spec.get("patches", ()) if "$patch: delete" in p["patch"]]
        kept = [obj for obj in found if not any(hits(target, obj) for target in gone)]
        counts.update(obj.ref.name for obj in kept)
        after = {item["name"] for item in spec.get("dependsOn", ())}
        assert after <= set(names)
    wanted = {obj.ref.name for obj in found if phases(obj)}
    assert counts == dict.fromkeys(wanted, 1)
    assert len(names) == len(set(names))
