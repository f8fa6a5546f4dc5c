"""What an installation of Flux applies first has no root of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.mapping.row_cases import Row, check, ids

if TYPE_CHECKING:
    from pathlib import Path


def _instance(sync: str) -> str:
    return f"""\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {{name: flux, namespace: flux-system}}
spec:
  distribution: {{version: 2.x, registry: ghcr.io/fluxcd}}
  sync: {{kind: GitRepository, {sync}}}
"""


_ALL = _instance("url: 'https://git.example.com/f', ref: refs/heads/main, path: clusters/prod")
ROWS = [
    Row(id="all said", text=_ALL, path="spec.sync.path", verdict="manual", code="F2A-BOOT-002",
        shown="applies `clusters/prod` of https://git.example.com/f;"),
    Row(id="nothing said", text=_instance("ref: main"), path="spec.sync.ref", verdict="manual",
        code="F2A-BOOT-002", shown="applies `.` of its source;"),
]  # fmt: skip


@ids(ROWS)
def test_the_sync_of_an_installation_is_said(tmp_path: Path, row: Row) -> None:
    """It names the repository, to which the output belongs, and the directory."""
    check(tmp_path, row)
