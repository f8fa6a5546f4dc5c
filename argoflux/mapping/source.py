"""Git sources: URL, credentials, verification and what of the tree is used."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import (
    Concept,
    Context,
    Mount,
    Opaque,
    equivalent,
    exact,
    on,
    says,
)
from argoflux.mapping.conditions import fact
from argoflux.mapping.kustomize import F2A_KS_002, F2A_KS_022
from argoflux.mapping.verdict import Message, Verdict

A2F_REV_010 = Message(
    code="A2F-REV-010",
    verdict=Verdict.EQUIVALENT,
    text="the scp-style URL {url} was written as {new}",
)
A2F_REV_011 = Message(
    code="A2F-REV-011",
    verdict=Verdict.MANUAL,
    text="Flux does not accept the URL {url}: only http, https and ssh",
    instead="publish the repository over one of them",
)
A2F_SRC_000 = Message(
    code="A2F-SRC-000",
    verdict=Verdict.MANUAL,
    text="one source has more than one tool block ({tools}); Argo CD refuses that",
    instead="keep one of them",
)
A2F_SRC_001 = Message(
    code="A2F-SRC-001",
    verdict=Verdict.EQUIVALENT,
    text="{count} Applications share {kind} {name}: {apps}",
    instead="a source that cannot be fetched stalls all of them; in Argo CD each failed alone",
)
A2F_SRC_007 = Message(
    code="A2F-SRC-007",
    verdict=Verdict.APPROXIMATE,
    text="what {path} of {url} holds cannot be seen from here; {type} was assumed",
    instead="give the checkout with `--source {url}=DIR`, or name the tool in the Application",
    tags=("evidence",),
)
A2F_SRC_008 = Message(
    code="A2F-SRC-008",
    verdict=Verdict.APPROXIMATE,
    text="Flux leaves {files} out of its artifacts by default, and `{path}` uses them",
    instead="set `ignore` on its {kind} so that they stay in",
)
A2F_SRC_009 = Message(
    code="A2F-SRC-009",
    verdict=Verdict.APPROXIMATE,
    text="Argo CD checks out submodules of {url} by itself; `recurseSubmodules: true` was set because {evidence}",
)
A2F_SRC_011 = Message(
    code="A2F-SRC-011",
    verdict=Verdict.APPROXIMATE,
    text="overrides in {files} were merged into the result",
    instead="delete them after the cut-over",
)
A2F_SRC_012 = Message(
    code="A2F-SRC-012",
    verdict=Verdict.EQUIVALENT,
    text="build variable {var} was expanded to `{value}`",
)
A2F_SRC_020 = Message(
    code="A2F-SRC-020",
    verdict=Verdict.EQUIVALENT,
    text="the other sources were left out: Argo CD ignores them because `{winner}` is set",
    instead="delete them",
)
A2F_SRC_024 = Message(
    code="A2F-SRC-024",
    verdict=Verdict.EQUIVALENT,
    text="the contents of {url} were read from {directory}: every path used with this URL exists there",
    instead="say `--source {url}=DIR` if that is another repository",
)
A2F_SRC_026 = Message(
    code="A2F-SRC-026",
    verdict=Verdict.EQUIVALENT,
    text="{kind} {source} of the input is what {name} needs; it is used",
)
A2F_SRC_025 = Message(
    code="A2F-SRC-025",
    verdict=Verdict.MANUAL,
    text="build variable {var} is known at build time only; it was left as it stands",
    instead="write the value, or set it in the manifests by other means",
)
A2F_SEC_009 = Message(
    code="A2F-SEC-009",
    verdict=Verdict.MANUAL,
    text="credentials inside the URL of {url} were taken out; {secret} needs them",
    instead="put them into the Secret and remove them from Git, where they are exposed",
    tags=("security",),
)

F2A_GIT_001 = Message(
    code="F2A-GIT-001",
    verdict=Verdict.APPROXIMATE,
    text="{url} has no `.git` suffix; Argo CD does not follow the redirect that GitLab answers with",
    instead="add the suffix",
)
F2A_GIT_002 = Message(
    code="F2A-GIT-002",
    verdict=Verdict.MANUAL,
    text="the URL of GitRepository {name} holds credentials; it was not converted",
    instead="move them into a Secret and remove them from Git, where they are exposed",
    tags=("security",),
)
F2A_GIT_005 = Message(
    code="F2A-GIT-005",
    verdict=Verdict.NONE,
    text="the Git timeout {value} is a setting of the whole repo-server in Argo CD",
    instead="set ARGOCD_EXEC_TIMEOUT and ARGOCD_GIT_REQUEST_TIMEOUT if fetching is slow",
)
F2A_GIT_006 = Message(
    code="F2A-GIT-006",
    verdict=Verdict.MANUAL,
    text="{url} needs a repository Secret in Argo CD; its values stand in Secret {secret}, not in Git",
    instead="fill {stub}, which was written as a stub",
    tags=("security",),
)
F2A_GIT_008 = Message(
    code="F2A-GIT-008",
    verdict=Verdict.MANUAL,
    text="{url} uses the workload identity of source-controller ({value})",
    instead="federate the identity of argocd-repo-server and set `useAzureWorkloadIdentity` on the repository Secret",
)
F2A_GIT_009 = Message(
    code="F2A-GIT-009",
    verdict=Verdict.MANUAL,
    text="Argo CD has no CodeCommit IAM authentication for applications ({url})",
    instead="use HTTPS Git credentials or a credential helper",
)
F2A_GIT_010 = Message(
    code="F2A-GIT-010",
    verdict=Verdict.NONE,
    text="the identity {value} of one repository collapses into that of the repo-server",
    instead="give the service account of argocd-repo-server the rights of that identity, or give the repository credentials of its own",
)
F2A_GIT_011 = Message(
    code="F2A-GIT-011",
    verdict=Verdict.MANUAL,
    text="the proxy of {url} stands in Secret {value}",
    instead="set `proxy` on the repository Secret; its credentials go into the URL",
)
F2A_GIT_015 = Message(
    code="F2A-GIT-015",
    verdict=Verdict.APPROXIMATE,
    text="ignore rules of {source} became the globs {globs}",
    instead="compare the list of files on both sides",
)
F2A_GIT_016 = Message(
    code="F2A-GIT-016",
    verdict=Verdict.MANUAL,
    text="ignore rule `{rule}` of {source} cannot be said as a glob",
    instead="move the files, or list the wanted ones in a kustomization.yaml",
)
F2A_GIT_017 = Message(
    code="F2A-GIT-017",
    verdict=Verdict.MANUAL,
    text="`include` copies files of another GitRepository into this one; Argo CD cannot compose trees",
    instead="use a Git submodule, a remote kustomize base or several sources",
)
F2A_GIT_018 = Message(
    code="F2A-GIT-018",
    verdict=Verdict.APPROXIMATE,
    text="Argo CD initialises the submodules of {url}, Flux did not",
    instead="set ARGOCD_GIT_MODULES_ENABLED=false on the repo-server if that must stay",
)
F2A_GIT_019 = Message(
    code="F2A-GIT-019",
    verdict=Verdict.APPROXIMATE,
    text="sparse checkout of {value} became `manifest-generate-paths`: it limits what triggers a refresh, not what is cloned",
)
F2A_GIT_020 = Message(
    code="F2A-GIT-020",
    verdict=Verdict.MANUAL,
    text="GitRepository {repository} is suspended: its consumers stay at the last fetched commit, which is not in the input",
    instead="pin `targetRevision` to that commit (`flux get sources git {repository}`); automation was left off",
)
F2A_GIT_021 = Message(
    code="F2A-GIT-021",
    verdict=Verdict.APPROXIMATE,
    text="GitRepository {repository} is suspended: its consumers are pinned to the last fetched commit {pinned}",
    instead="return `targetRevision` to the branch when it is to move on",
)
F2A_SEC_002 = Message(
    code="F2A-SEC-002",
    verdict=Verdict.MANUAL,
    text="{url} is used with different credentials ({secrets}); Argo CD finds credentials by URL",
    instead="give each repository Secret the `project` it is for",
    tags=("security",),
)
F2A_GIT_022 = Message(
    code="F2A-GIT-022",
    verdict=Verdict.EQUIVALENT,
    text="the contents of {source} were read from {directory}: every path used with it exists there",
    instead="say `--source {source}=DIR` if that is another repository",
)
F2A_JOIN_001 = Message(
    code="F2A-JOIN-001",
    verdict=Verdict.MANUAL,
    text="source {source} of {name} is not in the input; `repoURL` is {url}",
    instead="add the file that defines it, or correct the URL",
)
F2A_JOIN_002 = Message(
    code="F2A-JOIN-002",
    verdict=Verdict.APPROXIMATE,
    text="{source} is defined {count} times with different content ({files}); {file} was used",
    instead="convert each cluster's folder by itself, or give one of the definitions another name",
)
F2A_JOIN_003 = Message(
    code="F2A-JOIN-003",
    verdict=Verdict.APPROXIMATE,
    text="source {source} is not in the input; it was taken for the repository that this checkout comes from, {url} at HEAD",
    instead="add the file that defines it, or correct `repoURL` and `targetRevision`",
)
F2A_INT_001 = Message(
    code="F2A-INT-001",
    verdict=Verdict.EQUIVALENT,
    text="the intervals of the input ({intervals}) become one global `timeout.reconciliation`; the smallest source interval is {smallest}",
    instead="webhooks make both systems react at once",
    run=True,
)


def _scp(value: Any, _ctx: Context) -> bool:
    return "://" not in str(value) and ":" in str(value)


def _has_credentials(_value: Any, ctx: Context) -> bool:
    return bool(ctx.fact("url_credentials"))


def _holder(ctx: Context) -> str:
    """The Secret of the repository; a source of the input has its own."""
    secret = ctx.fact("source_secret")
    kind = ctx.fact("source_kind") or "GitRepository"
    return f"Secret {secret}" if secret else f"the Secret of its {kind}"


def _over_git_default(value: Any, ctx: Context) -> bool:
    return bool(value) and ctx.fact("git_timeout_long") is not False


# argo-cd:pkg/apis/application/v1alpha1/types.go ApplicationSource; URLs that Flux accepts:
# source-controller:api/v1/gitrepository_types.go
ROWS = (
    Mount(kind="Application", path="spec.source", table="ApplicationSource"),
    Mount(kind="Application", path="spec.sources[]", table="ApplicationSource"),
    Concept(
        slot="part.source.url",
        says="The repository.",
        argo=(on("ApplicationSource", "repoURL"),),
        flux=(on("GitRepository", "spec.url"),),
        to_flux=(
            says(
                A2F_REV_011,
                when=lambda _value, ctx: bool(ctx.fact("url_refused")) and not ctx.fact("unused"),
                facts=lambda _value, ctx: {"url": ctx.fact("url_refused")},
            ),
            equivalent(when=fact("files_only")),  # what it lends was copied, or nobody reads it
            says(
                A2F_SEC_009,
                when=_has_credentials,
                facts=lambda _value, ctx: {"secret": _holder(ctx)},
            ),
            says(
                A2F_REV_010,
                when=_scp,
                facts=lambda value, ctx: {"url": value, "new": ctx.fact("flux_url")},
            ),
            exact(),
        ),
        to_argo=(says(F2A_GIT_001, when=fact("gitlab_suffix")), exact()),
    ),
    Concept(
        slot="part.path",
        says="The directory of the repository that is applied; for charts, the chart's directory.",
        argo=(on("ApplicationSource", "path", ""),),
        flux=(on("Kustomization", "spec.path", ""), on("HelmChartSpec", "chart")),
        # a chart from a Helm repository has no path (argo-cd:reposerver/repository/repository.go)
        to_flux=(
            equivalent(when=fact("chart_by_name")),
            equivalent(when=fact("only_children")),  # a folder of the output takes its place
            exact(),
        ),
        to_argo=(says(F2A_KS_002, when=fact("renders_nothing")), exact()),
    ),
    Concept(
        slot="part.name",
        says="A name for one of several sources.",
        argo=(on("ApplicationSource", "name"),),
        to_flux=(exact(),),
    ),
    # --- GitRepository: source-controller:api/v1/gitrepository_types.go; what of it Argo CD has:
    # argo-cd:docs/operator-manual/declarative-setup.md (repositories), argo-cd:util/git/client.go
    Concept(
        slot="part.source.interval",
        says="How often the source is looked at.",
        flux=(on("GitRepository", "spec.interval"), on("HelmChartSpec", "interval")),
        to_argo=(equivalent(),),
    ),
    # argo-cd:util/exec/exec.go (ARGOCD_EXEC_TIMEOUT, 90s), util/git/client.go (request timeout)
    Concept(
        slot="part.source.timeout",
        says="How long fetching may take.",
        flux=(on("GitRepository", "spec.timeout", "60s"),),
        to_argo=(
            exact(when=lambda value, _ctx: value in {"60s", "1m", "1m0s"}),
            says(F2A_GIT_005, when=_over_git_default),
            equivalent(),
        ),
    ),
    Concept(
        slot="part.source.secret",
        says="Credentials for the repository.",
        flux=(on("GitRepository", "spec.secretRef.name"),),
        to_argo=(
            equivalent(when=fact("renders_nothing")),
            says(
                F2A_GIT_006,
                facts=lambda _value, ctx: {
                    "secret": ctx.fact("repository_secret"),
                    "stub": ctx.fact("repository_stub"),
                },
            ),
        ),
    ),
    # argo-cd:util/git/creds.go; Flux: source-controller:internal/controller/gitrepository_controller.go getAuthOpts
    Concept(
        slot="part.source.provider",
        says="Who authenticates: a generic Secret, a GitHub App, or a cloud identity.",
        flux=(on("GitRepository", "spec.provider", "generic"),),
        to_argo=(
            exact(when=lambda value, _ctx: value == "generic"),
            says(F2A_GIT_008, when=lambda value, _ctx: value == "azure"),
            says(F2A_GIT_009, when=lambda value, _ctx: value == "aws"),
            equivalent(),  # github: the keys of the App are copied with the Secret
        ),
    ),
    Concept(
        slot="part.source.service_account",
        says="The identity used for one repository.",
        flux=(on("GitRepository", "spec.serviceAccountName"),),
        to_argo=(says(F2A_GIT_010),),
    ),
    Concept(
        slot="part.source.proxy",
        says="The proxy used for one repository.",
        flux=(on("GitRepository", "spec.proxySecretRef.name"),),
        to_argo=(says(F2A_GIT_011),),
    ),
    # fluxcd/pkg:artifact/storage/archive.go, sourceignore/sourceignore.go; argo-cd:reposerver/repository/
    # repository.go getPotentiallyValidManifests (globs of a directory, nothing for a build)
    Concept(
        slot="part.source.ignore",
        says="Files left out of the artifact, as gitignore text; it replaces the defaults.",
        flux=(on("GitRepository", "spec.ignore"),),
        to_argo=(
            says(F2A_GIT_016, when=fact("ignore_rule")),
            says(F2A_GIT_015, when=fact("ignore_globs")),
            says(F2A_KS_022, when=fact("content_unknown")),
            equivalent(),  # the rules do not reach the applied path, or kustomize names its files
        ),
    ),
    Concept(
        slot="part.source.include",
        says="Files of other GitRepositories copied into the tree.",
        flux=(
            on("GitRepository", "spec.include[].repository.name"),
            on("GitRepository", "spec.include[].fromPath"),
            on("GitRepository", "spec.include[].toPath"),
        ),
        to_argo=(says(F2A_GIT_017),),
    ),
    # argo-cd:util/git/client.go Submodule; fluxcd/pkg:git/gogit/clone.go (RecurseSubmodules)
    Concept(
        slot="part.source.submodules",
        says="Whether submodules are checked out.",
        flux=(on("GitRepository", "spec.recurseSubmodules", default=False),),
        to_argo=(
            exact(when=lambda value, _ctx: value is True),
            says(F2A_GIT_018, when=fact("has_submodules")),
            equivalent(),
        ),
    ),
    # argo-cd:util/app/path/path.go AppFilesHaveChanged
    Concept(
        slot="part.source.sparse",
        says="The only directories that are checked out.",
        flux=(on("GitRepository", "spec.sparseCheckout[]"),),
        to_argo=(says(F2A_GIT_019),),
    ),
    Concept(
        slot="part.source.suspended",
        says="Whether the source is frozen at its last artifact.",
        flux=(on("GitRepository", "spec.suspend", default=False),),
        to_argo=(
            exact(when=lambda value, _ctx: value is False),
            says(F2A_GIT_021, when=fact("pinned")),
            says(F2A_GIT_020),
        ),
    ),
    Opaque(
        kind="GitRepository",
        path="spec.accessFrom",
        reason="never enforced by source-controller",
    ),
    Opaque(
        kind="GitRepository",
        path="spec.gitImplementation",
        reason="removed; there is one implementation",
    ),
    # --- references to sources: fluxcd/pkg:apis/meta/reference_types.go
    Concept(
        slot="part.source.ref",
        says="Which source object is used.",
        flux=(
            on("Kustomization", "spec.sourceRef.kind"),
            on("Kustomization", "spec.sourceRef.name"),
            on("Kustomization", "spec.sourceRef.namespace"),
            on("Kustomization", "spec.sourceRef.apiVersion"),
            on("HelmChartSpec", "sourceRef.kind"),
            on("HelmChartSpec", "sourceRef.name"),
            on("HelmChartSpec", "sourceRef.namespace"),
            on("HelmChartSpec", "sourceRef.apiVersion"),
            *(
                on("HelmRelease", f"spec.chartRef.{name}")
                for name in ("kind", "name", "namespace", "apiVersion")
            ),
        ),
        to_argo=(
            says(F2A_JOIN_003, when=fact("source_assumed")),
            says(F2A_JOIN_001, when=fact("source_missing")),
            exact(),
        ),
    ),
)
