"""Kustomizations from Applications."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.argocd_cases import NOT_HERE, application, convert_case, known

GIT = "repoURL: https://github.com/acme/shop"
AUTO = "syncPolicy: {automated: {}}"
PAIR = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop-prod
  namespace: argocd
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: default
  source:
    repoURL: git@github.com:acme/shop.git
    targetRevision: main
    path: deploy/overlays/prod
    kustomize:
      images: ["ghcr.io/acme/api:2.4.1", "cache=ghcr.io/acme/redis@sha256:aaaa"]
      namePrefix: eu-
      replicas: [{name: api, count: 3}]
      commonLabels: {team: shop}
      labelWithoutSelector: true
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  syncPolicy:
    automated: {prune: true, selfHeal: true}
    syncOptions: [CreateNamespace=true]
    retry: {limit: 3, backoff: {duration: 30s}}
  ignoreDifferences:
    - {group: apps, kind: Deployment, name: api, jsonPointers: [/spec/replicas]}
"""


def test_worked_pair() -> None:
    """12.1: Git and kustomize, automated, pruned, self-healed, with finalizer."""
    case = convert_case(PAIR)
    assert case.spec("GitRepository", "shop") == {
        "interval": "5m",
        "url": "ssh://git@github.com/acme/shop.git",
        "ref": {"branch": "main"},
        "secretRef": {"name": "shop-auth"},
    }
    assert case.draft("Namespace", "shop").body["metadata"]["annotations"] == {
        "argoflux.dev/created-for": "shop-prod",
        "kustomize.toolkit.fluxcd.io/prune": "disabled",
        "kustomize.toolkit.fluxcd.io/ssa": "Merge",
    }
    scaled = "(Deployment|StatefulSet|ReplicaSet|ReplicationController)"
    assert case.spec("Kustomization", "shop-prod") == {
        "interval": "10m",
        "retryInterval": "30s",
        "timeout": "5m",
        "wait": True,
        "prune": True,
        "deletionPolicy": "WaitForTermination",
        "sourceRef": {"kind": "GitRepository", "name": "shop"},
        "path": "./deploy/overlays/prod",
        "targetNamespace": "shop",
        "namePrefix": "eu-",
        "commonMetadata": {"labels": {"team": "shop"}},
        "images": [
            {"name": "ghcr.io/acme/api", "newTag": "2.4.1"},
            {"name": "cache", "newName": "ghcr.io/acme/redis", "digest": "sha256:aaaa"},
        ],
        "patches": [
            {
                "patch": "- op: add\n  path: /spec/replicas\n  value: 3\n",
                "target": {"kind": scaled, "name": "api"},
            }
        ],
        "ignore": [
            {
                "paths": ["/spec/replicas"],
                "target": {"group": "apps", "kind": "Deployment", "name": "api"},
            }
        ],
    }
    assert case.draft("Secret").body["stringData"] == {"identity": "TODO", "known_hosts": "TODO"}
    assert case.facts()["name_edits"] == "namePrefix eu-"


FOREGROUND = "finalizers: [resources-finalizer.argocd.argoproj.io]"
BACKGROUND = "finalizers: [resources-finalizer.argocd.argoproj.io/background]"


@pytest.mark.parametrize(
    ("flux", "prune", "metadata", "expected", "says"),
    [
        ("2.9", "true", FOREGROUND, "WaitForTermination", False),
        ("2.9", "true", BACKGROUND, None, False),
        ("2.9", "true", "", "Orphan", False),
        ("2.9", "false", FOREGROUND, "WaitForTermination", False),
        ("2.9", "false", BACKGROUND, "Delete", False),
        ("2.9", "false", "", None, False),
        ("2.5", "true", FOREGROUND, "Delete", False),
        ("2.4", "true", FOREGROUND, None, False),
        ("2.4", "true", BACKGROUND, None, False),
        ("2.4", "true", "", None, True),
        ("2.4", "false", BACKGROUND, None, True),
        ("2.4", "false", "", None, False),
    ],
)
def test_deletion_matrix(
    flux: str, prune: str, metadata: str, expected: str | None, says: bool
) -> None:
    """Pruning and finalizer decide, within what the release knows; a loss is said."""
    spec = f"syncPolicy: {{automated: {{prune: {prune}}}}}"
    case = convert_case(application(f"{{{GIT}}}", spec=spec, metadata=metadata), flux=flux)
    found = case.spec("Kustomization")
    assert found["prune"] is (prune == "true")
    assert found.get("deletionPolicy") == expected
    assert ("A2F-DEL-004" in case.codes()) is says


@pytest.mark.parametrize(
    ("spec", "options", "suspend", "interval", "code"),
    [
        ("syncPolicy: {}", {}, True, "1h", "A2F-SYN-001"),
        ("syncPolicy: {automated: {enabled: false, prune: true}}", {}, True, "1h", None),
        ("syncPolicy: {}", {"manual_sync": "activate"}, None, "1h", "A2F-SYN-008"),
        (AUTO, {}, None, "1h", None),
        ("syncPolicy: {automated: {prune: true}}", {}, None, "1h", "A2F-SYN-003"),
        ("syncPolicy: {automated: {selfHeal: true}}", {}, None, "10m", None),
    ],
)
def test_automation(
    spec: str, options: dict[str, Any], suspend: bool | None, interval: str, code: str | None
) -> None:
    """What was synced by hand is suspended; a message comes only where no leaf can carry it."""
    case = convert_case(application(f"{{{GIT}}}", spec=spec), **options)
    found = case.spec("Kustomization")
    assert (found.get("suspend"), found["interval"]) == (suspend, interval)
    syn = {c for c in case.codes() if c.startswith("A2F-SYN")}
    assert syn == ({code} if code else set())


def test_disabled_automation_keeps_prune() -> None:
    """Vector 20: `enabled: false` suspends, `prune: true` stays."""
    spec = "syncPolicy: {automated: {enabled: false, prune: true}}"
    found = convert_case(application(f"{{{GIT}}}", spec=spec)).spec("Kustomization")
    assert (found["suspend"], found["prune"]) == (True, True)


def test_skip_reconcile_suspends() -> None:
    metadata = "annotations: {argocd.argoproj.io/skip-reconcile: 'true'}"
    case = convert_case(
        application(f"{{{GIT}}}", spec=AUTO, metadata=metadata), manual_sync="activate"
    )
    assert case.spec("Kustomization")["suspend"] is True
    assert case.draft("Kustomization").targets("annotations") == ["spec.suspend"]


@pytest.mark.parametrize(
    ("duration", "expected"),
    [("5s", "30s"), ("45", "45s"), ("1m30s", "1m30s"), ("2h", "2h"), ("soon", "2m"), (None, "2m")],
)
def test_retry_interval(duration: str | None, expected: str) -> None:
    """The first pause counts, never below 30 seconds; bare integers are seconds."""
    backoff = f"{{duration: '{duration}'}}" if duration else "{}"
    spec = f"syncPolicy: {{automated: {{}}, retry: {{backoff: {backoff}}}}}"
    case = convert_case(application(f"{{{GIT}}}", spec=spec))
    assert case.spec("Kustomization")["retryInterval"] == expected


@pytest.mark.parametrize(
    ("content", "target", "fills", "mode"),
    [
        (NOT_HERE, "shop", False, "target"),
        (known("ConfigMap/shop/a", "ConfigMap//b"), "shop", False, "target"),
        (known("ConfigMap/x/a", "ConfigMap/y/b"), None, False, "omit"),
        (known("ConfigMap/x/a", "ConfigMap//b"), None, True, "patch"),
        (known("ConfigMap/x/a*", "ConfigMap//b", kind="kustomize"), None, False, "mixed"),
        (known("Namespace//shop", "ConfigMap/shop/b"), None, False, "namespaces"),
        (known("Namespace//shop", "ConfigMap//b"), None, True, "namespaces"),
        (known("ConfigMap/x/a", complete=False), "shop", False, "target"),
        (known(), "shop", False, "target"),
    ],
)
def test_namespace(content: Any, target: str | None, fills: bool, mode: str) -> None:
    """`targetNamespace` overrides, so it is written only where nothing is overridden."""
    case = convert_case(application(f"{{{GIT}, directory: {{recurse: true}}}}"), content=content)
    found = case.spec("Kustomization")
    assert found.get("targetNamespace") == target
    fill = {
        "patch": "- op: add\n  path: /metadata/namespace\n  value: shop\n",
        "target": {"namespace": "default"},
    }
    assert found.get("patches", []) == ([fill] if fills else [])
    assert case.facts()["namespace_mode"] == mode


def test_namespace_of_the_build_wins() -> None:
    """`kustomize.namespace` is the override, so the destination is idle."""
    case = convert_case(application(f"{{{GIT}, kustomize: {{namespace: other}}}}"))
    assert case.spec("Kustomization")["targetNamespace"] == "other"
    assert case.facts()["namespace_mode"] == "override"


def test_no_destination_namespace() -> None:
    """Objects without any namespace are named, because Flux refuses them."""
    text = application(f"{{{GIT}, directory: {{recurse: true}}}}", spec="destination: {}")
    case = convert_case(text, content=known("ConfigMap//b"))
    assert "targetNamespace" not in case.spec("Kustomization")
    assert "ConfigMap/b" in case.said("A2F-NS-003")["consequence"]


@pytest.mark.parametrize(
    ("block", "reach"),
    [
        ("commonLabels: {a: b}, labelWithoutSelector: true", set()),
        (
            "commonLabels: {a: b}, labelWithoutSelector: true, labelIncludeTemplates: true",
            {"template"},
        ),
        ("commonLabels: {a: b}", {"template", "selector"}),
    ],
)
def test_common_labels(block: str, reach: set[str]) -> None:
    """What common labels reach beyond top-level metadata becomes patches per kind."""
    case = convert_case(
        application(f"{{{GIT}, kustomize: {{{block}}}}}"), content=known("Deployment/shop/a")
    )
    found = case.spec("Kustomization")
    assert found["commonMetadata"] == {"labels": {"a": "b"}}
    patches = found.get("patches", [])
    text = patches[0]["patch"] if patches else ""
    assert {word for word in ("template", "selector") if f"{word}:" in text} == reach
    assert [p["target"] for p in patches] == ([{"kind": "Deployment"}] if reach else [])


def test_common_annotations_reach_templates() -> None:
    case = convert_case(
        application(f"{{{GIT}, kustomize: {{commonAnnotations: {{a: b}}}}}}"),
        content=known("CronJob/shop/a", "Service/shop/b"),
    )
    found = case.spec("Kustomization")
    assert found["commonMetadata"] == {"annotations": {"a": "b"}}
    assert [p["target"] for p in found["patches"]] == [{"kind": "CronJob"}]
    assert case.facts()["annotation_kinds"] == "CronJob"


def test_patches() -> None:
    """Inline patches stay, files are copied in, and what cannot be read is left out."""
    block = "patches: [{patch: 'a: 1', target: {kind: Job}}, {path: fix.yaml}]"
    text = application(f"{{{GIT}, path: app, kustomize: {{{block}}}}}")
    inline = {"patch": "a: 1", "target": {"kind": "Job"}}
    here = convert_case(text, files={"app/fix.yaml": "b: 2\n"})
    assert here.spec("Kustomization")["patches"] == [inline, {"patch": "b: 2\n"}]
    assert here.facts()["patch_files_read"] == ("fix.yaml",)
    away = convert_case(text)
    assert away.spec("Kustomization")["patches"] == [inline]
    assert away.facts()["patch_files_read"] == ()


def test_components() -> None:
    """Remote components are left out; the field for missing ones came with Flux 2.7."""
    block = "components: [../c, 'https://github.com/a/b'], ignoreMissingComponents: true"
    text = application(f"{{{GIT}, kustomize: {{{block}}}}}")
    found = convert_case(text).spec("Kustomization")
    assert (found["components"], found["ignoreMissingComponents"]) == (["../c"], True)
    assert "ignoreMissingComponents" not in convert_case(text, flux="2.6").spec("Kustomization")


def test_image_that_git_renames() -> None:
    """Argo CD replaces the whole entry, Flux merges: the name is written out."""
    files = {"app/kustomization.yaml": "images: [{name: api, newName: mirror/api, newTag: '1'}]"}
    text = application(f"{{{GIT}, path: app, kustomize: {{images: ['api:2']}}}}")
    case = convert_case(text, files=files)
    assert case.spec("Kustomization")["images"] == [
        {"name": "api", "newName": "api", "newTag": "2"}
    ]
    assert case.facts()["image_entries_in_git"] == ("api",)


def test_replica_counts() -> None:
    """A string that holds a number is one; anything else makes no patch."""
    block = "replicas: [{name: a.b, count: '2'}, {name: c, count: many}]"
    (patch,) = convert_case(application(f"{{{GIT}, kustomize: {{{block}}}}}")).spec(
        "Kustomization"
    )["patches"]
    assert patch["target"]["name"] == "a\\.b"
    assert "value: 2" in patch["patch"]


@pytest.mark.parametrize(
    ("rule", "flux", "expected"),
    [
        (
            "{group: '*.example.com', kind: '*', jsonPointers: [/a]}",
            "2.9",
            [{"paths": ["/a"], "target": {"group": ".*\\.example\\.com"}}],
        ),
        (
            "{kind: Secret, namespace: x, jsonPointers: [/data/a]}",
            "2.9",
            [
                {
                    "paths": ["/data/a"],
                    "target": {"version": "v1", "kind": "Secret", "namespace": "x"},
                }
            ],
        ),
        (
            "{group: '*', kind: '*', jqPathExpressions: ['.metadata.annotations[\"a/b\"]']}",
            "2.9",
            [{"paths": ["/metadata/annotations/a~1b"]}],
        ),
        ("{group: '*', kind: '*', jqPathExpressions: ['.spec[] | select(.a)']}", "2.9", None),
        ("{group: apps, kind: Deployment, managedFieldsManagers: [x]}", "2.9", None),
        ("{group: apps, kind: Deployment, jsonPointers: [/a]}", "2.8", None),
    ],
)
def test_ignore_rules(rule: str, flux: str, expected: Any) -> None:
    """Globs become regular expressions; rules without a pointer, or for old releases, are left out."""
    text = application(f"{{{GIT}}}", spec=f"ignoreDifferences: [{rule}]")
    assert convert_case(text, flux=flux).spec("Kustomization").get("ignore") == expected


@pytest.mark.parametrize(
    ("option", "argocd", "expected"),
    [
        ("Prune=false", "3.5", (False, "WaitForTermination")),
        ("Prune=confirm", "3.5", (False, "WaitForTermination")),
        ("Delete=false", "3.5", (True, "Orphan")),
        ("Delete=false", "3.3", (True, "WaitForTermination")),
        ("Prune=false", "3.3", (True, "WaitForTermination")),
        ("Validate=false", "3.5", (True, "WaitForTermination")),
    ],
)
def test_keep_options(option: str, argocd: str, expected: tuple[bool, str]) -> None:
    """Objects that are kept: read on Applications since Argo CD 3.4 only."""
    spec = f"syncPolicy: {{automated: {{prune: true}}, syncOptions: [{option}]}}"
    text = application(f"{{{GIT}}}", spec=spec, metadata=FOREGROUND)
    found = convert_case(text, argocd=argocd).spec("Kustomization")
    assert (found["prune"], found.get("deletionPolicy")) == expected


def test_metadata() -> None:
    """Labels, annotations and info are copied; Argo CD's own keys and ours are not."""
    metadata = (
        "labels: {team: shop, argocd.argoproj.io/x: y}\n"
        "annotations: {note: hello, argocd.argoproj.io/refresh: hard, argoflux.dev/other: z}"
    )
    spec = "project: retail\ninfo: [{name: Run Book, value: u}, {name: '***', value: v}]"
    case = convert_case(application(f"{{{GIT}}}", spec=spec, metadata=metadata))
    found = case.draft("Kustomization").body["metadata"]
    assert found["labels"] == {"team": "shop", "argoflux.dev/project": "retail"}
    assert found["annotations"] == {
        "note": "hello",
        "event.toolkit.fluxcd.io/run-book": "u",
        "argoflux.dev/source": "Application/argocd/shop",
    }
    assert case.facts()["info_kept"] == ("Run Book",)


def test_remote_cluster() -> None:
    """Another cluster is reached by a kubeconfig; its namespace is not made from here."""
    cluster = (
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: c\n  namespace: argocd\n"
        "  labels: {argocd.argoproj.io/secret-type: cluster}\n"
        "stringData: {name: East One, server: 'https://east:6443/', config: '{}'}\n---\n"
    )
    spec = (
        "destination: {server: 'https://east:6443', namespace: shop}\n"
        "syncPolicy: {syncOptions: [CreateNamespace=true]}"
    )
    text = application(f"{{{GIT}}}", spec=spec)
    case = convert_case(cluster + text)
    found = case.spec("Kustomization")["kubeConfig"]
    assert found == {"secretRef": {"name": "east-one-kubeconfig"}}
    assert case.names("Namespace") == []
    assert case.facts()["cluster_known"] is True
    unknown = convert_case(text)
    assert unknown.facts()["cluster_known"] is False
    found = unknown.spec("Kustomization")["kubeConfig"]
    assert found == {"secretRef": {"name": "east-kubeconfig"}}


def test_content_is_judged() -> None:
    """What only the contents tell is said about the app."""
    content = known(
        "ConfigMap/shop/a",
        "ConfigMap/shop/a",
        json_manifests=("repo/deploy/x.json",),
        other_yaml=("repo/deploy/values.yaml",),
        nested_kustomizations=("repo/deploy/sub",),
        symlinks=("repo/deploy/l.yaml",),
    )
    case = convert_case(application(f"{{{GIT}, directory: {{recurse: true}}}}"), content=content)
    wanted = {f"A2F-SRC-0{n}" for n in ("05", "06", "15", "19", "21")}
    assert wanted <= case.codes()


def test_generators_use_files_that_flux_leaves_out() -> None:
    files = {"app/kustomization.yaml": "configMapGenerator: [{name: a, files: [logo=i/l.png]}]"}
    text = application(f"{{{GIT}, path: app, kustomize: {{}}}}")
    case = convert_case(text, files=files, content=known(kind="kustomize"))
    assert case.said("A2F-SRC-008")["files"] == "i/l.png"
