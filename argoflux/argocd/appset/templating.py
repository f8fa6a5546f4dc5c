"""Templates in values: one text, or every text and key of a document.

Facts: argo-cd:applicationset/utils/utils.go (deeplyReplace, RenderTemplateParams).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset import fasttemplate
from argoflux.argocd.appset.problems import AbsentError, TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.text import Path


@dataclass(frozen=True, slots=True)
class Templating:
    """How one ApplicationSet writes templates; ``options`` are those of Go templates."""

    go: bool = False
    options: tuple[str, ...] = ()

    def replace(self, text: str, params: Mapping[str, Any]) -> str:
        """One text with its parameters filled in; raises TemplateError."""
        if not self.go:
            return fasttemplate.replace(text, params)
        if "{{" not in text:
            return text
        from argoflux.argocd.appset.gotemplate import execute

        return execute(text, params, self.options)

    def replace_known(self, text: str, params: Mapping[str, Any]) -> str:
        """Like ``replace``, but a text that names an absent key stays as it is.

        So are the ``values`` of a nested generator filled from the generator before it
        (RenderGeneratorParams): what they lack may be a parameter of their own generator.
        """
        if not self.go:
            return self.replace(text, params)
        options = tuple(o for o in self.options if not o.startswith("missingkey="))
        try:
            return Templating(go=True, options=(*options, "missingkey=error")).replace(text, params)
        except AbsentError:
            return text

    def fill(self, value: Any, params: Mapping[str, Any], at: Path = ()) -> Any:
        """A copy of a document with every text and every key filled in; raises TemplateError.

        The error has the place of the text below ``at``.
        """
        if isinstance(value, dict):
            return {
                self._text(key, params, (*at, key)): self.fill(item, params, (*at, key))
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self.fill(item, params, (*at, index)) for index, item in enumerate(value)]
        return self._text(value, params, at) if isinstance(value, str) else value

    def _text(self, text: str, params: Mapping[str, Any], at: Path) -> str:
        if "{{" not in text:
            return text
        try:
            return self.replace(text, params)
        except TemplateError as error:
            raise error.at(at) from None
