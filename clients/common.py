"""What the scripts beside this file share: commands with logs, downloads that are kept, a cluster."""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

CLIENTS = Path(__file__).resolve().parent
ROOT = CLIENTS.parent
CONTRACT = ROOT / "schema/src/main/resources/dev/polyptych/schema/openapi.yaml"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "polyptych" / "clients"


class Failure(Exception):
    pass


def call(command, folder, log, seconds=900, env=None):
    """Runs a command; its output goes to a log, whose end is shown if it fails."""
    with open(log, "a") as out:
        out.write(f"$ {' '.join(map(str, command))}\n")
        out.flush()
        try:
            code = subprocess.run(
                command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, timeout=seconds,
                env={**os.environ, **(env or {})},
            ).returncode
        except subprocess.TimeoutExpired:
            code = f"no end after {seconds} s"
    if code != 0:
        tail = "".join(open(log, errors="replace").readlines()[-25:])
        raise Failure(f"{command[0]}: {code}; all of it is in {log}\n{tail}")


def downloaded(address, target):
    if not target.exists():
        print(f"downloading {address}", flush=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        with urllib.request.urlopen(address, timeout=60) as source, open(part, "wb") as copy:
            shutil.copyfileobj(source, copy)
        part.rename(target)
    return target


def venv(name, packages, log):
    """The Python of a virtual environment in the cache."""
    python = CACHE / name / "bin" / "python"
    if not python.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        call([sys.executable, "-m", "venv", CACHE / name], CACHE, log)
    call([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages], CACHE, log)
    return python


class Cluster:
    """`polyptych up` with the built-in model, in a folder of its own, with one key and further tenants."""

    def __init__(self, folder, port, tenants=(), settings=()):
        self.address = f"http://localhost:{port}"
        self.log = folder / "up.log"
        self.key, digest = api_key()
        file = folder / "tenants.yaml"
        lines = [f'{{id: check, operator: true, keys: ["{digest}"]}}', *tenants]
        file.write_text("v: 1\ntenants:\n" + "".join(f"  - {line}\n" for line in lines))
        print("starting a cluster", flush=True)
        self.process = subprocess.Popen(
            [ROOT / "polyptych", "up", f"--data={folder / 'data'}", f"--set=port={port}",
             f"--set=managementPort={port + 1}", f"--set=tenants={file}", *(f"--set={line}" for line in settings)],
            stdout=open(self.log, "w"), stderr=subprocess.STDOUT, start_new_session=True,
            env={**os.environ, "POLYPTYCH_START_CACHE": "off"},
        )

    def await_worker(self, seconds=900):
        """It may have to be built first."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                workers = urllib.request.Request(
                    self.address + "/v1/workers", headers={"Authorization": "Bearer " + self.key}
                )
                with urllib.request.urlopen(workers, timeout=5) as answer:
                    if b'"id"' in answer.read():
                        return
            except OSError:
                pass
            time.sleep(1)
        tail = "".join(open(self.log, errors="replace").readlines()[-25:])
        raise Failure(f"no cluster at {self.address}; all of it is in {self.log}\n{tail}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()


def api_key():
    """A new key and its digest for a tenants file."""
    key = "pp_" + secrets.token_urlsafe(32)
    return key, hashlib.sha256(key.encode()).hexdigest()
