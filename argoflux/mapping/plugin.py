"""Config management plugins: Flux has none, but most well-known ones have a way without them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.mapping.concept import Concept, Context, on, says
from argoflux.mapping.verdict import Message, Verdict
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.mapping.concept import Test

A2F_PLG_001 = Message(
    code="A2F-PLG-001",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: plugin {plugin} makes its manifests, and Flux runs no plugins",
    instead="run the plugin in CI, publish the result with `flux push artifact`, and apply it with an OCIRepository and a Kustomization",
)
A2F_PLG_002 = Message(
    code="A2F-PLG-002",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: plugin {plugin} makes its manifests, and Flux runs no plugins",
    instead="{recipe}",
)
A2F_PLG_003 = Message(
    code="A2F-PLG-003",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: plugin {plugin} fills variables into its manifests, and Flux runs no plugins",
    instead="write a Kustomization and put the variables into `postBuild.substitute`; a variable without a value fails the build since Flux 2.9, `${VAR:=default}` gives it one",
)
A2F_PLG_004 = Message(
    code="A2F-PLG-004",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: plugin {plugin} decrypts its manifests, and Flux runs no plugins",
    instead="write a Kustomization with `decryption: {provider: sops}` and the key in its `secretRef`, and list the encrypted files as resources; encrypted values of a chart become a Secret for `valuesFrom`",
    tags=("security",),
)
A2F_PLG_005 = Message(
    code="A2F-PLG-005",
    verdict=Verdict.APPROXIMATE,
    text="plugin {plugin} picks its sources by {rule}, which cannot be checked for `{path}` from here; that it does not pick this one was assumed",
    instead="see which tool the source type of {name} names in Argo CD",
    tags=("evidence",),
)


class Plugin(NamedTuple):
    """A well-known plugin: the message for it, and what to do where the message leaves that open."""

    message: Message
    recipe: str = ""


_HELMFILE = (
    "write one HelmRelease for each release of the helmfile; `helmfile template` shows the values"
)
_INFLATED = "write a HelmRelease for the chart, and the kustomize patches as its `postRenderers`"
_VAULT = (
    "let External Secrets make the Secrets, or encrypt them with SOPS; placeholders elsewhere "
    "become variables (`${NAME}`) of `postBuild.substituteFrom`"
)
# names that the documentation of each plugin gives it; Argo CD appends `-<version>` to the name
# (argo-cd:docs/operator-manual/config-management-plugins.md)
_KNOWN = (
    (re.compile(r"vault|(^|-)avp(-|$)"), Plugin(A2F_PLG_002, _VAULT)),
    (re.compile(r"helmfile"), Plugin(A2F_PLG_002, _HELMFILE)),
    (re.compile(r"sops"), Plugin(A2F_PLG_004)),
    (re.compile(r"helm-secrets"), Plugin(A2F_PLG_004)),
    (re.compile(r"kustomi[sz]e.*helm|helm.*kustomi[sz]e"), Plugin(A2F_PLG_002, _INFLATED)),
    (re.compile(r"envsubst|replace-env|substitut"), Plugin(A2F_PLG_003)),
)


def known_plugin(name: str) -> Plugin | None:
    """What is known about a plugin of that name, None for one that nobody knows."""
    lowered = name.lower()
    return next((found for pattern, found in _KNOWN if pattern.search(lowered)), None)


def plugin_facts(name: str) -> Mapping[str, str]:
    """What the messages about a plugin name; without a name Argo CD asks each plugin in turn."""
    known = known_plugin(name)
    return {
        "plugin": f"`{name}`" if name else "without a name",
        "recipe": known.recipe if known is not None else "",
    }


def _plugin_of(ctx: Context) -> str:
    """The name of the plugin whose block holds the leaf."""
    at = ctx.path[: ctx.path.index("plugin") + 1]
    found = dig(ctx.body, *at, "name")
    return found if isinstance(found, str) else ""


def _is(message: Message) -> Test:
    def test(_value: Any, ctx: Context) -> bool:
        known = known_plugin(_plugin_of(ctx))
        return known is not None and known.message is message

    return test


def _facts(_value: Any, ctx: Context) -> Mapping[str, str]:
    return plugin_facts(_plugin_of(ctx))


_LEAVES = (
    "name",
    "env[].name",
    "env[].value",
    "parameters[].name",
    "parameters[].string",
    "parameters[].array[]",
)

# argo-cd:pkg/apis/application/v1alpha1/types.go ApplicationSourcePlugin,
# argo-cd:cmpserver/plugin/plugin.go (environment and parameters that the plugin is given)
ROWS = (
    Concept(
        slot="part.render.tool",
        says="The plugin that makes the manifests, and what it is given.",
        argo=(
            *(on("ApplicationSource", f"plugin.{path}") for path in _LEAVES),
            on("ApplicationSource", "plugin.parameters[].map", subtree=True),
        ),
        to_flux=(
            says(A2F_PLG_002, when=_is(A2F_PLG_002), facts=_facts),
            says(A2F_PLG_003, when=_is(A2F_PLG_003), facts=_facts),
            says(A2F_PLG_004, when=_is(A2F_PLG_004), facts=_facts),
            says(A2F_PLG_001, facts=_facts),
        ),
    ),
)
