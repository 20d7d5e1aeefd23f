#!/usr/bin/python3
"""Plants each bug in turn and shows that the simulator finds it.

usage: tests/sim/planted.py [BUILD] [--seconds S] [N ...]

A bug is a piece of code behind `#if COMITY_PLANTED == N` (meson option -Dplanted=N). Here only the
files that hold such pieces are compiled again, with N, and linked before the libraries of BUILD
(default: build). First, with no bug, the same seeds must pass. Exit 0: all were found.
"""
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARK = re.compile(r'COMITY_PLANTED (?:==|!=) (\d+)[^/\n]*(?:/\* (.*?) \*/)?')


def planted_sources():
    """{source: [bugs]} and {bug: what it is}."""
    sources, names = {}, {}
    for path in sorted((ROOT / 'src').rglob('*.c')):
        found = MARK.findall(path.read_text(encoding='utf-8'))
        if found:
            sources[path] = sorted({int(number) for number, _ in found})
        for number, what in found:
            names[int(number)] = what or names.get(int(number), path.name)
    return sources, names


def commands(build):
    """{source: compile command}, from what ninja would run."""
    out = {}
    for entry in json.loads((build / 'compile_commands.json').read_text(encoding='utf-8')):
        out[(build / entry['file']).resolve()] = entry['command']
    return out


def compile_with(command, number, target, build):
    words = shlex.split(command.replace('-DCOMITY_PLANTED=0', f'-DCOMITY_PLANTED={number}'))
    for flag in ('-MD', '-MQ', '-MF'):
        while flag in words:
            at = words.index(flag)
            del words[at:at + (1 if flag == '-MD' else 2)]
    words[words.index('-o') + 1] = str(target)
    subprocess.run(words, cwd=build, check=True)


def link_command(build):
    lines = subprocess.run(['ninja', '-C', str(build), '-t', 'commands', 'tests/sim/sim'],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    return shlex.split(lines[-1])


def run(program, seconds, folder):
    begin = time.monotonic()
    done = subprocess.run([str(program), '--from', '1', '--seconds', str(seconds)], cwd=folder,
                          capture_output=True, text=True, check=False)
    line = (done.stdout.strip().splitlines() or [done.stderr.strip()[-200:] or '-'])[0]
    return done.returncode, line, time.monotonic() - begin


def main():
    words = sys.argv[1:]
    seconds = 120
    if '--seconds' in words:
        at = words.index('--seconds')
        seconds = int(words[at + 1])
        del words[at:at + 2]
    build = (ROOT / (words.pop(0) if words and not words[0].isdigit() else 'build')).resolve()
    subprocess.run(['ninja', '-C', str(build), 'tests/sim/sim'], check=True,
                   stdout=subprocess.DEVNULL)
    sources, names = planted_sources()
    wanted = [int(word) for word in words] or sorted(names)
    compiled, link = commands(build), link_command(build)
    code, line, took = run(build / 'tests/sim/sim', seconds, build)
    print(f'no bug: {"passes" if code == 0 else "FAILS"} after {took:.0f} s: {line}', flush=True)
    missed = [] if code == 0 else [0]
    with tempfile.TemporaryDirectory() as folder:
        for number in wanted:
            objects = []
            for source, numbers in sources.items():
                if number in numbers:
                    objects.append(pathlib.Path(folder) / f'{number}-{source.name}.o')
                    compile_with(compiled[source], number, objects[-1], build)
            program = pathlib.Path(folder) / f'sim-{number}'
            words = list(link)
            words[words.index('-o') + 1] = str(program)
            first = next(i for i, word in enumerate(words) if word.endswith('.o'))
            words[first:first] = [str(item) for item in objects]
            subprocess.run(words, cwd=build, check=True)
            code, line, took = run(program, seconds, folder)
            verdict = 'found' if code != 0 else 'MISSED'
            if code == 0:
                missed.append(number)
            print(f'{number:2} {verdict} after {took:4.1f} s: {names[number]}\n     {line}',
                  flush=True)
    print(f'found {len(wanted) - len([n for n in missed if n])} of {len(wanted)}')
    return 1 if missed else 0


if __name__ == '__main__':
    sys.exit(main())
