#!/usr/bin/python3
"""The same questions over populations that differ in one thing, by name alone and with birth date.

    S2.p50_ms.POPULATION, S2.p99_ms.POPULATION, S4.recall_pct.POPULATION   misspelt, name alone
    S2.nobody_p50_ms.POPULATION     persons who are not in it
    S3.p99_ms.POPULATION, S3.recall_pct.POPULATION                         with birth date
    S4.exact_pct.POPULATION, S4.misread_pct.POPULATION   spelt exactly, misread by a machine

POPULATION: top_05, top_16, top_50 (share of the commonest word, in thousandths), words_06,
words_12, words_20 (distinct words at 10 M persons, in 100,000), real (the words of the name lists),
native (half of the persons have Arabic, Chinese, Korean or Katakana names). PERSONS=100000 and
QUESTIONS=1000 are the defaults; SCALE=full: 1,000,000 persons. Processor time of one thread."""
import os
import subprocess
import tempfile

import federation as f

PERSONS = int(os.environ.get('PERSONS') or f.size(1000, 100000, 1000000))
QUESTIONS = int(os.environ.get('QUESTIONS') or f.size(10, 1000, 1000))
LISTS = os.path.join(os.environ.get('COMITY_SHARED', ''), 'names', 'netransliteration-coling2018')
POPULATIONS = [('top_05', {'TOP': '5'}), ('top_16', {'TOP': '16'}), ('top_50', {'TOP': '50'}),
               ('words_06', {'WORDS': '600000'}), ('words_12', {'WORDS': '1200000'}),
               ('words_20', {'WORDS': '2000000'}), ('real', {'LISTS': LISTS}),
               ('native', {'LISTS': LISTS, 'NATIVE': '50'})]


def ask(wishes):
    """Of exact, misspelt, misread, nobody, misspelt with birth: see population_files.c."""
    program = os.path.join(f.BUILD, 'bench', 'bench-population_files')
    where = os.environ.get('BENCH_DIR', os.path.join(f.BUILD, 'bench'))
    with tempfile.TemporaryDirectory(prefix='sweep-', dir=where) as folder:
        done = subprocess.run([program, folder, str(PERSONS), str(QUESTIONS), 'ask'], check=True,
                              stdout=subprocess.PIPE, text=True, env={**os.environ, **wishes})
    return [[float(word) for word in line.split()] for line in done.stdout.splitlines()]


def percent(line):
    return line[1] / line[0] * 100


def main():
    f.say('S4.size.sweep', PERSONS, 'persons')
    for name, wishes in POPULATIONS:
        if 'LISTS' in wishes and not os.path.isdir(LISTS):
            f.say('S4.recall_pct.' + name, 'skipped', 'no-lists')
            continue
        exact, misspelt, misread, nobody, birth = ask(wishes)
        f.say('S2.p50_ms.' + name, misspelt[2] / 1e3, 'ms')
        f.say('S2.p99_ms.' + name, misspelt[3] / 1e3, 'ms')
        f.say('S2.nobody_p50_ms.' + name, nobody[2] / 1e3, 'ms')
        f.say('S4.recall_pct.' + name, percent(misspelt), '%')
        f.say('S4.exact_pct.' + name, percent(exact), '%')
        f.say('S4.misread_pct.' + name, percent(misread), '%')
        f.say('S3.p99_ms.' + name, birth[3] / 1e3, 'ms')
        f.say('S3.recall_pct.' + name, percent(birth), '%')


main()
