"""Fenced blocks ``console argoflux`` of hand-written pages: run, and their output put below them.

The commands run in a temporary folder that holds a copy of ``examples/``. A line that starts with
``$`` is a command, the lines up to the next one are its output: stdout and stderr as a terminal
shows them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_BLOCK = re.compile(r"^(```console argoflux\n)(.*?)(^```)$", re.DOTALL | re.MULTILINE)
_PAGES = ("README.md", "CONTRIBUTING.md", "examples/README.md", "docs/*.md")
_TIMEOUT = 60


def console_texts(root: Path) -> dict[str, str]:
    """Every page with such blocks, with the output that its commands have now."""
    texts = {}
    for pattern in _PAGES:
        for path in sorted(root.glob(pattern)):
            old = path.read_text(encoding="utf-8")
            if _BLOCK.search(old):
                texts[path.relative_to(root).as_posix()] = _run_page(old, root)
    return texts


def _run_page(text: str, root: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder, "work")
        shutil.copytree(root / "examples", work / "examples")
        program = Path(folder, "bin", "argoflux")
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m argoflux "$@"\n')
        program.chmod(0o755)
        paths = f"{program.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        env = {"PATH": paths, "PYTHONPATH": str(root), "HOME": folder, "COLUMNS": "100"}
        return _BLOCK.sub(lambda found: found[1] + _run_block(found[2], work, env) + found[3], text)


def _run_block(block: str, work: Path, env: dict[str, str]) -> str:
    out = []
    for line in block.splitlines():
        if line.startswith("$ "):
            out += [line, *_run(line[2:], work, env)]
    return "".join(f"{line}\n" for line in out)


def _run(command: str, work: Path, env: dict[str, str]) -> list[str]:
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=work,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_TIMEOUT,
        check=False,
    )
    return done.stdout.splitlines()
