"""``argoflux schema import``: files, folders, standard input; nothing foreign is replaced."""

import io
import json
from pathlib import Path

import pytest

from argoflux.commands.invocation import Invocation
from argoflux.commands.schema_import import run
from argoflux.errors import InputError, UsageError

CRDS = Path(__file__).parent.parent / "data" / "crds"


def invoke(tmp_path, *paths, stdin=b""):
    out, err = io.StringIO(), io.StringIO()
    invocation = Invocation(
        command="schema import",
        arguments=tuple(str(path) for path in paths),
        values={"output-dir": "out"},
        cwd=str(tmp_path),
        env={},
        stdin=io.BytesIO(stdin),
        stdout=out,
        stderr=err,
    )
    code = run(invocation)
    return code, out.getvalue(), err.getvalue()


def test_a_folder_becomes_one_file_per_version_and_an_index(tmp_path):
    code, out, err = invoke(tmp_path, CRDS)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "fruit.example.dev/basket_v1.json: written",
        "fruit.example.dev/basket_v1beta1.json: written",
        "fruit.example.dev/jar_v1alpha1.json: written",
    ]
    files = sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.json"))
    assert files == [*(line.partition(":")[0] for line in out.splitlines()), "index.json"]
    index = json.loads((tmp_path / "out/index.json").read_text())
    assert [row["kind"] for row in index["kinds"]] == ["Basket", "Jar"]


def test_a_second_run_writes_nothing(tmp_path):
    invoke(tmp_path, CRDS)
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*.json")}
    _, out, _ = invoke(tmp_path, CRDS)
    assert all(line.endswith(": unchanged") for line in out.splitlines())
    assert before == {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*.json")}


def test_standard_input(tmp_path):
    _, out, _ = invoke(tmp_path, "-", stdin=(CRDS / "legacy.yaml").read_bytes())
    assert out == "fruit.example.dev/jar_v1alpha1.json: written\n"


def test_input_without_definitions_is_said(tmp_path):
    (tmp_path / "a.yaml").write_text("kind: ConfigMap\ndata: {a: CustomResourceDefinition}\n")
    with pytest.raises(InputError, match=r"no CustomResourceDefinition in a\.yaml"):
        invoke(tmp_path, "a.yaml")
    assert not (tmp_path / "out").exists()


def test_a_broken_file_is_said_and_the_others_are_imported(tmp_path):
    (tmp_path / "bad.yaml").write_text("kind: CustomResourceDefinition\nspec: [\n")
    (tmp_path / "good.yaml").write_bytes((CRDS / "legacy.yaml").read_bytes())
    code, out, err = invoke(tmp_path, ".")
    assert code == 0
    assert out == "fruit.example.dev/jar_v1alpha1.json: written\n"
    assert err.startswith("bad.yaml:")
    assert "AF001" in err


def test_a_foreign_file_is_not_replaced(tmp_path):
    mine = tmp_path / "out/fruit.example.dev/jar_v1alpha1.json"
    mine.parent.mkdir(parents=True)
    mine.write_text('{"mine": true}')
    with pytest.raises(UsageError, match="is not a compact schema"):
        invoke(tmp_path, CRDS)
    assert mine.read_text() == '{"mine": true}'
    assert not (tmp_path / "out/index.json").exists()


def test_a_foreign_index_is_not_replaced(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/index.json").write_text("[]")
    with pytest.raises(UsageError, match="not an index of schemas"):
        invoke(tmp_path, CRDS)


def test_names_cannot_leave_the_output_folder(tmp_path):
    crd = {
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "../../up",
            "names": {"kind": "..", "plural": "x"},
            "versions": [{"name": "../v1", "schema": {"openAPIV3Schema": {"type": "object"}}}],
        },
    }
    invoke(tmp_path, "-", stdin=json.dumps(crd).encode())
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert len(list((tmp_path / "out").rglob("*.json"))) == 2


def test_the_command_line_reaches_the_command(tmp_path, monkeypatch, capsys):
    from argoflux.cli.main import main

    monkeypatch.chdir(tmp_path)
    assert main(["schema", "import", str(CRDS / "legacy.yaml"), "-d", "out"]) == 0
    assert capsys.readouterr().out == "fruit.example.dev/jar_v1alpha1.json: written\n"
