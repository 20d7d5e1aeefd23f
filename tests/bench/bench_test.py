#!/usr/bin/python3
"""Every benchmark still works: SCALE=tiny, invented sets (sets.py), a folder of its own. What they
print are no figures here; each must print what its source names, in a form that bench/run takes."""
import concurrent.futures
import importlib.machinery
import importlib.util
import math
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

import sets

SOURCE = pathlib.Path(os.environ['COMITY_SOURCE'])
BUILD = pathlib.Path(os.environ['COMITY_BUILD'])
BENCH = SOURCE / 'bench'
# They need what make test does not install (cargo; PostgreSQL and packages of PyPI).
ELSEWHERE = {'cedar.py', 'peers.py'}
# No benchmarks: pieces of them, what tests them, what other programs start.
PIECES = {'federation.py', 'labelled.c', 'listed.c', 'load.c', 'population.c',
          'population_files.c', 'population_test.c', 'treaty_cedar.c', 'vocabulary.c'}
# A whole demonstration and the coverage of formats are tests of their own.
ONLY = {'whole.py': 'H1,H4,L1'}
# Printed for other wishes.
AT_TIMES = {'whole.py': {'H2.demo_s', 'M1.unmapped'}}


def load(name):
    """bench/run as a module, for what it holds to be a figure."""
    loader = importlib.machinery.SourceFileLoader(name, str(BENCH / name))
    spec = importlib.util.spec_from_loader(name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


RUN = load('run')


def programs():
    return sorted(one.name for one in BENCH.iterdir()
                  if one.suffix in ('.c', '.py') and one.name not in PIECES | ELSEWHERE)


def run(name, where):
    folder = where / name
    folder.mkdir()
    env = {**os.environ, 'SCALE': 'tiny', 'COMITY_SHARED': str(where / 'sets'),
           'BENCH_DIR': str(folder), 'BENCH_BUILD': str(BUILD), 'ONLY': ONLY.get(name, '')}
    # Meson's: malloc would write on all it gives, and the kernel would end a node that a benchmark
    # holds to its memory (H1) for arenas that it reserves and never touches.
    env.pop('MALLOC_PERTURB_', None)
    words = RUN.words_of(name, str(SOURCE), str(BUILD), str(folder))
    with subprocess.Popen(words, env=env, cwd=SOURCE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        try:
            out, err = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT) # a driver then ends its nodes and says where it was
            out, err = process.communicate(timeout=20)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def promised(name):
    """Figures that stand in what the program prints, not in its comment."""
    text = (BENCH / name).read_text(encoding='utf-8')
    if name.endswith('.c'):
        text = re.sub(r'/\*.*?\*/', '', text, flags=re.S).replace('\\n', '\n')
    else:
        text = text.split('"""', 2)[2]
    whole = r"""\b[A-Z][0-9]+\.[a-z_0-9]+(?:\.[a-z_0-9]+)?(?= %|'|")"""
    return set(re.findall(whole, text)) - AT_TIMES.get(name, set())


class Programs(unittest.TestCase):
    def test_every_program_prints_its_figures(self):
        with tempfile.TemporaryDirectory() as folder:
            where = pathlib.Path(folder)
            sets.write(where / 'sets')
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                done = dict(zip(programs(), pool.map(lambda name: run(name, where), programs())))
        for name, result in done.items():
            with self.subTest(name):
                self.judge(name, result)

    def judge(self, name, result):
        self.assertEqual(result.returncode, 0, result.stderr[-1000:])
        printed = set()
        for line in result.stdout.splitlines():
            self.assertRegex(line, RUN.LINE)
            figure, value = line.split()[:2]
            self.assertTrue(math.isfinite(float(value)), line)
            printed.add(figure)
        self.assertTrue(printed, 'nothing was measured')
        missing = {one for one in promised(name) if not any(
            re.match(re.escape(one) + r'(?![a-z0-9])', figure) for figure in printed)}
        self.assertEqual(missing, set(), result.stderr[-1000:])
        self.assertNotIn('skipped', result.stderr)

    def test_what_was_found_is_what_was_asked_for(self):
        """The invented words are alike in every script; who finds none of them is blind."""
        with tempfile.TemporaryDirectory() as folder:
            where = pathlib.Path(folder)
            sets.write(where / 'sets')
            lines = run('names.c', where).stdout.splitlines()
        got = {line.split()[0]: float(line.split()[1]) for line in lines}
        for script in ('russian', 'hebrew', 'arabic', 'katakana'):
            self.assertGreater(got['S5.%s_pct' % script], 50, script)
        self.assertEqual(got['S11.recall_pct'], 100)


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    unittest.main()
