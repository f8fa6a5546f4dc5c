"""Git sources: URL, credentials, what is fetched, and joins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.mapping.row_cases import (
    CHARTED,
    DEPLOYMENT,
    KUSTOMIZED,
    PLAIN,
    URL,
    Row,
    application,
    check,
    git_repository,
    ids,
    kustomization,
    release,
)

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "targetRevision: main"
SCP = "git@git.example.com:acme/shop.git"
LEAKY = "https://bot:hunter2@git.example.com/acme/shop.git"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git(spec: str = "", **more: str) -> str:
    return kustomization(source=git_repository(spec, **more))


TO_FLUX = [
    Row(id="https", text=application(MAIN), path="spec.source.repoURL", targets=("spec.url",)),
    Row(
        id="scp",
        text=application(MAIN, url=SCP),
        path="spec.source.repoURL",
        verdict="equivalent",
        code="A2F-REV-010",
        shown="ssh://git@git.example.com/acme/shop.git",
    ),
    Row(id="a Secret for ssh", text=application(MAIN, url=SCP), code="A2F-SEC-002"),
    Row(
        id="a scheme that Flux refuses",
        text=application(MAIN, url="git://git.example.com/a"),
        path="spec.source.repoURL",
        verdict="manual",
        code="A2F-REV-011",
    ),
    Row(
        id="credentials in the URL",
        text=application(MAIN, url=LEAKY),
        path="spec.source.repoURL",
        verdict="manual",
        code="A2F-SEC-009",
        shown="Secret shop-auth needs them",
    ),
    Row(
        id="credentials in the URL of a source that is there",
        text=application(MAIN, url=LEAKY) + git_repository(),
        path="spec.source.repoURL",
        verdict="manual",
        code="A2F-SEC-009",
        shown="the Secret of its GitRepository needs them",
    ),
    Row(
        id="a source that is there",
        text=application(MAIN) + git_repository(),
        code="A2F-SRC-026",
        shown="GitRepository shop of the input",
    ),
    Row(id="path", text=application(MAIN), path="spec.source.path", targets=("spec.path",)),
    Row(
        id="one of several sources",
        text=application(MAIN, spec=f"sources: [{{repoURL: '{URL}', path: app, name: a}}]"),
        path="spec.sources[0].name",
    ),
    Row(
        id="a source that nobody reads",
        text=application(
            "kustomize: {version: v5}", spec=f"sources: [{{repoURL: '{URL}', path: app}}]"
        ),
        path="spec.source.kustomize.version",
        verdict="equivalent",
    ),
    Row(
        id="source beside sources",
        text=application(MAIN, spec=f"sources: [{{repoURL: '{URL}', path: app}}]"),
        code="A2F-SRC-020",
        shown="`sources` is set",
    ),
    Row(
        id="shared",
        text=application(MAIN) + application(MAIN, name="web"),
        code="A2F-SRC-001",
        shown="2 Applications share GitRepository shop",
    ),
    Row(id="nothing to see", text=application(MAIN), code="A2F-SRC-007", shown="`app`"),
    Row(
        id="files that Flux leaves out",
        text=application(MAIN),
        files={
            **PLAIN,
            "app/kustomization.yaml": "resources: [deployment.yaml]\n"
            "configMapGenerator: [{name: a, files: [logo.png]}]\n",
            "app/logo.png": "x",
        },
        code="A2F-SRC-008",
        shown="logo.png",
    ),
    Row(
        id="submodules",
        text=application(MAIN),
        files={**PLAIN, ".gitmodules": "[submodule]\n"},
        code="A2F-SRC-009",
        shown="it has a .gitmodules file",
    ),
    Row(
        id="override files",
        text=application(MAIN),
        files={**KUSTOMIZED, "app/.argocd-source-shop.yaml": "kustomize: {namePrefix: a-}\n"},
        code="A2F-SRC-011",
        shown="app/.argocd-source-shop.yaml",
    ),
    Row(
        id="a build variable",
        text=application(f"{MAIN}, kustomize: {{images: ['api:$ARGOCD_APP_NAME']}}"),
        code="A2F-SRC-012",
        shown="$ARGOCD_APP_NAME was expanded to `shop`",
    ),
    Row(
        id="a build variable of the build",
        text=application(f"{MAIN}, kustomize: {{images: ['api:$ARGOCD_APP_REVISION']}}"),
        code="A2F-SRC-025",
        shown="$ARGOCD_APP_REVISION",
    ),
    Row(id="a copy by its paths", text=application(MAIN), files=PLAIN, code="A2F-SRC-024"),
]
G = "spec."
TO_ARGO = [
    Row(id="url", text=git(), path="spec.url", targets=("spec.source.repoURL",)),
    Row(
        id="GitLab without suffix",
        text=git(url="https://gitlab.com/acme/shop"),
        path="spec.url",
        verdict="approximate",
        code="F2A-GIT-001",
    ),
    Row(
        id="credentials in the URL",
        text=git(url=LEAKY),
        path="spec.url",
        verdict="manual",
        code="F2A-GIT-002",
        shown="GitRepository/flux-system/shop",
    ),
    Row(
        id="path",
        text=kustomization(),
        path="spec.path",
        targets=("spec.source.path",),
    ),
    Row(
        id="a path with nothing in it",
        text=kustomization(),
        files={"app/README.md": "nothing here"},
        path="spec.path",
        verdict="none",
        code="F2A-KS-002",
    ),
    Row(
        id="the Secret of a source that nothing needs",
        text=git("secretRef: {name: a}"),
        files={"app/README.md": "nothing here"},
        path="spec.secretRef.name",
        verdict="equivalent",
    ),
    Row(
        id="chart",
        text=release(),
        path="spec.chart.spec.chart",
        targets=("spec.source.path",),
    ),
    Row(
        id="interval",
        text=git_repository() + kustomization(source=""),
        path="spec.interval",
        verdict="equivalent",
    ),
    Row(id="intervals of the run", text=kustomization(), code="F2A-INT-001", shown="5m, 10m"),
    Row(id="timeout, its default", text=git("timeout: 1m0s"), path="spec.timeout"),
    Row(
        id="timeout below that of Argo CD",
        text=git("timeout: 90s"),
        path="spec.timeout",
        verdict="equivalent",
    ),
    Row(
        id="timeout above that of Argo CD",
        text=git("timeout: 91s"),
        path="spec.timeout",
        verdict="none",
        code="F2A-GIT-005",
        shown="91s",
    ),
    Row(
        id="credentials",
        text=git("secretRef: {name: deploy-key}"),
        path="spec.secretRef.name",
        verdict="manual",
        code="F2A-GIT-006",
        shown="Secret flux-system/deploy-key",
    ),
    Row(id="provider, its default", text=git("provider: generic"), path="spec.provider"),
    Row(
        id="GitHub App",
        text=git("provider: github, secretRef: {name: a}"),
        path="spec.provider",
        verdict="equivalent",
    ),
    Row(
        id="Azure",
        text=git("provider: azure"),
        path="spec.provider",
        verdict="manual",
        code="F2A-GIT-008",
    ),
    Row(
        id="CodeCommit",
        text=git("provider: aws"),
        path="spec.provider",
        verdict="manual",
        code="F2A-GIT-009",
    ),
    Row(
        id="identity",
        text=git("provider: azure, serviceAccountName: fetcher"),
        path="spec.serviceAccountName",
        verdict="none",
        code="F2A-GIT-010",
        shown="fetcher",
    ),
    Row(
        id="proxy",
        text=git("proxySecretRef: {name: proxy}"),
        path="spec.proxySecretRef.name",
        verdict="manual",
        code="F2A-GIT-011",
        shown="Secret proxy",
    ),
    Row(
        id="signatures",
        text=git("verify: {mode: HEAD, secretRef: {name: keys}}"),
        path="spec.verify.mode",
        verdict="equivalent",
    ),
    Row(
        id="signatures of both",
        text=git("verify: {mode: TagAndHEAD, secretRef: {name: keys}}"),
        path="spec.verify.mode",
        verdict="approximate",
        code="F2A-GIT-014",
        shown="Flux reports an error",
    ),
    Row(
        id="keys",
        text=git("verify: {secretRef: {name: keys}}"),
        path="spec.verify.secretRef.name",
        verdict="manual",
        code="F2A-GIT-024",
        shown="the Secret is not in the input",
    ),
    Row(
        id="ignore rules that make globs",
        text=git("ignore: 'dev.yaml'"),
        files={**PLAIN, "app/dev.yaml": DEPLOYMENT.replace("api", "dev")},
        path="spec.ignore",
        verdict="approximate",
        code="F2A-GIT-015",
        shown="dev.yaml",
    ),
    Row(
        id="ignore rules that make no globs",
        text=git("ignore: '[a-c]*.yaml'"),
        files=PLAIN,
        path="spec.ignore",
        verdict="manual",
        code="F2A-GIT-016",
        shown="[a-c]*.yaml",
    ),
    Row(
        id="ignore rules beside a kustomization",
        text=git("ignore: 'dev.yaml'"),
        files=KUSTOMIZED,
        path="spec.ignore",
        verdict="equivalent",
    ),
    Row(
        id="ignore rules of unseen files",
        text=git("ignore: 'dev.yaml'"),
        path="spec.ignore",
        verdict="approximate",
        code="F2A-KS-022",
    ),
    Row(
        id="included repositories",
        text=git("include: [{repository: {name: base}, toPath: base}]"),
        path="spec.include[0].toPath",
        verdict="manual",
        code="F2A-GIT-017",
    ),
    Row(id="submodules", text=git("recurseSubmodules: true"), path="spec.recurseSubmodules"),
    Row(
        id="no submodules, and there are none",
        text=git("recurseSubmodules: false"),
        files=PLAIN,
        path="spec.recurseSubmodules",
        verdict="equivalent",
    ),
    Row(
        id="no submodules, but there are some",
        text=git("recurseSubmodules: false"),
        files={**PLAIN, ".gitmodules": "x"},
        path="spec.recurseSubmodules",
        verdict="approximate",
        code="F2A-GIT-018",
    ),
    Row(
        id="submodules unsaid", text=git(), files={**PLAIN, ".gitmodules": "x"}, code="F2A-GIT-018"
    ),
    Row(
        id="sparse checkout",
        text=git("sparseCheckout: [app]"),
        path="spec.sparseCheckout[0]",
        verdict="approximate",
        code="F2A-GIT-019",
        targets=('metadata.annotations["argocd.argoproj.io/manifest-generate-paths"]',),
    ),
    Row(id="not suspended", text=git("suspend: false"), path="spec.suspend"),
    Row(
        id="suspended",
        text=git("suspend: true"),
        path="spec.suspend",
        verdict="manual",
        code="F2A-GIT-020",
        targets=("spec.syncPolicy.automated.enabled",),
    ),
    Row(
        id="suspended at a known commit",
        text=git("suspend: true", more=f"status: {{artifact: {{revision: 'main@sha1:{COMMIT}'}}}}"),
        path="spec.suspend",
        verdict="approximate",
        code="F2A-GIT-021",
        shown=COMMIT,
        targets=("spec.source.targetRevision",),
    ),
    Row(
        id="never enforced",
        text=git("accessFrom: {namespaceSelectors: []}").replace(
            "/v1\nkind: Git", "/v1beta2\nkind: Git"
        ),
        path="spec.accessFrom.namespaceSelectors",
        verdict="equivalent",
    ),
    Row(id="a copy by its paths", text=git(), files=PLAIN, code="F2A-GIT-022"),
    Row(id="source", text=kustomization(), path="spec.sourceRef.name"),
    Row(
        id="a source that is not there",
        text=kustomization(source=""),
        path="spec.sourceRef.name",
        verdict="manual",
        code="F2A-JOIN-001",
        shown="`repoURL` is TODO",
    ),
    Row(
        id="one source, two contents",
        text=kustomization() + git_repository(ref="branch: dev"),
        code="F2A-JOIN-002",
        shown="2 times",
    ),
    Row(
        id="one repository, two Secrets",
        text=git("secretRef: {name: a}")
        + git_repository("secretRef: {name: b}").replace("name: shop", "name: other", 1)
        + kustomization(name="other", source="").replace(
            "Repository, name: shop", "Repository, name: other"
        ),
        code="F2A-SEC-002",
        shown="flux-system/a, flux-system/b",
    ),
    Row(
        id="charts do not care for ignore rules",
        text=release(source=git_repository("ignore: 'dev.yaml'")),
        files=CHARTED,
        path="spec.ignore",
        verdict="equivalent",
    ),
]
ROWS = [*TO_FLUX, *TO_ARGO]


@ids(ROWS)
def test_row(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


BOOTSTRAP = Row(
    id="the source of the bootstrap",
    text=kustomization(source="").replace(
        "GitRepository, name: shop", "GitRepository, name: flux-system"
    ),
    files={
        ".git/HEAD": "ref: refs/heads/main\n",
        ".git/config": f'[remote "origin"]\n\turl = {URL}\n',
    },
    path="spec.sourceRef.name",
    verdict="approximate",
    code="F2A-JOIN-003",
    shown=URL,
)


def test_the_bootstrap_source_is_the_checkout(tmp_path: Path) -> None:
    check(tmp_path, BOOTSTRAP)
