"""What Kubernetes accepts as keys and values of labels, and as keys of annotations.

kubernetes/apimachinery:pkg/util/validation/validation.go (IsQualifiedName, IsValidLabelValue),
kubernetes/apimachinery:pkg/api/validation/objectmeta.go (keys of annotations may have capitals in
their prefix, and all annotations together have a limit).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.lint.application import is_known
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.text import Path

_WORD = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?\Z")
_PREFIX = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
_LONGEST_WORD, _LONGEST_PREFIX, _LARGEST = 63, 253, 256 * 1024

_WORDS = "letters, digits, `-`, `_` and `.`, with a letter or digit at both ends"


def wrong_labels(body: Mapping[str, Any], at: Path) -> Iterator[tuple[Path, bool, str]]:
    """Entries of the metadata at a path that are refused: where, whether it is the key, and why."""
    for key, value in _entries(body, (*at, "labels")):
        path = (*at, "labels", key)
        problem = _key_problem(key)
        if problem:
            yield path, True, f"the label `{key}` {problem}"
        elif isinstance(value, str) and value and is_known(value):
            problem = _word_problem(value)
            if problem:
                yield path, False, f"the value of label `{key}` {problem}"
    size = 0
    for key, value in _entries(body, (*at, "annotations")):
        size += len(key.encode()) + len(value.encode()) if isinstance(value, str) else 0
        problem = _key_problem(key.lower())
        if problem:
            yield (*at, "annotations", key), True, f"the annotation `{key}` {problem}"
    if size > _LARGEST:
        why = f"the annotations have {size} bytes and may have {_LARGEST} together; shorten them"
        yield (*at, "annotations"), True, why


def _entries(body: Mapping[str, Any], path: Path) -> list[tuple[str, Any]]:
    found = dig(body, *path)
    if not isinstance(found, dict):
        return []
    return [(key, value) for key, value in found.items() if isinstance(key, str) and is_known(key)]


def _key_problem(key: str) -> str:
    prefix, slash, word = key.rpartition("/")
    if slash and not (_PREFIX.match(prefix) and len(prefix) <= _LONGEST_PREFIX):
        return "is not accepted; before `/` stands a domain in lower case, and only one `/`"
    return _word_problem(word)


def _word_problem(word: str) -> str:
    if not _WORD.match(word):
        return f"is not accepted; it must have {_WORDS}"
    if len(word) > _LONGEST_WORD:
        return f"has {len(word)} characters and may have {_LONGEST_WORD}; shorten it"
    return ""
