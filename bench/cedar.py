#!/usr/bin/python3
"""The questions of A1 decided by Cedar as well, in the same run: bench/cedar, crate cedar-policy.

    A1.decisions_per_s.beside   ours, a record prepared for its 29 partners within the time
    A1.decisions_per_s.cedar    Cedar's: policies, entities and requests made before the time starts
    A1.ratio                    the first over the second
    A1.purpose_decisions_per_s.beside, A1.purpose_decisions_per_s.cedar, A1.purpose_ratio
                                the same, asked for a purpose
    A1.differences.cedar        records and partners where Cedar says otherwise: none, or this fails

The same agreements (`bench-treaty speed-plain`: 30 members, about 200 clauses, nothing that Cedar
cannot say) as policies (bench/treaty_cedar.c), the same records. Cedar does not say what is
withheld, how long a copy may be kept and who must release it; ours does within the same time.
Without cargo, or when it cannot build: skipped."""
import os
import shutil
import subprocess
import sys
import tempfile

import federation as f

PAIRS = [('decisions_per_s', 'ratio'), ('purpose_decisions_per_s', 'purpose_ratio')]


def lines_of(words):
    out = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [line.split() for line in out.splitlines()]


def built():
    """The program, or why there is none."""
    if shutil.which('cargo') is None:
        return None, 'no-cargo'
    target = os.path.join(f.BUILD, 'bench', 'cedar')
    done = subprocess.run(
        ['cargo', 'build', '--quiet', '--release', '--target-dir', target],
        cwd=os.path.join(f.SOURCE, 'bench', 'cedar'), stdout=sys.stderr, check=False)
    return (os.path.join(target, 'release', 'cedar-bench'), '') if done.returncode == 0 else (
        None, 'not-built')


def main():
    program, why = built()
    if program is None:
        f.say('A1.decisions_per_s.cedar', 'skipped', why)
        return
    ours = os.path.join(f.BUILD, 'bench', 'bench-treaty')
    with tempfile.TemporaryDirectory(prefix='comity-cedar-') as where:
        subprocess.run([ours, 'export-cedar', where], check=True)
        before = {line[0]: float(line[1]) for line in lines_of([ours, 'speed-plain'])}
        theirs = lines_of([program, where])
        after = {line[0]: float(line[1]) for line in lines_of([ours, 'speed-plain'])}
    for line in theirs:
        f.say(*line)
    cedar = {line[0]: float(line[1]) for line in theirs}
    for name, ratio in PAIRS:
        beside = min(before['A1.' + name], after['A1.' + name]) # before and after: the slower
        f.say('A1.' + name + '.beside', beside, '1/s')
        f.say('A1.' + ratio, beside / cedar['A1.' + name + '.cedar'], '1')


main()
