"""Nodes for end-to-end tests: each in a directory of its own, on free ports, stopped at the end."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

PROGRAM = os.environ.get("COMITY_PROGRAM", "comity")
PASSPHRASE = "a passphrase for tests only\n"
START_S, WAIT_S, STEP_S = 20, 30, 0.1


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(what, describe, seconds=WAIT_S):
    """Repeats what() until it is true; its value. Fails with describe."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = what()
        if value:
            return value
        time.sleep(STEP_S)  # another process works; there is nothing here to be woken by
    raise AssertionError(f"not within {seconds} s: {describe}")


class Node:
    """One node and the command line that speaks to it."""

    def __init__(self, base, member, realm="demo"):
        self.dir = pathlib.Path(base) / member.lower()
        self.member, self.realm = member, realm
        self.users, self.partners = free_port(), free_port()
        self.secret = pathlib.Path(base) / f"{member}.secret"
        self.secret.write_text(PASSPHRASE)
        self.secret.chmod(0o600)
        self.process = None

    def run(self, *arguments, stdin=None, language="C", token=None, secret=None):
        """The finished process of one command: returncode, stdout, stderr."""
        environment = {"PATH": os.environ.get("PATH", ""), "COMITY_DIR": str(self.dir),
                       "COMITY_SECRET_FILE": str(secret or self.secret), "LANG": language,
                       "HOME": str(self.dir)}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        if token:
            environment["COMITY_TOKEN"] = token
        return subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, text=True,
                              capture_output=True, env=environment, timeout=60, check=False)

    def ok(self, *arguments, **more):
        """stdout of a command that must succeed."""
        done = self.run(*arguments, **more)
        assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stderr}{done.stdout}"
        return done.stdout

    def json(self, *arguments, **more):
        return json.loads(self.ok("--json", *arguments, **more))

    def init(self, *more):
        self.root = self.json("init", "--member", self.member, "--realm", self.realm, "--alone",
                              "--user", "chief", *more)["root"]
        (self.dir / "comity.conf").write_text(
            f"[users]\nlisten = 127.0.0.1:{self.users}\n"
            f"[partners]\nlisten = 127.0.0.1:{self.partners}\ndial = 1\n")

    def start(self):
        environment = dict(os.environ, COMITY_DIR=str(self.dir),
                           COMITY_SECRET_FILE=str(self.secret), LANG="C")
        self.log = open(self.dir / "serve.log", "a+", encoding="utf-8")
        self.process = subprocess.Popen([PROGRAM, "serve"], stdout=subprocess.PIPE, text=True,
                                        stderr=self.log, env=environment)
        line = self.process.stdout.readline()
        assert line, "the node did not start:\n" + (self.dir / "serve.log").read_text()
        return line

    def kill(self):
        self.stop(violent=True)

    def stop(self, violent=False):
        if self.process is None:
            return
        if violent:
            self.process.kill()
        else:
            self.process.terminate()
        self.process.wait(timeout=START_S)
        self.process.stdout.close()
        self.log.close()
        self.process = None


@contextlib.contextmanager
def nodes(*members):
    """Started nodes in a temporary directory."""
    base = tempfile.mkdtemp(prefix="comity-e2e-")
    made = [Node(base, member) for member in members]
    try:
        for node in made:
            node.init()
            node.start()
        yield made if len(made) > 1 else made[0]
    finally:
        for node in made:
            node.stop()
        shutil.rmtree(base)


def person(owner, number, family="TESTCASE", given="Amadou", born="1985-03-02", **more):
    """A draft without id: the node gives it one."""
    return {
        "schema": 1, "owner": owner, "unit": "headquarters", "kind": "person",
        "statements": [
            {"id": "s1", "attribute": "name", "basis": "fact",
             "source": {"unit": "headquarters", "reference": f"file {number}"},
             "value": {"full": f"{family} {given}",
                       "parts": [{"type": "surname", "text": family},
                                 {"type": "given", "text": given}]}},
            {"id": "s2", "attribute": "birth-date", "basis": "fact",
             "source": {"unit": "headquarters", "reference": f"file {number}"},
             "value": {"from": born, "to": born, "quality": "exact"}}],
        "alerts": [
            {"id": "a1", "unit": "headquarters", "category": "wanted.arrest", "action": "arrest",
             "subject": ["suspect"], "recipients": {"never": []}, "reason": "Robbery",
             "warnings": ["armed"],
             "valid": {"from": "2026-01-01", "until": "2030-01-01"}, "review": "2027-01-01",
             "decision": {"authority": "Court", "date": "2026-01-01", "kind": "arrest-warrant",
                          "number": f"T-{number}"},
             "offences": [{"mapped": {"code": "PTY", "list": "offence", "version": "6.00"},
                           "penalty_death": False, "penalty_max_months": 180}]}],
        **more,
    }
