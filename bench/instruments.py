#!/usr/bin/python3
"""A5: how many data-exchange articles of public instruments are encoded and accounted for. The
figures A5.accounted_pct and A5.encoded_pct are those of tests/law/instruments.py, which reads
docs/instruments; beside them A5.duty_pct, A5.node_pct and A5.outside_pct."""
import pathlib
import subprocess
import sys

PROGRAM = pathlib.Path(__file__).resolve().parent.parent / 'tests' / 'law' / 'instruments.py'

sys.exit(subprocess.run([sys.executable, str(PROGRAM), '--figures'], check=False).returncode)
