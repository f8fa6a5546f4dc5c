"""Projects: kinds, rights of people, signatures and accounts, under both layouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.emission import ConvertOptions
from tests.convert_run import convert_texts
from tests.unit.mapping.project_cases import IN_CLUSTER, REPO, application, case, project
from tests.unit.mapping.row_cases import Row, check, ids

if TYPE_CHECKING:
    from pathlib import Path

LIMITED = f"sourceRepos: ['*'], destinations: [{{{IN_CLUSTER}, namespace: web}}]"
KEY = "4AEE18F83AFDEB23"


def kinds(entries: str, *, of: str = "clusterResourceWhitelist") -> str:
    return f"{LIMITED}, {of}: [{entries}]"


def role(policy: str) -> str:
    line = f"p, proj:team:dev, {policy}" if not policy.startswith("p,") else policy
    return (
        f"{LIMITED}, roles: [{{name: dev, description: d, groups: [devs], policies: ['{line}']}}]"
    )


def account(name: str, *, namespace: str = "web") -> str:
    rule = f"{{{IN_CLUSTER}, namespace: {namespace}, defaultServiceAccount: '{name}'}}"
    return f"{LIMITED}, destinationServiceAccounts: [{rule}]"


def settings(value: str) -> str:
    return f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{name: argocd-cm, namespace: argocd}}
data: {{application.sync.impersonation.enabled: '{value}'}}
---
"""


CLUSTER = "spec.clusterResourceWhitelist[0]"
POLICY = "spec.roles[0].policies[0]"
ACCOUNT = "spec.destinationServiceAccounts[0].defaultServiceAccount"

ROWS = [
    case(
        "a cluster-scoped kind is a rule",
        kinds("{group: '', kind: PersistentVolume}"),
        f"{CLUSTER}.kind",
        "equivalent",
        targets=("rules[0]", "roleRef"),
    ),
    case(
        "nothing limits cluster-scoped kinds in the flat layout",
        kinds("{group: '', kind: PersistentVolume}"),
        f"{CLUSTER}.kind",
        "none",
        "A2F-PRJ-015",
        flat=True,
    ),
    case(
        "all cluster-scoped kinds are no limit in the flat layout",
        kinds("{group: '*', kind: '*'}"),
        f"{CLUSTER}.kind",
        flat=True,
    ),
    case(
        "all cluster-scoped kinds are those that are known",
        kinds("{group: '*', kind: '*'}"),
        f"{CLUSTER}.group",
        "approximate",
        "A2F-PRJ-004",
        shown="only kinds that are built in or in the input",
    ),
    case(
        "nobody may grant more than they have",
        kinds("{group: rbac.authorization.k8s.io, kind: ClusterRole}"),
        f"{CLUSTER}.kind",
        "approximate",
        "A2F-PRJ-026",
    ),
    case(
        "the plural of an unknown kind is a guess",
        kinds("{group: example.com, kind: Policy}"),
        f"{CLUSTER}.kind",
        "approximate",
        "A2F-PRJ-004",
        shown="the plural `policies` is a guess",
    ),
    case(
        "a namespaced kind in the list has no effect",
        kinds("{group: apps, kind: Deployment}"),
        f"{CLUSTER}.kind",
        "approximate",
        "A2F-PRJ-004",
        shown="the kind is namespaced",
    ),
    case(
        "creating cannot be limited by name, but refused",
        kinds("{group: '', kind: Namespace, name: web}"),
        f"{CLUSTER}.name",
        "approximate",
        "A2F-PRJ-004",
        shown="argoflux-team-cluster-kinds",
    ),
    case("no cluster-scoped kinds", kinds(""), "spec.clusterResourceWhitelist", "equivalent"),
    case(
        "a namespaced kind is a rule",
        kinds("{group: apps, kind: Deployment}", of="namespaceResourceWhitelist"),
        "spec.namespaceResourceWhitelist[0].kind",
        "equivalent",
        targets=("rules[0]",),
    ),
    case(
        "all namespaced kinds are no limit",
        kinds("{group: '*', kind: '*'}", of="namespaceResourceWhitelist"),
        "spec.namespaceResourceWhitelist[0].kind",
        flat=True,
    ),
    case(
        "an empty list of namespaced kinds is a limit",
        kinds("", of="namespaceResourceWhitelist"),
        "spec.namespaceResourceWhitelist",
        "none",
        "A2F-PRJ-015",
        flat=True,
    ),
    case(
        "an unknown namespaced kind is guessed",
        kinds("{group: example.com, kind: Shop}", of="namespaceResourceWhitelist"),
        "spec.namespaceResourceWhitelist[0].kind",
        "approximate",
        "A2F-PRJ-004",
        shown="the plural `shops`",
    ),
    case(
        "a denied kind is refused",
        kinds("{group: '', kind: ResourceQuota}", of="namespaceResourceBlacklist"),
        "spec.namespaceResourceBlacklist[0].kind",
        "approximate",
        "A2F-PRJ-005",
        shown="admission policy argoflux-team-kinds refuses kind `ResourceQuota` to team",
        targets=("spec.validations[0]",),
    ),
    case(
        "a denied cluster-scoped kind is refused",
        kinds("{group: '', kind: Namespace, name: 'kube-*'}", of="clusterResourceBlacklist"),
        "spec.clusterResourceBlacklist[0].name",
        "approximate",
        "A2F-PRJ-005",
        shown="with name `kube-*`",
    ),
    case(
        "nothing refuses kinds in the flat layout",
        kinds("{group: '', kind: ResourceQuota}", of="namespaceResourceBlacklist"),
        "spec.namespaceResourceBlacklist[0].kind",
        "none",
        "A2F-PRJ-015",
        flat=True,
    ),
    case(
        "custom kinds are not in admin",
        LIMITED,
        code="A2F-PRJ-024",
        shown="ClusterRole `admin`",
    ),
    case("a role", role("applications, get, team/*, allow"), "spec.roles[0].name", "equivalent"),
    case(
        "a role is nothing in the flat layout",
        role("applications, get, team/*, allow"),
        "spec.roles[0].name",
        "none",
        "A2F-PRJ-015",
        flat=True,
    ),
    case(
        "a description of a role is a note",
        role("applications, get, team/*, allow"),
        "spec.roles[0].description",
        "equivalent",
        flat=True,
    ),
    case(
        "a group is bound",
        role("applications, get, team/*, allow"),
        "spec.roles[0].groups[0]",
        targets=("subjects[0]",),
    ),
    case(
        "reading apps",
        role("applications, get, team/*, allow"),
        POLICY,
        "approximate",
        "A2F-PRJ-006",
        shown="became get, list, watch on the Flux objects of the tenant",
    ),
    case(
        "one app by name",
        role("applications, sync, team/web, allow"),
        POLICY,
        "approximate",
        "A2F-PRJ-006",
        shown="became patch on Kustomization/web",
    ),
    case(
        "logs of pods",
        role("logs, get, team/*, allow"),
        POLICY,
        "approximate",
        "A2F-PRJ-006",
        shown="rights on pods/log in web",
    ),
    case(
        "a denial of the whole role takes verbs away",
        role("applications, delete, team/*, deny"),
        POLICY,
        "approximate",
        "A2F-PRJ-006",
        shown="a denial of delete",
    ),
    case(
        "a narrower denial",
        role("applications, delete, team/web, deny"),
        POLICY,
        "manual",
        "A2F-PRJ-017",
        shown="RBAC cannot deny",
    ),
    case(
        "an action on live objects",
        role("applications, action/apps/Deployment/restart, team/*, allow"),
        POLICY,
        "manual",
        "A2F-PRJ-017",
        shown="nothing that a Flux object can be asked for",
    ),
    case(
        "rights on repositories",
        role("repositories, get, team/*, allow"),
        POLICY,
        "manual",
        "A2F-PRJ-017",
        shown="`repositories` has no counterpart",
    ),
    case(
        "a policy of another role",
        role("p, proj:other:dev, applications, get, team/*, allow"),
        POLICY,
        "manual",
        "A2F-PRJ-017",
        shown="no policy of its role",
    ),
    case("reading the project", role("projects, get, team, allow"), POLICY, "equivalent"),
    case(
        "tokens",
        f"{LIMITED}, roles: [{{name: ci, jwtTokens: [{{iat: 1535390316}}]}}]",
        "spec.roles[0].jwtTokens[0].iat",
        "none",
        "A2F-PRJ-007",
        shown="role ci",
    ),
    case(
        "a key that is not in the input",
        f"{LIMITED}, signatureKeys: [{{keyID: {KEY}}}]",
        "spec.signatureKeys[0].keyID",
        "approximate",
        "A2F-PRJ-010",
        shown="Secret team-gpg",
    ),
    case(
        "a key of the input",
        f"{LIMITED}, signatureKeys: [{{keyID: {KEY}}}]",
        "spec.signatureKeys[0].keyID",
        "equivalent",
        apps=application()
        + "apiVersion: v1\nkind: ConfigMap\n"
        + "metadata: {name: argocd-gpg-keys-cm, namespace: argocd}\n"
        + f"data: {{{KEY}: armored}}\n---\n",
    ),
    case(
        "nothing is verified in the flat layout",
        f"{LIMITED}, signatureKeys: [{{keyID: {KEY}}}]",
        "spec.signatureKeys[0].keyID",
        "none",
        "A2F-PRJ-015",
        flat=True,
    ),
    case(
        "all commits",
        f"{LIMITED}, sourceIntegrity: {{git: {{policies: [{{repos: [{{url: '*'}}],"
        f" gpg: {{mode: strict, keys: [{KEY}]}}}}]}}}}",
        "spec.sourceIntegrity.git.policies[0].gpg.mode",
        "approximate",
        "A2F-PRJ-018",
    ),
    case(
        "the newest commit",
        f"{LIMITED}, sourceIntegrity: {{git: {{policies: [{{repos: [{{url: '*'}}],"
        f" gpg: {{mode: head, keys: [{KEY}]}}}}]}}}}",
        "spec.sourceIntegrity.git.policies[0].repos[0].url",
        "equivalent",
    ),
    case(
        "no signatures",
        f"{LIMITED}, sourceIntegrity: {{git: {{policies: [{{repos: [{{url: '*'}}],"
        f" gpg: {{mode: none, keys: [{KEY}]}}}}]}}}}",
        "spec.sourceIntegrity.git.policies[0].gpg.keys[0]",
        "equivalent",
    ),
    case(
        "an account moves to the tenant",
        account("deployer"),
        ACCOUNT,
        "approximate",
        "A2F-PRJ-011",
        shown="service account team/deployer",
    ),
    case(
        "an account of a namespace moves to the tenant",
        account("ops:deployer"),
        ACCOUNT,
        "approximate",
        "A2F-PRJ-011",
        shown="`ops:deployer` became service account team/deployer",
    ),
    case("no app needs the account", account("deployer", namespace="other"), ACCOUNT, "equivalent"),
    case(
        "an account that Argo CD refuses",
        account("dep*"),
        ACCOUNT,
        "manual",
        "A2F-PRJ-023",
        shown="characters",
    ),
    case(
        "accounts are not used",
        account("deployer"),
        ACCOUNT,
        "equivalent",
        "A2F-PRJ-022",
        apps=application() + settings("false"),
    ),
    case(
        "accounts of the flat layout",
        account("deployer"),
        ACCOUNT,
        "none",
        "A2F-PRJ-015",
        flat=True,
        apps=application() + settings("true"),
    ),
]


PARENT = Row(
    id="a parent writes the appliers of its children",
    text=project(LIMITED) + application().replace("path: app", "path: children"),
    files={"children/api.yaml": application(name="api", belongs="other")},
    code="A2F-PRJ-030",
    shown="team may write Kustomizations and HelmReleases in other",
    options=ConvertOptions(layout="tenant", to_folder=True, deploy_path="clusters/prod"),
)


def test_parents(tmp_path: Path) -> None:
    """The rights are on the kinds, and in the namespaces, of the children."""
    files = {"root.yaml": PARENT.text, **PARENT.files}
    sources = (f"{REPO}=.",)
    _, conversion = convert_texts(tmp_path, files, "flux", PARENT.options, sources=sources)
    said = [message.text for message in conversion.messages if message.code == PARENT.code]
    assert [PARENT.shown in text for text in said] == [True]
    bodies = [document.body for document in conversion.documents]
    (role,) = [body for body in bodies if body["kind"] == "Role"]
    assert role["metadata"]["namespace"] == "other"
    assert [rule["resources"] for rule in role["rules"]] == [["kustomizations"], ["helmreleases"]]
    bindings = {
        body["metadata"]["namespace"]: body for body in bodies if body["kind"] == "RoleBinding"
    }
    assert bindings["other"]["roleRef"]["name"] == role["metadata"]["name"]
    assert bindings["other"]["subjects"][0]["namespace"] == "team"


@ids(ROWS)
def test_row(row: Row, tmp_path: Path) -> None:
    """Each leaf has the verdict, the message and the targets that the row says."""
    check(tmp_path, row)
