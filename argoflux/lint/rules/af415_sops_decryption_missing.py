"""An encrypted object that nobody decrypts.

## What it does

It looks for objects that SOPS has encrypted among those that a Kustomization or an Application applies. It reports
Kustomizations without `decryption`, Applications without a plugin, and objects whose type or name is encrypted
as well.

## Why is this bad

Flux refuses the whole build when it meets an encrypted Secret. Argo CD applies the ciphertext, so programs
read it as their password.

## Fix safety

The fix copies the `decryption` that all other Kustomizations of the cluster have. The key must be in the
same namespace, so it is unsafe.

## When to ignore it

When a plugin of Argo CD decrypts without being named in the Application.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.sealed import is_sealed
from argoflux.finding import Severity
from argoflux.flux.fields import is_stated, table, text
from argoflux.lint.arrivals import arrivals, is_kustomization
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLICATION, GIT_REPOSITORY, KUSTOMIZATION
from argoflux.lint.source_content import contents
from argoflux.lint.substituted import builds, is_proved
from argoflux.model.content import Known
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio.edit import insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Fix
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.lint.deliveries import Delivery
    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource

RULE = Rule(
    code="AF415",
    name="sops-decryption-missing",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("Kustomization", "Application"),
    evidence=("document", "files"),
    links=("https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption",),
)

_CIPHERTEXT = "ENC["
_SHOWN = 3
_TEXTS = (("provider",), ("secretRef", "name"), ("serviceAccountName",))


def check(ctx: Context) -> Iterator[Finding]:
    """Encrypted objects of Kustomizations, then those of Applications."""
    for build in builds(ctx):
        yield from _of_kustomization(ctx, build)
    for app in ctx.all_applications:
        if not app.open:
            yield from _of_application(ctx, app)


def _of_kustomization(ctx: Context, build: Delivery) -> Iterator[Finding]:
    """What Flux cannot apply.

    kustomize-controller:internal/controller/kustomization_controller.go apply (an encrypted Secret
    is an error), internal/decryptor/decryptor.go (metadata has to be plain).
    """
    owner = build.owner
    sealed = [obj for obj in build.content.objects if is_sealed(obj.body)]
    for obj in sealed:
        if any(part.startswith(_CIPHERTEXT) for part in (obj.ref.kind, obj.ref.name)):
            yield RULE.at(
                obj.place,
                f"its kind or name is encrypted, so Kustomization `{owner.ref.name}` cannot be"
                " built; encrypt with `--encrypted-regex '^(data|stringData)$'`",
            )
    stated = table(owner.body, "spec", "decryption")
    if not sealed or is_stated(owner.body, "spec", "decryption", "provider"):
        return
    proved = is_proved(ctx, owner) and not arrivals(ctx).unseen(owner.root)
    secret = any(obj.ref.kind == "Secret" for obj in sealed)
    effect = "refuses to apply" if secret else "applies as it is"
    yield RULE.at(
        owner.place("spec", on="key"),
        f"{_listed(sealed)} encrypted with SOPS, which Flux {effect} without"
        " `decryption: {provider: sops}`",
        resource=owner,
        severity=None if proved else Severity.WARNING,
        related=tuple((obj.place, "encrypted here") for obj in sealed[:_SHOWN]),
        fix=None if stated else _as_siblings(ctx, owner),
    )


def _of_application(ctx: Context, app: ApplicationView) -> Iterator[Finding]:
    """argo-cd:docs/operator-manual/secret-management.md (manifests are applied as they are)."""
    for content in contents(app, ctx):
        objects = content.objects if isinstance(content, Known) else ()
        sealed = [obj for obj in objects if is_sealed(obj.body)]
        if sealed:
            yield RULE.at(
                app.place("metadata", "name"),
                f"{_listed(sealed)} encrypted with SOPS, which Argo CD applies as ciphertext; name a"
                " plugin that decrypts, or keep the secret elsewhere",
                resource=app.resource,
                severity=Severity.WARNING,
                related=tuple((obj.place, "encrypted here") for obj in sealed[:_SHOWN]),
            )


def _listed(sealed: list[ContentObject]) -> str:
    files = list(dict.fromkeys(obj.file for obj in sealed))
    shown = f"`{files[0]}`" + (f" and {len(files) - 1} more files" if files[1:] else "")
    return f"{shown} {'are' if files[1:] else 'is'}"


def _as_siblings(ctx: Context, owner: Resource) -> Fix | None:
    """The decryption that all other Kustomizations of the root and namespace agree on."""
    others: list[Any] = [
        found
        for each in ctx.resources
        if is_kustomization(each)
        and each.root == owner.root
        and each.ref.namespace == owner.ref.namespace
        and (found := table(each.body, "spec", "decryption"))
    ]
    if not others or any(each != others[0] for each in others):
        return None
    if any(has_placeholder(text(others[0], *path) or "") for path in _TEXTS):
        return None
    document = owner.written.document
    edits = insert(document, owner.place("spec", "decryption").path, others[0])
    return ctx.unsafe("decrypt like the other Kustomizations", edits)


_GIT = '[remote "origin"]\n\turl = https://git.example.com/apps.git\n'
_SOURCE = GIT_REPOSITORY.replace("{tag: v1.2.3}", "{branch: main}")
_SEALED = """\
apiVersion: v1
kind: Secret
metadata:
  name: web
stringData:
  password: ENC[AES256_GCM,data:c2FtcGxl,iv:aXY=,tag:dGFn,type:str]
sops:
  mac: ENC[AES256_GCM,data:c2FtcGxl,iv:aXY=,tag:dGFn,type:str]
  version: 3.9.0
"""
_DECRYPTION = "  decryption:\n    provider: sops\n    secretRef:\n      name: sops-age\n"
_API = KUSTOMIZATION.replace("name: web\n", "name: api\n", 1).replace("./web", "./api")
_FILES = {
    ".git/config": _GIT,
    "source.yaml": _SOURCE,
    "web.yaml": KUSTOMIZATION,
    "web/secret.yaml": _SEALED,
}
_TRACKING = APPLICATION.replace("v1.2.3", "main")

BAD = (
    Example(
        title="a Kustomization that does not decrypt, beside one that does",
        files={**_FILES, "api.yaml": _API + _DECRYPTION, "api/.keep": ""},
        file="web.yaml",
        at="spec",
        fixed=KUSTOMIZATION + _DECRYPTION,
        safety="unsafe",
    ),
    Example(
        title="an Application",
        files={".git/config": _GIT, "app.yaml": _TRACKING, "web/secret.yaml": _SEALED},
        file="app.yaml",
        at="metadata.name",
    ),
)
GOOD = (
    Example(
        title="it decrypts",
        files={**_FILES, "web.yaml": KUSTOMIZATION + _DECRYPTION},
    ),
    Example(
        title="a Secret that is left as it is",
        files={
            **_FILES,
            "web/secret.yaml": _SEALED.replace(
                "  name: web\n",
                "  name: web\n  annotations:\n    kustomize.toolkit.fluxcd.io/decrypt: disabled\n",
            ),
        },
    ),
    Example(
        title="a copy that nobody has at hand",
        files={"web.yaml": KUSTOMIZATION, "other/secret.yaml": _SEALED},
    ),
)
