"""What other linters check, as small fixtures: the tool, the check, the files, and our answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argoflux.lint import samples

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of another tool, and the finding of ours: ``at`` is ``file:line:column``."""

    tool: str
    name: str
    code: str
    at: str
    files: Mapping[str, str] = field(default_factory=dict)
    flux: str = "2.9"


def _changed(text: str, *changes: tuple[str, str]) -> str:
    """A sample in which parts are written differently; each part stands in it once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def app(*changes: tuple[str, str]) -> dict[str, str]:
    """The sample Application, changed, as ``app.yaml``."""
    return {"app.yaml": _changed(samples.APPLICATION, *changes)}


def more(text: str) -> tuple[str, str]:
    """A change that adds lines to the end of the sample Application."""
    end = "    automated: {prune: true, selfHeal: true}\n"
    return (end, end + text)


def applications(*changes: tuple[str, str]) -> dict[str, str]:
    """The sample ApplicationSet with two elements, changed, as ``set.yaml``."""
    text = samples.APPLICATION_SET.replace("<generator>", samples.LIST_GENERATOR)
    return {"set.yaml": _changed(text, *changes)}


PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  sourceRepos:
    - https://git.example.com/apps.git
  destinations:
    - server: https://kubernetes.default.svc
      namespace: web
"""


def project(*changes: tuple[str, str]) -> dict[str, str]:
    """A narrow AppProject, changed, as ``project.yaml``."""
    return {"project.yaml": _changed(PROJECT, *changes)}


def applied(*changes: tuple[str, str]) -> dict[str, str]:
    """The sample Kustomization and its repository, changed, as ``web.yaml``."""
    return {"web.yaml": _changed(samples.APPLIED, *changes)}


def released(*changes: tuple[str, str]) -> dict[str, str]:
    """The sample HelmRelease and its repository, changed, as ``release.yaml``."""
    return {"release.yaml": _changed(samples.RELEASED, *changes)}


def deployed(annotation: str) -> dict[str, str]:
    """An object with an annotation of Argo CD, and the Application that deploys it."""
    mark = f"  name: web\n  annotations:\n    argocd.argoproj.io/{annotation}\n"
    text = _changed(samples.CONFIG_MAP, ("  name: web\n", mark))
    return {**GIT_HEAD, **app(LOCAL), "web/web.yaml": text}


REVISION = "    targetRevision: v1.2.3\n"
CHART = ("    path: web\n", "    chart: web\n")
WEB = "repoURL: https://git.example.com/apps.git\n"
IGNORED = "  ignoreDifferences:\n    - group: apps\n      kind: Deployment\n"
DESTINATION = "    server: https://kubernetes.default.svc\n    namespace: web\n"
BOTH = "  sources:\n    - {repoURL: https://git.example.com/more.git, path: more, targetRevision: v1}\n"
AUTOSCALER = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: web}
spec:
  maxReplicas: 5
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
"""
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web:1.2.3}]}
"""
GIT_HEAD = {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/config": '[remote "origin"]\n\turl = https://git.example.com/apps.git\n',
}
"""The repository that the sample Application deploys from is the one at hand."""

LOCAL = (REVISION, "    targetRevision: HEAD\n")
VALUES = ("    path: web\n", "    path: web\n    helm:\n      valueFiles:\n        - prod.yaml\n")
LENT = """\
  sources:
    - repoURL: https://charts.example.com
      chart: web
      targetRevision: 1.2.3
      helm:
        valueFiles:
          - $values/web/values.yaml
"""

TWICE = {"apps.yaml": f"{samples.APPLICATION}---\n{samples.APPLICATION}"}
FILLED = ("  path: ./web", "  postBuild: {substitute: {a: b}}\n  path: ./web")
BRANCH = ("  ref: {tag: v1.2.3}", "  ref: {branch: main}")
NAMES = ("a", "b", "c", "d")
FORGOTTEN = {
    **GIT_HEAD,
    **applied(BRANCH),
    "web/kustomization.yaml": f"resources: [{', '.join(f'{name}.yaml' for name in NAMES)}]\n",
    **{f"web/{n}.yaml": samples.CONFIG_MAP.replace("name: web", f"name: {n}") for n in NAMES},
    "web/forgotten.yaml": samples.CONFIG_MAP,
}
RECEIVER = """\
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata: {name: web, namespace: flux-system}
spec:
  type: generic-oidc
  oidcProviders:
    - {issuerURL: https://id.example.com, audience: a, validations: [{expression: "true", message: a}]}
    - {issuerURL: https://id.example.com, audience: b, validations: [{expression: "true", message: a}]}
  resources: [{kind: GitRepository, name: apps}]
"""
POLICY = """\
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImageRepository
metadata: {name: web, namespace: flux-system}
spec: {image: registry.example.com/web, interval: 5m}
"""
MORE = samples.KUSTOMIZATION.replace("name: web", "name: more").replace("./web", "./more")


def needing(name: str, text: str, line: str, reference: str) -> dict[str, str]:
    """A cluster whose Kustomization applies an object that refers to another ConfigMap."""
    kept = _changed(text, (line, line + reference.replace("gone", "kept")))
    return {
        **GIT_HEAD,
        **applied(BRANCH),
        "web/kept.yaml": samples.CONFIG_MAP.replace(
            "name: web", "name: kept\n  namespace: flux-system"
        ).replace("colour", "values.yaml"),
        "web/first.yaml": kept.replace("name: more", "name: first").replace(
            "name: web", "name: first"
        ),
        f"web/{name}": _changed(text, (line, line + reference)),
        "more/a.yaml": samples.CONFIG_MAP,
    }


ARGOCD_LINT = (
    ("AR001 branch", "AF501", "app.yaml:11:21", app((REVISION, "    targetRevision: main\n"))),
    ("AR001 HEAD", "AF501", "app.yaml:11:21", app((REVISION, "    targetRevision: HEAD\n"))),
    ("AR001 no revision", "AF501", "app.yaml:9:14", app((REVISION, ""))),
    ("AR001 range", "AF501", "app.yaml:11:21", app(CHART, ("v1.2.3", "1.2.*"))),
    ("AR001 set", "AF501", "set.yaml:21:25", applications()),
    ("AR002 default", "AF505", "app.yaml:7:12", app(("project: shop", "project: default"))),
    ("AR002 empty", "AF505", "app.yaml:7:12", app(("project: shop", 'project: ""'))),
    ("AR002 set", "AF505", "set.yaml:18:16", applications(("project: shop", "project: default"))),
    ("AR003 no namespace", "AF303", "app.yaml:13:5", app(CHART, ("    namespace: web\n", ""))),
    (
        "AR005 flags",
        "AF312",
        "app.yaml:16:29",
        app(("prune: true, selfHeal: true", "allowEmpty: true")),
    ),
    (
        "AR006 finalizer",
        "AF321",
        "app.yaml:6:16",
        app(
            (
                "  namespace: argocd\n",
                "  namespace: argocd\n  finalizers: [resources-finalizer.argoproj.io]\n",
            )
        ),
    ),
    (
        "AR007 every kind",
        "AF310",
        "app.yaml:18:46",
        app(more("  ignoreDifferences:\n    - {group: '*', kind: '*', jsonPointers: [/spec]}\n")),
    ),
    ("AR007 no paths", "AF308", "app.yaml:18:7", app(more(IGNORED))),
    (
        "AR008 missingkey",
        "AF329",
        "set.yaml:7:15",
        applications(("  goTemplateOptions: [missingkey=error]\n", "")),
    ),
    (
        "AR009 source and sources",
        "AF301",
        "app.yaml:8:3",
        app(("  destination:\n", BOTH + "  destination:\n")),
    ),
    ("AR009 no repoURL", "AF101", "app.yaml:8:3", app(("    " + WEB, ""))),
    (
        "AR009 path and chart",
        "AF302",
        "app.yaml:10:5",
        app(("    path: web\n", "    path: web\n    chart: web\n")),
    ),
    ("AR009 no path", "AF302", "app.yaml:9:5", app(("    path: web\n", ""))),
    (
        "AR009 directory and helm",
        "AF302",
        "app.yaml:11:5",
        app(
            (
                "    path: web\n",
                "    path: web\n    directory: {recurse: true}\n    helm: {releaseName: web}\n",
            )
        ),
    ),
    (
        "AR009 directory and kustomize",
        "AF302",
        "app.yaml:11:5",
        app(
            (
                "    path: web\n",
                "    path: web\n    directory: {recurse: true}\n    kustomize: {namePrefix: a-}\n",
            )
        ),
    ),
    (
        "AR009 helm and kustomize",
        "AF302",
        "app.yaml:12:5",
        app(
            (
                "    path: web\n",
                "    path: web\n    helm: {releaseName: web}\n    kustomize: {namePrefix: a-}\n",
            )
        ),
    ),
    ("AR011 same name", "AF201", "apps.yaml:18:1", TWICE),
    (
        "AR012 any repository",
        "AF506",
        "project.yaml:8:7",
        project(("    - https://git.example.com/apps.git", "    - '*'")),
    ),
    (
        "AR012 any namespace",
        "AF507",
        "project.yaml:11:18",
        project(("namespace: web", "namespace: '*'")),
    ),
    (
        "AR012 any cluster",
        "AF506",
        "project.yaml:10:7",
        project(
            ("server: https://kubernetes.default.svc", "server: '*'"),
            ("namespace: web", "namespace: '*'"),
        ),
    ),
    (
        "AR012 any source namespace",
        "AF506",
        "project.yaml:7:22",
        project(("  sourceRepos:", "  sourceNamespaces: ['*']\n  sourceRepos:")),
    ),
    (
        "AR013 protocol",
        "AF502",
        "app.yaml:9:14",
        app((WEB, "repoURL: http://git.example.com/apps.git\n")),
    ),
    (
        "AR014 no such project",
        "AF205",
        "app.yaml:7:12",
        {**app(), **project(("name: shop", "name: other"))},
    ),
    ("AR014 repository", "AF326", "app.yaml:9:14", {**app(), **project(("apps.git", "other.git"))}),
    (
        "AR014 destination",
        "AF326",
        "app.yaml:13:5",
        {**app(), **project(("namespace: web", "namespace: other"))},
    ),
    ("schema unknown field", "AF102", "app.yaml:16:30", app(("selfHeal", "selfheal"))),
    ("schema type", "AF101", "app.yaml:16:24", app(("prune: true", "prune: [1]"))),
    ("schema required", "AF101", "app.yaml:6:1", app(("  project: shop\n", ""))),
    ("yaml", "AF001", "app.yaml:10:9", app(("  source:\n", "  source: [\n"))),
)
SOURCE_LINT = (
    ("orphan-source", "AF216", "web/forgotten.yaml:2:7", FORGOTTEN),
    (
        "broken-values-ref plain",
        "AF207",
        "app.yaml:13:11",
        {**GIT_HEAD, **app(LOCAL, VALUES), "web/Chart.yaml": "name: web\nversion: 1.0.0\n"},
    ),
    (
        "broken-values-ref ref",
        "AF208",
        "app.yaml:14:13",
        app((f"  source:\n    {WEB}    path: web\n{REVISION}", LENT)),
    ),
    (
        "missing-ignore-diff autoscaler",
        "AF314",
        "web/web.yaml:5:13",
        {**GIT_HEAD, **app(LOCAL), "web/hpa.yaml": AUTOSCALER, "web/web.yaml": WORKLOAD},
    ),
    (
        "phantom-target",
        "AF206",
        "app.yaml:10:11",
        {**GIT_HEAD, **app(LOCAL), "other/a.yaml": samples.CONFIG_MAP},
    ),
    (
        "unresolvable-generator",
        "AF331",
        "set.yaml:10:7",
        applications(
            ("- list:\n        elements:\n          - name: web\n          - name: api", "- {}")
        ),
    ),
    (
        "double-coverage",
        "AF209",
        "app.yaml:10:11",
        {
            **GIT_HEAD,
            **app(LOCAL),
            "again.yaml": _changed(samples.APPLICATION, LOCAL, ("  name: web\n", "  name: api\n")),
            "web/a.yaml": samples.CONFIG_MAP,
        },
    ),
    (
        "project-scope-violation",
        "AF326",
        "app.yaml:9:14",
        {**app(), **project(("apps.git", "other.git"))},
    ),
    (
        "hpa-selfheal-conflict",
        "AF309",
        "app.yaml:20:22",
        {
            **GIT_HEAD,
            **app(LOCAL, more(IGNORED + "      jsonPointers: [/spec/replicas]\n")),
            "web/hpa.yaml": AUTOSCALER,
            "web/web.yaml": WORKLOAD,
        },
    ),
    (
        "sync-validation-disabled",
        "AF305",
        "app.yaml:17:19",
        app(more("    syncOptions: [Validate=false]\n")),
    ),
    ("duplicate-application-name", "AF201", "apps.yaml:18:1", TWICE),
    (
        "malformed-ignore-diff-pointer",
        "AF308",
        "app.yaml:20:22",
        app(more(IGNORED + "      jsonPointers: [spec/replicas]\n")),
    ),
    (
        "malformed-ignore-diff-jq-expression",
        "AF308",
        "app.yaml:20:27",
        app(more(IGNORED + "      jqPathExpressions: [/spec/replicas]\n")),
    ),
    (
        "unknown-sync-option",
        "AF304",
        "app.yaml:17:19",
        app(more("    syncOptions: [createNamespace=true]\n")),
    ),
    (
        "unknown-sync-option annotation",
        "AF304",
        "web/web.yaml:6:38",
        deployed("sync-options: Purne=false"),
    ),
    ("unknown-resource-hook", "AF315", "web/web.yaml:6:30", deployed("hook: Presync")),
    (
        "unknown-resource-hook policy",
        "AF315",
        "web/web.yaml:7:44",
        deployed("hook: PreSync\n    argocd.argoproj.io/hook-delete-policy: HookSuceeded"),
    ),
    ("malformed-sync-wave", "AF315", "web/web.yaml:6:35", deployed('sync-wave: "first"')),
    (
        "floating-target-revision",
        "AF501",
        "app.yaml:11:21",
        app(CHART, ("v1.2.3", '">=1.2.0 <2.0.0"')),
    ),
    ("duplicate names of a set", "AF332", "set.yaml:16:13", applications(("{{ .name }}", "web"))),
)
FLUX_SCHEMA = (
    (
        "yaml-parse-error",
        "AF001",
        "web.yaml:18:2",
        applied(("  interval: 10m\n", "  interval: 10m\n :\n")),
    ),
    (
        "yaml-parse-error repeated key",
        "AF002",
        "web.yaml:19:3",
        applied(("  prune: true\n", "  prune: true\n  prune: false\n")),
    ),
    (
        "apiVersion missing",
        "AF004",
        "web.yaml:11:1",
        applied(("apiVersion: kustomize.toolkit.fluxcd.io/v1\n", "")),
    ),
    ("kind missing", "AF004", "web.yaml:11:1", applied(("kind: Kustomization\n", ""))),
    ("name missing", "AF004", "web.yaml:14:3", applied(("  name: web\n", ""))),
    ("type", "AF101", "web.yaml:18:10", applied(("prune: true", "prune: [1]"))),
    (
        "enum",
        "AF101",
        "release.yaml:23:25",
        released(("kind: HelmRepository, name", "kind: HelmRepo, name")),
    ),
    ("pattern", "AF109", "web.yaml:17:13", applied(("interval: 10m", "interval: 10 minutes"))),
    ("required", "AF101", "web.yaml:16:1", applied(("  prune: true\n", ""))),
    ("additional property", "AF102", "web.yaml:19:3", applied(("  path: ./web", "  paths: ./web"))),
    ("list map key", "AF101", "receiver.yaml:8:7", {"receiver.yaml": RECEIVER}),
    ("name", "AF112", "web.yaml:14:9", applied(("  name: web\n", "  name: Web_1\n"))),
    (
        "namespace",
        "AF112",
        "web.yaml:21:20",
        applied(("targetNamespace: web", "targetNamespace: Web_1")),
    ),
    (
        "label value",
        "AF112",
        "web.yaml:15:17",
        applied(("  name: web\n", "  name: web\n  labels: {app: a b}\n")),
    ),
    (
        "label key",
        "AF112",
        "web.yaml:15:12",
        applied(("  name: web\n", "  name: web\n  labels: {a b: app}\n")),
    ),
    (
        "label no text",
        "AF003",
        "web.yaml:15:17",
        applied(("  name: web\n", "  name: web\n  labels: {app: 1}\n")),
    ),
    (
        "annotation key",
        "AF112",
        "web.yaml:15:17",
        applied(("  name: web\n", "  name: web\n  annotations: {a b: app}\n")),
    ),
    (
        "annotation no text",
        "AF003",
        "web.yaml:15:22",
        applied(("  name: web\n", "  name: web\n  annotations: {app: true}\n")),
    ),
    (
        "schema-not-found version",
        "AF103",
        "web.yaml:11:13",
        applied(("kustomize.toolkit.fluxcd.io/v1\n", "kustomize.toolkit.fluxcd.io/v1beta1\n")),
    ),
    (
        "schema-not-found kind",
        "AF004",
        "web.yaml:12:7",
        applied(("kind: Kustomization", "kind: Kustomisation")),
    ),
    (
        "cel-violation",
        "AF108",
        "release.yaml:15:1",
        released(
            (
                "  chart:\n    spec:\n      chart: web\n      version: 1.2.3\n      sourceRef: {kind: HelmRepository, name: charts}\n",
                "",
            )
        ),
    ),
    (
        "envsubst-error",
        "AF413",
        "web/a.yaml:6:11",
        {
            **GIT_HEAD,
            **applied(BRANCH, FILLED),
            "web/a.yaml": _changed(samples.CONFIG_MAP, ("blue", "${COLOUR")),
        },
    ),
)
KUBECONFORM = (
    (
        "statusError",
        "AF001",
        "web.yaml:18:2",
        applied(("  interval: 10m\n", "  interval: 10m\n :\n")),
    ),
    ("statusInvalid type", "AF101", "app.yaml:16:24", app(("prune: true", "prune: [1]"))),
    ("statusInvalid strict", "AF102", "app.yaml:16:30", app(("selfHeal", "selfheal"))),
    ("missing kind", "AF004", "app.yaml:1:1", app(("kind: Application\n", ""))),
    (
        "no schema",
        "AF103",
        "release.yaml:10:13",
        released(("helm.toolkit.fluxcd.io/v2\n", "helm.toolkit.fluxcd.io/v2beta1\n")),
    ),
)
FLUX_LOCAL = (
    (
        "path error",
        "AF206",
        "web.yaml:19:9",
        {**GIT_HEAD, **applied(BRANCH), "other/a.yaml": samples.CONFIG_MAP},
    ),
    ("missing source", "AF202", "web.yaml:20:42", applied(("name: apps}", "name: gone}"))),
    (
        "missing chart source",
        "AF202",
        "release.yaml:23:47",
        released(("name: charts}", "name: gone}")),
    ),
    (
        "missing dependency",
        "AF203",
        "web.yaml:19:22",
        applied(("  prune: true\n", "  prune: true\n  dependsOn: [{name: gone}]\n")),
    ),
    (
        "missing values",
        "AF212",
        "web/values.yaml:19:40",
        needing(
            "values.yaml",
            samples.RELEASED,
            "  releaseName: web\n",
            "  valuesFrom: [{kind: ConfigMap, name: gone}]\n",
        ),
    ),
    (
        "missing substitutes",
        "AF212",
        "web/more.yaml:9:56",
        needing(
            "more.yaml",
            MORE,
            "  prune: true\n",
            "  postBuild: {substituteFrom: [{kind: ConfigMap, name: gone}]}\n",
        ),
    ),
)
FLUX_CLI = (
    (
        "migrate removed",
        "AF103",
        "web.yaml:1:13",
        applied(("source.toolkit.fluxcd.io/v1\n", "source.toolkit.fluxcd.io/v1beta1\n")),
    ),
    ("migrate deprecated", "AF104", "policy.yaml:1:13", {"policy.yaml": POLICY}),
    (
        "envsubst --strict",
        "AF413",
        "web/a.yaml:6:11",
        {
            **GIT_HEAD,
            **applied(BRANCH, FILLED),
            "web/a.yaml": _changed(samples.CONFIG_MAP, ("blue", "${COLOUR}")),
        },
    ),
)
KYVERNO = (
    (
        "source: path or chart",
        "AF302",
        "app.yaml:10:5",
        app(("    path: web\n", "    path: web\n    chart: web\n")),
    ),
    (
        "destination: name or server",
        "AF303",
        "app.yaml:15:5",
        app(("    namespace: web\n", "    namespace: web\n    name: in-cluster\n")),
    ),
    ("default project", "AF505", "app.yaml:7:12", app(("project: shop", "project: default"))),
    (
        "kinds of the cluster",
        "AF506",
        "project.yaml:7:30",
        project(
            (
                "  sourceRepos:",
                "  clusterResourceWhitelist: [{group: '*', kind: '*'}]\n  sourceRepos:",
            )
        ),
    ),
)
TABLES = {
    "argocd-lint": ARGOCD_LINT,
    "argocd-source-lint": SOURCE_LINT,
    "flux-schema": FLUX_SCHEMA,
    "kubeconform": KUBECONFORM,
    "flux-local": FLUX_LOCAL,
    "flux": FLUX_CLI,
    "Kyverno policies": KYVERNO,
}
OLDER = {("flux", "migrate deprecated"): "2.8"}
"""Checks of what Flux 2.9 does not serve any more: the release that still does."""

CHECKS = tuple(
    Check(tool=tool, name=name, code=code, at=at, files=files, flux=OLDER.get((tool, name), "2.9"))
    for tool, rows in TABLES.items()
    for name, code, at, files in rows
)

HOUSE_STYLE = {
    "argocd-lint AR004: no sync policy": app(
        ("  syncPolicy:\n    automated: {prune: true, selfHeal: true}\n", "")
    ),
    "argocd-lint AR005: no pruning": app(("prune: true, selfHeal: true", "selfHeal: true")),
    "argocd-lint AR005: no self-healing": app(("prune: true, selfHeal: true", "prune: true")),
    "argocd-lint AR006: no finalizer": app(),
    "argocd-lint AR010: no labels": app(),
    "argocd-lint AR012: no source namespaces": project(),
    "argocd-lint AR012: one namespace of any cluster": project(
        ("server: https://kubernetes.default.svc", "server: '*'")
    ),
    "argocd-source-lint missing-ignore-diff: no ignored fields": app(),
    "argocd-source-lint revision-mismatch: another revision": {**GIT_HEAD, **app()},
    "Kyverno policies: a set is called as its project": applications(
        ("path: web", "path: '{{ .name }}'")
    ),
}
"""Checks that are left out: each asks for a habit, and its absence breaks nothing."""
