"""ApplicationSets, leaf by leaf: what becomes of generators, templates, steps and policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping import appset
from argoflux.mapping.emission import ConvertOptions
from argoflux.mapping.verdict import Message
from tests.unit.mapping.row_cases import CHARTED, DEPLOYMENT, PLAIN, URL, Row, check, ids

if TYPE_CHECKING:
    from pathlib import Path

_CLUSTER = """\
apiVersion: v1
kind: Secret
metadata: {name: c, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster, tier: a}}
stringData: {name: far, server: 'https://10.0.0.1'}
---
"""
_PARAMS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cmd-params-cm, namespace: argocd}
data: {applicationsetcontroller.enable.progressive.syncs: 'false'}
---
"""
_LIST = "list: {elements: [{n: one, path: app}]}"
_SOURCE = f"repoURL: '{URL}', path: '{{{{.path}}}}'"


def appset_of(
    generator: str = _LIST,
    spec: str = "",
    *,
    template: str = "",
    metadata: str = "",
    source: str = _SOURCE,
    name: str = "a-{{.n}}",
    more: str = "",
) -> str:
    """An ApplicationSet with Go templates; everything in flow style."""
    added = f", {spec}" if spec else ""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: many, namespace: argocd{metadata}}}
spec: {{
  goTemplate: true,
  generators: [{{{generator}}}],
  template: {{
    metadata: {{name: '{name}', labels: {{step: '{{{{.n}}}}'}}}},
    spec: {{project: default, source: {{{source}}},
      destination: {{server: 'https://kubernetes.default.svc', namespace: web}},
      syncPolicy: {{automated: {{prune: true}}}}{template}}}}}{added}}}
---
{more}"""


_TWO = "list: {elements: [{'n': one, path: app}, {'n': two, path: app}]}"
_ONE = "list: {elements: [{'n': one, path: app}]}"


def _steps(*values: str, more: str = "") -> str:
    steps = ", ".join(
        f"{{matchExpressions: [{{key: step, operator: In, values: [{value}]}}]{more}}}"
        for value in values
    )
    return f"strategy: {{type: RollingSync, deletionOrder: Reverse, rollingSync: {{steps: [{steps}]}}}}"


_STEP = "spec.strategy.rollingSync.steps[0]"
_MIXED = "list: {elements: [{'n': one, path: app}, {'n': two, path: chart}]}"
_CHART = {f"chart/{name.partition('/')[2]}": text for name, text in CHARTED.items()}

_SETS = ConvertOptions(appset="resourceset")

ROWS = [
    Row(
        id="elements of a list",
        text=appset_of(_TWO),
        path="spec.generators[0].list.elements[0].path",
        verdict="approximate",
        code="A2F-SET-001",
        shown="became 2 Applications",
        files=PLAIN,
    ),
    Row(
        id="a list that is empty now",
        text=appset_of("list: {elements: []}"),
        path="spec.goTemplate",
        verdict="exact",
    ),
    Row(
        id="a value of the template is judged where it ends up",
        text=appset_of(_ONE),
        path="spec.template.spec.source.path",
        verdict="exact",
        targets=("spec.path",),
        files=PLAIN,
    ),
    Row(
        id="a value of the template that Flux does not have",
        text=appset_of(_ONE, template=", revisionHistoryLimit: 3"),
        path="spec.template.spec.revisionHistoryLimit",
        verdict="approximate",
        code="A2F-HIS-001",
        files=PLAIN,
    ),
    Row(
        id="the worst of the Applications counts",
        text=appset_of(_MIXED, template=", revisionHistoryLimit: 3"),
        path="spec.template.spec.syncPolicy.automated.prune",
        verdict="equivalent",
        files={**PLAIN, **_CHART},
    ),
    Row(
        id="the finalizer that a set gives, while suspended",
        text=appset_of(_ONE, template=", syncPolicy: {}"),
        code="A2F-DEL-003",
        shown="deleting Kustomization/flux-system/a-one deletes nothing",
        files=PLAIN,
    ),
    Row(
        id="a generator's own template",
        text=appset_of(
            "list: {elements: [{'n': one, path: app}],"
            " template: {metadata: {}, spec: {revisionHistoryLimit: 5}}}"
        ),
        path="spec.generators[0].list.template.spec.revisionHistoryLimit",
        verdict="approximate",
        code="A2F-HIS-001",
        files=PLAIN,
    ),
    Row(
        id="a patch that brings nothing lossy",
        text=appset_of(_ONE, 'templatePatch: \'{"metadata": {"labels": {"x": "y"}}}\''),
        path="spec.templatePatch",
        verdict="equivalent",
        code="A2F-SET-003",
        files=PLAIN,
    ),
    Row(
        id="a patch is as good as what it brings",
        text=appset_of(
            _ONE, 'templatePatch: \'{"spec": {"syncPolicy": {"syncOptions": ["Validate=false"]}}}\''
        ),
        path="spec.templatePatch",
        verdict="none",
        code="A2F-OPT-001",
        files=PLAIN,
    ),
    Row(
        id="a key that is filled in",
        text=appset_of(_ONE).replace("{step: '", "{'k-{{.n}}': '"),
        path='spec.template.metadata.labels["k-{{.n}}"]',
        verdict="exact",
        files=PLAIN,
    ),
    Row(
        id="labels of the set itself",
        text=appset_of(_ONE, metadata=", labels: {a: b}"),
        path="metadata.labels.a",
        verdict="equivalent",
        files=PLAIN,
    ),
    Row(
        id="the wave of the set itself",
        text=appset_of(_ONE, metadata=", annotations: {argocd.argoproj.io/sync-wave: '3'}"),
        path='metadata.annotations["argocd.argoproj.io/sync-wave"]',
        verdict="equivalent",
        files=PLAIN,
    ),
    *(
        Row(
            id=f"policy {policy}",
            text=appset_of(_ONE, f"syncPolicy: {{applicationsSync: {policy}}}"),
            path="spec.syncPolicy.applicationsSync",
            verdict=verdict,
            code=code,
            shown=shown,
            files=PLAIN,
        )
        for policy, verdict, code, shown in (
            ("sync", "equivalent", None, ""),
            ("create-only", "approximate", "A2F-SET-004", "ssa: IfNotPresent"),
            ("create-update", "approximate", "A2F-SET-004", "prune: disabled"),
            ("create-delete", "approximate", "A2F-SET-004", "ssa: IfNotPresent"),
        )
    ),
    Row(
        id="steps",
        text=appset_of(_TWO, _steps("one", "two")),
        path=f"{_STEP}.matchExpressions[0].values[0]",
        verdict="approximate",
        code="A2F-SET-005",
        targets=("spec.dependsOn[0]",),
        files=PLAIN,
    ),
    Row(
        id="the order of deletion",
        text=appset_of(_TWO, _steps("one", "two")),
        path="spec.strategy.deletionOrder",
        verdict="none",
        code="A2F-SET-006",
        files=PLAIN,
    ),
    Row(
        id="the order of deletion without steps",
        text=appset_of(_ONE, "strategy: {type: AllAtOnce, deletionOrder: Reverse}"),
        path="spec.strategy.deletionOrder",
        verdict="equivalent",
        files=PLAIN,
    ),
    Row(
        id="a limit per step",
        text=appset_of(_TWO, _steps("one", more=", maxUpdate: 25%")),
        path=f"{_STEP}.maxUpdate",
        verdict="none",
        code="A2F-SET-016",
        files=PLAIN,
    ),
    Row(
        id="all of a step at a time",
        text=appset_of(_TWO, _steps("one", more=", maxUpdate: 100%")),
        path=f"{_STEP}.maxUpdate",
        verdict="exact",
        files=PLAIN,
    ),
    Row(
        id="steps that the controller does not read",
        text=appset_of(_TWO, _steps("one"), more=_PARAMS),
        path="spec.strategy.type",
        verdict="equivalent",
        code="A2F-SET-017",
        files=PLAIN,
    ),
    Row(
        id="steps with objects of two kinds",
        text=appset_of(_MIXED, _steps("one", "two")),
        code="A2F-SET-019",
        shown="HelmRelease/flux-system/a-two follows Kustomization/flux-system/a-one",
        files={**PLAIN, **_CHART},
    ),
    Row(
        id="fields that may differ",
        text=appset_of(_ONE, "ignoreApplicationDifferences: [{name: a, jsonPointers: [/spec/x]}]"),
        path="spec.ignoreApplicationDifferences[0].jsonPointers[0]",
        verdict="approximate",
        code="A2F-SET-007",
        files=PLAIN,
    ),
    Row(
        id="fields that stay",
        text=appset_of(_ONE, "preservedFields: {annotations: [a], labels: [b]}"),
        path="spec.preservedFields.labels[0]",
        verdict="exact",
        files=PLAIN,
    ),
    Row(
        id="nested selectors",
        text=appset_of(_ONE, "applyNestedSelectors: true"),
        path="spec.applyNestedSelectors",
        verdict="equivalent",
        files=PLAIN,
    ),
    *(
        Row(
            id=f"the generator {kind} {host}".rstrip(),
            text=appset_of(f"{kind}: {{{host}}}"),
            path="spec.goTemplate",
            verdict="manual",
            code="A2F-SET-010",
            shown=shown,
        )
        for kind, host, shown in (
            ("pullRequest", "github: {owner: a, repo: b}", "of the type GitHubPullRequest"),
            ("pullRequest", "gitlab: {project: a}", "of the type GitLabMergeRequest"),
            ("pullRequest", "gitea: {owner: a, repo: b}", "of the type GiteaPullRequest"),
            ("pullRequest", "azuredevops: {repo: b}", "of the type AzureDevOpsPullRequest"),
            ("pullRequest", "bitbucket: {owner: a, repo: b}", "of the type ExternalService"),
            ("scmProvider", "", "repositories into a list generator"),
            ("plugin", "", "ExternalService"),
            ("clusterDecisionResource", "", "add-on"),
        )
    ),
    Row(
        id="a live generator beside another one",
        text=appset_of(f"{_ONE}}}, {{scmProvider: {{gitlab: {{group: acme}}}}"),
        path="spec.generators[1].scmProvider.gitlab.group",
        verdict="manual",
        code="A2F-SET-010",
        files=PLAIN,
    ),
    Row(
        id="the other one beside it",
        text=appset_of(f"{_ONE}}}, {{scmProvider: {{gitlab: {{group: acme}}}}"),
        path="spec.generators[0].list.elements[0].path",
        verdict="approximate",
        code="A2F-SET-001",
        files=PLAIN,
    ),
    Row(
        id="clusters without Secrets",
        text=appset_of("clusters: {}"),
        path="spec.generators[0].clusters",
        verdict="manual",
        code="A2F-SET-011",
    ),
    Row(
        id="clusters with Secrets",
        text=appset_of(
            "clusters: {selector: {matchLabels: {tier: a}}, values: {p: app}}",
            source=f"repoURL: '{URL}', path: '{{{{.values.p}}}}'",
            name="a-{{.name}}",
            more=_CLUSTER,
        ).replace("'{{.n}}'", "'{{.name}}'"),
        path="spec.generators[0].clusters.values.p",
        verdict="approximate",
        code="A2F-SET-001",
        shown="became 1 Application,",
        files=PLAIN,
    ),
    Row(
        id="a repository that is not here",
        text=appset_of(
            "git: {repoURL: 'https://git.example.com/b.git', directories: [{path: '*'}]}"
        ),
        path="spec.generators[0].git.repoURL",
        verdict="manual",
        code="A2F-SET-012",
        shown="--source https://git.example.com/b.git=PATH",
    ),
    Row(
        id="what Argo CD refuses",
        text=appset_of("matrix: {generators: []}"),
        path="spec.goTemplate",
        verdict="manual",
        code="A2F-SET-013",
        shown="takes two generators",
    ),
    Row(
        id="a name twice",
        text=appset_of(f"{_TWO}}}, {{list: {{elements: [{{'n': one, path: app}}]}}"),
        path="spec.template.metadata.name",
        verdict="manual",
        code="A2F-SET-013",
        shown="2 Applications are called `a-one`",
        files=PLAIN,
    ),
    Row(
        id="a template that fails",
        text=appset_of(_ONE, "goTemplateOptions: [missingkey=error]", name="{{.nope}}"),
        path="spec.template.metadata.name",
        verdict="manual",
        code="A2F-SET-014",
        shown="there is no `nope` among its parameters",
    ),
    Row(
        id="a template that fails for one of two",
        text=appset_of(
            "list: {elements: [{'n': one, path: app, x: y}, {'n': two, path: app}]}",
            "goTemplateOptions: [missingkey=error]",
            template=", info: [{name: a, value: '{{.x}}'}]",
        ),
        path="spec.template.spec.info[0].value",
        verdict="manual",
        code="A2F-SET-014",
        files=PLAIN,
    ),
    Row(
        id="a template with another result every time",
        text=appset_of(_ONE, name="{{uuidv4}}"),
        path="spec.template.metadata.name",
        verdict="manual",
        code="A2F-SET-015",
        shown="`uuidv4`",
    ),
    Row(
        id="more than can be expanded",
        text=appset_of(
            "matrix: {generators: [{list: {elementsYaml: '[%s]'}}, {list: {elementsYaml: '[%s]'}}]}"
            % (("{a: b}, " * 80,) * 2)
        ),
        path="spec.goTemplate",
        verdict="manual",
        code="A2F-SET-018",
    ),
    Row(
        id="elements as inputs",
        text=appset_of("list: {elements: [{'n': one, path: app}, {'n': two, path: app2}]}"),
        path="spec.generators[0].list.elements[0].path",
        verdict="equivalent",
        targets=("spec.inputs",),
        files={**PLAIN, "app2/deployment.yaml": PLAIN["app/deployment.yaml"]},
        options=_SETS,
    ),
    Row(
        id="a value of a template in a ResourceSet",
        text=appset_of("list: {elements: [{'n': one, path: app}, {'n': two, path: app2}]}"),
        path="spec.template.spec.source.path",
        verdict="exact",
        targets=("spec.resources[1].spec.path",),
        files={**PLAIN, "app2/deployment.yaml": PLAIN["app/deployment.yaml"]},
        options=_SETS,
    ),
    Row(
        id="a policy in a ResourceSet",
        text=appset_of(
            "list: {elements: [{'n': one, path: app}, {'n': two, path: app2}]}",
            "syncPolicy: {applicationsSync: create-update}",
        ),
        path="spec.syncPolicy.applicationsSync",
        verdict="approximate",
        code="A2F-SET-004",
        targets=('spec.resources[1].metadata.annotations["fluxcd.controlplane.io/prune"]',),
        shown="became `fluxcd.controlplane.io/prune: disabled`",
        files={**PLAIN, "app2/deployment.yaml": PLAIN["app/deployment.yaml"]},
        options=_SETS,
    ),
    Row(
        id="messages still name the objects that became templates",
        text=appset_of(
            "list: {elements: [{'n': one, path: app}, {'n': two, path: app2}]}",
        ).replace("{prune: true}", "{prune: true, selfHeal: true}"),
        code="A2F-SYN-004",
        shown="drift is corrected every 10m",
        files={**PLAIN, "app2/deployment.yaml": PLAIN["app/deployment.yaml"]},
        options=_SETS,
    ),
    Row(
        id="clusters as providers of inputs",
        text=appset_of(
            "clusters: {selector: {matchLabels: {tier: a}}, values: {p: app}}",
            source=f"repoURL: '{URL}', path: '{{{{.values.p}}}}'",
            name="a-{{.name}}",
            more=_CLUSTER + _CLUSTER.replace("name: c,", "name: d,").replace("far", "near"),
        )
        .replace("'{{.n}}'", "'{{.name}}'")
        .replace("server: 'https://kubernetes.default.svc'", "name: '{{.name}}'"),
        path="spec.generators[0].clusters.values.p",
        verdict="approximate",
        code="A2F-SET-021",
        files=PLAIN,
        options=_SETS,
    ),
    Row(
        id="a set that stays a list of objects",
        text=appset_of(f"{_ONE}}}, {{list: {{elements: [{{'n': two, path: app}}]}}"),
        code="A2F-SET-020",
        shown="several generators",
        files=PLAIN,
        options=_SETS,
    ),
    Row(
        id="a set with a function that a ResourceSet lacks",
        text=appset_of(_TWO, template=", info: [{name: a, value: '{{.n | snakecase}}'}]"),
        code="A2F-SET-002",
        shown="`snakecase`",
        files=PLAIN,
        options=_SETS,
    ),
    Row(
        id="a parameter that no pull request of a provider has",
        text=appset_of(
            "pullRequest: {github: {owner: acme, repo: a}}", name="a-{{.target_branch}}"
        ),
        code="A2F-SET-008",
        shown="`target_branch`",
    ),
    Row(
        id="absent keys in a ResourceSet",
        text=appset_of(
            "list: {elements: [{'n': one, path: app}, {'n': two, path: web}]}",
        ),
        code="A2F-SET-009",
        shown="`<no value>`",
        files={**PLAIN, "web/deployment.yaml": DEPLOYMENT},
        options=_SETS,
    ),
    Row(
        id="folders in a ResourceSet",
        text=appset_of(
            f"git: {{repoURL: '{URL}', revision: HEAD, directories: [{{path: 'apps/*'}}]}}",
            name="a-{{.path.basename}}",
            source=f"repoURL: '{URL}', path: '{{{{.path.path}}}}'",
        ).replace("'{{.n}}'", "x"),
        path="spec.generators[0].git.directories[0].path",
        verdict="approximate",
        code="A2F-SET-022",
        shown="ArtifactGenerator",
        files={"apps/a/deployment.yaml": DEPLOYMENT, "apps/b/deployment.yaml": DEPLOYMENT},
        options=_SETS,
    ),
    Row(
        id="one of two Applications that is not converted",
        text=appset_of(
            "list: {elements: [{'n': one, path: app}, {'n': two, path: ../../x}]}",
        ),
        code="A2F-OBJ-003",
        shown="leaves the repository",
        files=PLAIN,
    ),
]


@ids(ROWS)
def test_row(row: Row, tmp_path: Path) -> None:
    check(tmp_path, row)


def test_every_message_is_raised() -> None:
    declared = {value.code for value in vars(appset).values() if isinstance(value, Message)}
    assert declared - {row.code for row in ROWS} == set()


def test_each_reason_has_a_message_that_needs_a_person() -> None:
    assert {message.verdict.value for message in appset.REASONS.values()} == {"manual"}
