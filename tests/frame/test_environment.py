"""`deploy/environment` makes .venv with what the machine has, or prints the one line to run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "environment"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

# A Python that cannot make environments until its package is installed, as Debian ships it. What it makes is a stand-in
# whose pip writes down what it is asked; real environments are made by whoever runs this suite.
DEBIAN_PYTHON = f"""#!/bin/sh
here=$(dirname "$0")
case "$2" in
    venv)
        [ -e "$here/installed" ] || {{ echo "ensurepip is not available"; exit 1; }}
        mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && touch "$3/bin/installed"
        ;;
    pip) echo "$@" >> "$here/pip-asked" ;;
    *) exec {sys.executable} "$@" ;;
esac
"""
FAKE_APT = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/asked"
case "$*" in *-venv) touch "$(dirname "$0")/installed" ;; esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with an empty list of requirements, and a machine whose programs we choose."""
    for name in ("deploy", "requirements", "bin"):
        (tmp_path / name).mkdir()
    shutil.copy(SCRIPT, tmp_path / "deploy")
    for name in ("base", "test"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("# nothing\n")
    program(tmp_path, "python3", DEBIAN_PYTHON)
    program(tmp_path, "apt-get", FAKE_APT)
    return tmp_path


def program(checkout: Path, name: str, text: str) -> None:
    path = checkout / "bin" / name
    path.write_text(text)
    path.chmod(0o755)


def run(checkout: Path, name: str = "base", user: int = 1000, **changed: str) -> subprocess.CompletedProcess[str]:
    program(checkout, "id", f"#!/bin/sh\necho {user}\n")
    environment = {"PATH": f"{checkout / 'bin'}:/usr/bin:/bin", "HOME": str(checkout)} | changed
    environment |= {name: os.environ[name] for name in ("PIP_CONFIG_FILE",) if name in os.environ}
    command = [str(checkout / "deploy" / "environment"), name]
    return subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True)


def test_without_venv_and_without_rights_it_prints_the_one_line_to_run(checkout: Path) -> None:
    said = run(checkout)
    assert said.returncode == 1
    assert said.stderr.strip() == (
        f"This Python cannot make environments. Run once, then repeat: sudo apt-get install python{VERSION}-venv"
    )
    assert not (checkout / "bin" / "asked").exists()
    assert not (checkout / ".venv").exists()


def test_as_root_it_installs_what_is_missing_and_goes_on(checkout: Path) -> None:
    said = run(checkout, user=0)
    assert said.returncode == 0, said.stderr
    assert f"Installing python{VERSION}-venv, which this Python lacks." in said.stdout
    assert (checkout / "bin" / "asked").read_text() == f"install -y -q python{VERSION}-venv\n"
    assert (checkout / ".venv" / "bin" / "pip-asked").read_text() == (
        "-m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements/base.txt\n"
    )


def test_it_works_once_for_each_change_of_the_list(checkout: Path) -> None:
    (checkout / "bin" / "installed").touch()
    assert "Installing requirements/base.txt" in run(checkout).stdout
    assert run(checkout).stdout == ""
    (checkout / "requirements" / "base.txt").write_text("# something else\n")
    assert "Installing requirements/base.txt" in run(checkout).stdout
    assert "Installing requirements/test.txt" in run(checkout, "test").stdout
    assert run(checkout).stdout == "", "the longer list holds the shorter one"


def test_a_checkout_that_was_moved_gets_a_new_environment(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (checkout / "bin" / "installed").touch()
    run(checkout)
    moved = tmp_path_factory.mktemp("moved") / "desk"
    shutil.copytree(checkout, moved, symlinks=True)
    assert "Installing requirements/base.txt" in run(moved).stdout


def test_an_old_python_is_not_taken(checkout: Path) -> None:
    program(checkout, "old", "#!/bin/sh\nexit 1\n")
    said = run(checkout, PYTHON=str(checkout / "bin" / "old"))
    assert said.returncode == 1
    assert said.stderr.startswith("Python 3.11 or newer was not found.")
