"""Whatever stands in annotations, configurations and image updaters: nothing breaks, all is told."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from argoflux.convert.convert import convert
from argoflux.mapping.emission import ConvertOptions, Request
from argoflux.mapping.verdict import Verdict
from argoflux.yamlio.dump import dump_documents
from argoflux.yamlio.tree import leaves
from tests.unit.argocd_cases import NOT_HERE, resources_from

N = "notifications.argoproj.io"
P = "argocd-image-updater.argoproj.io"

_WORDS = st.sampled_from(
    ["slack", "teams", "gh", "email", "alerts", "a;b", "", "$key", "on-sync-failed", "mine", "*",
     "latest", "semver", "digest", "regexp:^v", "any", "1.x", "a=b/c:1", "b/c", "x=", "a,b=c:~1",
     "pullsecret:ns/name", "secret:ns/name#field", "env:X", "git:secret:a/b", "main:{{.X}}", ":w",
     "[", "{", "[{}]", "[1]", "[[a]]", "{a: [b]}", "tier=web", "a b", "image.tag", "a[0].b", "a\\.b",
     "true", "é", "[{trigger: [x], destinations: [{service: slack, recipients: [a, 1]}]}]",
     "[{recipients: [slack:a, teams], triggers: [on-deployed], selector: tier}]",
     "{token: $t, recipientUrls: {a: 'https://u:p@h'}, targets: [1], headers: 3}",
     "[{when: \"app.status.health.status == 'Degraded'\", send: [x]}]"]
)  # fmt: skip
_NOTES = st.dictionaries(
    st.sampled_from(
        [f"{N}/subscribe.on-sync-failed.slack", f"{N}/subscribe.x.teams", f"{N}/subscribe.slack",
         f"{N}/subscribe_yaml", f"{N}/subscribe.", f"{N}/x", f"{P}/image-list", f"{P}/git-branch",
         f"{P}/write-back-method", f"{P}/a.update-strategy", f"{P}/a.allow-tags",
         f"{P}/a.ignore-tags", f"{P}/a.pull-secret", f"{P}/a.helm.image-tag",
         f"{P}/a.helm.image-spec", f"{P}/a.kustomize.image-name", f"{P}/ignore-tags"]
    ),
    _WORDS,
    max_size=5,
)  # fmt: skip
_DATA = st.dictionaries(
    st.sampled_from(
        ["service.slack", "service.teams", "service.webhook.gh", "service.a.b.c", "trigger.mine",
         "trigger.x", "template.x", "subscriptions", "defaultTriggers", "defaultTriggers.slack",
         "context", "other"]
    ),
    _WORDS,
    max_size=5,
)  # fmt: skip
_SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "updateStrategy": _WORDS,
        "allowTags": _WORDS,
        "ignoreTags": st.lists(_WORDS, max_size=2),
        "pullSecret": _WORDS,
        "platforms": st.lists(_WORDS, max_size=1),
    },
)
_RULES = st.lists(
    st.fixed_dictionaries(
        {"namePattern": st.sampled_from(["*", "shop", "s*", "[", "other"])},
        optional={
            "useAnnotations": st.booleans(),
            "images": st.lists(
                st.fixed_dictionaries(
                    {"alias": _WORDS, "imageName": _WORDS},
                    optional={"commonUpdateSettings": _SETTINGS},
                ),
                max_size=2,
            ),
            "commonUpdateSettings": _SETTINGS,
            "writeBackConfig": st.fixed_dictionaries(
                {"method": _WORDS}, optional={"gitConfig": st.just({"branch": "a:b"})}
            ),
        },
    ),
    max_size=3,
)
_TOOLS = st.sampled_from([{"helm": {}}, {"kustomize": {"images": ["b/c:1.2"]}}, {}])


def _documents(
    notes: dict[str, str], data: dict[str, str], rules: list[Any], tool: dict[str, Any]
) -> list[dict[str, Any]]:
    source = {"repoURL": "https://git.example.com/a/b.git", "path": "x", "targetRevision": "main"}
    app = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "shop", "namespace": "argocd", "annotations": notes},
        "spec": {"project": "web", "source": {**source, **tool}, "destination": {"namespace": "w"}},
    }
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "argocd-notifications-cm", "namespace": "argocd"},
        "data": data,
    }
    updater = {
        "apiVersion": "argocd-image-updater.argoproj.io/v1alpha1",
        "kind": "ImageUpdater",
        "metadata": {"name": "u", "namespace": "argocd"},
        "spec": {"applicationRefs": rules},
    }
    return [app, *([config] if data else []), *([updater] if rules else [])]


@settings(max_examples=80, deadline=None)
@given(_NOTES, _DATA, _RULES, _TOOLS)
def test_every_leaf_is_accounted_for(
    notes: dict[str, str], data: dict[str, str], rules: list[Any], tool: dict[str, Any]
) -> None:
    bodies = _documents(notes, data, rules, tool)
    resources = resources_from(dump_documents(bodies))
    request = Request(
        to="flux",
        argocd="3.5",
        flux="2.9",
        options=ConvertOptions(),
        content=lambda _app, _part: NOT_HERE,
    )
    conversion = convert(resources, request)
    assert conversion.findings == ()
    stated = [entry for entry in conversion.entries if not entry.origin]
    assert len(stated) == sum(len(leaves(resource.body)) for resource in resources)
    told = {message.code for message in conversion.messages}
    silent = [e for e in stated if e.verdict is not Verdict.EXACT and e.code and e.code not in told]
    assert not silent
    assert all("…" not in message.text for message in conversion.messages)
    names = [(d.body["kind"], str(d.body["metadata"])) for d in conversion.documents]
    assert len(set(names)) == len(names)
    assert "u:p@h" not in dump_documents([dict(d.body) for d in conversion.documents])
    text = dump_documents([dict(document.body) for document in conversion.documents])
    assert len(resources_from(text)) == len(conversion.documents)
