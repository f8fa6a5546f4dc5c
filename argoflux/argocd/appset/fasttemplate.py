"""The simple templates of ``goTemplate: false``: ``{{ name }}`` and nothing else.

Facts: argo-cd:applicationset/utils/utils.go (Replace), valyala/fasttemplate:template.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.problems import TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEMPLATED = re.compile(r"\{\{.*\}\}")
_SPACE = " \t\n\v\f\r\u0085\u00a0"


def replace(text: str, params: Mapping[str, Any]) -> str:
    """The text with every ``{{ name }}`` replaced whose value is a text; the others stay.

    Only a text with both braces on one line is a template. Raises TemplateError for one whose
    last ``{{`` is never closed.
    """
    if not _TEMPLATED.search(text):
        return text
    out: list[str] = []
    at = 0
    while (start := text.find("{{", at)) >= 0:
        out.append(text[at:start])
        end = text.find("}}", start + 2)
        if end < 0:
            raise TemplateError("`{{` is never closed by `}}`")
        tag = text[start + 2 : end]
        name = tag.strip(_SPACE)
        value = params.get(name) if name else None
        out.append(value if isinstance(value, str) else f"{{{{{tag}}}}}")
        at = end + 2
    out.append(text[at:])
    return "".join(out)
