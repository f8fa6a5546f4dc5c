"""Which files and folders of a repository the git generator sees, and what they say.

Facts: argo-cd:applicationset/generators/git.go, argo-cd:reposerver/repository/repository.go
(GetGitDirectories, GetGitFiles), argo-cd:util/git/client.go (LsFiles), git:wildmatch.c and dir.c.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.dns_names import normalize
from argoflux.argocd.appset.govalues import Texts, go_text, read_numbers
from argoflux.argocd.appset.params import Params, flatten
from argoflux.argocd.appset.problems import ExpansionError, UnknownError
from argoflux.argocd.shapes import blocks, text
from argoflux.goports.globs import GlobError, doublestar, filepath_match
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.model.files import SourceFiles

_CLASS = re.compile(r"\[:([a-z]+):\]")
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \t",
    "digit": "0-9",
    "lower": "a-z",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


def folders(names: Iterable[str]) -> list[str]:
    """Every folder that holds a file, sorted; hidden ones and what is below them are left out."""
    found: set[str] = set()
    for name in names:
        parts = name.split("/")[:-1]
        for end in range(1, len(parts) + 1):
            if parts[end - 1].startswith("."):
                break
            found.add("/".join(parts[:end]))
    return sorted(found, key=lambda path: path.split("/"))


def chosen_folders(git: Mapping[str, Any], files: SourceFiles) -> list[str]:
    """The folders that a pattern takes and no pattern excludes, in the order of a walk."""
    wanted = [(text(item.get("path")), item.get("exclude") is True) for item in _items(git)]
    return [
        folder
        for folder in folders(files.names())
        if any(_path_match(pattern, folder) for pattern, out in wanted if not out)
        and not any(_path_match(pattern, folder) for pattern, out in wanted if out)
    ]


def _items(git: Mapping[str, Any]) -> list[dict[str, Any]]:
    return blocks(git, "directories")


def _path_match(pattern: str, path: str) -> bool:
    """Go's path.Match; a malformed pattern is logged there, and matches nothing."""
    try:
        return filepath_match(pattern, path)
    except GlobError:
        return False


def chosen_files(git: Mapping[str, Any], files: SourceFiles, *, doublestars: bool) -> list[str]:
    """The files that a pattern takes and no pattern excludes, sorted.

    ``doublestars``: the controller runs with the newer matching, which knows ``**``.
    """
    stated = blocks(git, "files")
    match = _doublestar if doublestars else pathspec
    patterns = [text(item.get("path")) for item in stated if item.get("exclude") is not True]
    excluded = [text(item.get("path")) for item in stated if item.get("exclude") is True]
    return [
        name
        for name in sorted(files.names())
        if any(match(pattern, name) for pattern in patterns)
        and not any(match(pattern, name) for pattern in excluded)
    ]


def _doublestar(pattern: str, path: str) -> bool:
    try:
        return doublestar(pattern or ".", path)
    except GlobError as error:
        raise ExpansionError(f"the pattern `{pattern}` is malformed: {error}") from None


def pathspec(pattern: str, path: str) -> bool:
    """Whether ``git ls-files -- PATTERN`` lists a file; ``*`` also stands for slashes.

    Raises UnknownError for the long forms that start with a colon.
    """
    if pattern.startswith(":"):
        raise UnknownError(f"the pattern `{pattern}` uses pathspec magic", "no-files")
    clean = posixpath.normpath(pattern or ".")
    if clean == "." or path.startswith(f"{clean}/"):
        return True
    if pattern.endswith("/"):  # a folder, and not a pattern
        return False
    return path == clean or _wildmatch(clean).fullmatch(path) is not None


@lru_cache(maxsize=512)
def _wildmatch(pattern: str) -> re.Pattern[str]:
    out: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            out.append(".*")
        elif char == "?":
            out.append(".")
        elif char == "\\" and at < len(pattern):
            out.append(re.escape(pattern[at]))
            at += 1
        elif char == "[" and (end := _class_end(pattern, at)) > 0:
            out.append(_class(pattern[at:end]))
            at = end + 1
        else:
            out.append(re.escape(char))
    return re.compile("".join(out), re.DOTALL)


def _class_end(pattern: str, at: int) -> int:
    """The bracket that closes a class; 0 when there is none."""
    start = at + 1 if pattern[at : at + 1] in {"!", "^"} else at
    start += pattern[start : start + 1] == "]"
    while start < len(pattern) and pattern[start] != "]":
        named = _CLASS.match(pattern, start)
        start = named.end() if named is not None else start + 1
    return start if start < len(pattern) else 0


def _class(body: str) -> str:
    negated = body[:1] in {"!", "^"}
    inner = body[1:] if negated else body
    named = _CLASS.sub(lambda match: _POSIX.get(match[1], ""), inner.replace("\\", "\\\\"))
    shown = named.replace("[", r"\[").replace("]", r"\]").replace("^", r"\^")
    return f"[{'^' if negated else ''}{shown}]"


def folder_params(path: str, prefix: str, *, go: bool) -> Params:
    """The parameters of one folder; ``prefix`` is ``pathParamPrefix``."""
    base = _base(path)
    if go:
        about = {
            "path": path,
            "basename": base,
            "basenameNormalized": normalize(base),
            "segments": tuple(path.split("/")),
        }
        return {prefix: {"path": about}} if prefix else {"path": about}
    name = f"{prefix}.path" if prefix else "path"
    out: Params = {name: path, f"{name}.basename": base}
    out[f"{name}.basenameNormalized"] = normalize(base)
    out |= {f"{name}[{at}]": part for at, part in enumerate(path.split("/")) if part}
    return out


def file_params(path: str, content: str, prefix: str, *, go: bool) -> list[Params]:
    """The sets of parameters of one file: one per map in it; raises ExpansionError."""
    folder, _, filename = path.rpartition("/")
    about = folder_params(folder or ".", prefix, go=go)
    found: list[Params] = []
    for stated in _maps(path, content):
        if go:
            found.append({**stated, **_with_filename(about, filename, prefix)})
            continue
        name = f"{prefix}.path" if prefix else "path"
        params: Params = {key: go_text(value) for key, value in flatten(stated).items()}
        params |= about
        params[f"{name}.filename"] = filename
        params[f"{name}.filenameNormalized"] = normalize(filename)
        found.append(params)
    return found


def _with_filename(about: Params, filename: str, prefix: str) -> Params:
    inner = about[prefix]["path"] if prefix else about["path"]
    full = {**inner, "filename": filename, "filenameNormalized": normalize(filename)}
    return {prefix: {"path": full}} if prefix else {"path": full}


def _maps(path: str, content: str) -> list[dict[str, Any]]:
    """The map of a file, or the maps of the list in it; an empty file is an empty map."""
    loaded = load_text(SourceFile(path, content))
    broken = [finding for finding in loaded.findings if finding.code != "AF002"]
    if broken:
        raise ExpansionError(f"the file {path} is no YAML: {broken[0].message}")
    value = read_numbers(loaded.documents[0].body) if loaded.documents else None
    if value is None:
        return [{}]
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise ExpansionError(f"the file {path} holds neither a map nor a list of maps")


def _base(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2] or "/"


def stated_values(generator: Mapping[str, Any]) -> Texts:
    """The ``values`` of a generator, as texts."""
    values = generator.get("values")
    pairs = values.items() if isinstance(values, dict) else ()
    return Texts({str(key): text(value) for key, value in pairs})
