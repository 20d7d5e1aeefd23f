#!/usr/bin/python3
"""Figures of the whole node.

    H1.rss_mb          VmRSS of both processes of a node that has just started with RECORDS records
                       (default 50,000, the goal's) on one core, after searches;
                       H1.peak_mb: VmHWM; H1.limit_mb: what the kernel let it have, cgroup or 0
    H1.start_s         from exec to the first answer with them
    H2.demo_s          build/comity demo without pauses
    H4.bytes_per_fact  the store's folder after a clean stop, less an empty node's, a record put
                       H4.bytes_of_fact: the records' own JSON
    M1.unmapped, L1.missing"""
import json
import os
import random
import shutil
import subprocess
import sys
import time

import federation as f

RECORDS = int(os.environ.get('RECORDS') or f.size(50, 50000, 50000))
LIMIT_MB = 512
CGROUPS = '/sys/fs/cgroup/memory'


def wanted(name):
    only = [one for one in os.environ.get('ONLY', '').replace(' ', ',').split(',') if one]
    return not only or any(name == one.split('.')[0] for one in only)


def size_of(folder):
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder)
               for name in names)


class Limit:
    """A memory cgroup (version 1) of LIMIT_MB, when we may make one."""

    def __init__(self):
        self.path = os.path.join(CGROUPS, 'comity-bench-%d' % os.getpid())
        self.mb = 0
        try:
            os.mkdir(self.path)
            with open(self.path + '/memory.limit_in_bytes', 'w', encoding='ascii') as file:
                file.write(str(LIMIT_MB << 20))
            self.mb = LIMIT_MB
        except OSError:
            pass

    def prefix(self):
        """Words before a command that put it in, on one core."""
        enter = 'echo $$ > %s/tasks; ' % self.path if self.mb else ''
        return ['/bin/sh', '-c', enter + 'exec taskset -c 0 "$@"', 'limited']

    def peak_mb(self):
        if not self.mb:
            return 0
        with open(self.path + '/memory.max_usage_in_bytes', encoding='ascii') as file:
            return int(file.read()) >> 20

    def close(self):
        if self.mb:
            os.rmdir(self.path)


def small_machine():
    limit = Limit()
    with f.Bench('whole') as bench:
        node = bench.node('NGA')
        node.start()
        node.end()
        empty = size_of(node.dir)
        node.prefix = limit.prefix()
        node.start()
        lines = list(f.puts(RECORDS, 1))
        put = node.load('/v1/records', lines, 16)
        node.end()
        if wanted('H4'):
            content = sum(len(json.dumps(json.loads(line)['record'], separators=(',', ':')))
                          for line in lines[:1000]) / 1000
            f.say('H4.size', RECORDS, 'facts')
            f.say('H4.bytes_per_fact', (size_of(node.dir) - empty) / RECORDS, 'B')
            f.say('H4.bytes_of_fact', content, 'B')
        if wanted('H1'):
            seconds = node.start()
            started = node.memory_mb('VmRSS')
            dice = random.Random(7)
            for _ in range(f.size(5, 200, 200)):
                name = dice.choice(f.FAMILY) + ' ' + dice.choice(f.GIVEN)
                node.post('/v1/search', {'query': {'kind': 'person', 'name': name}, **f.PURPOSE})
            f.say('H1.size', node.searchable(), 'records')
            f.say('H1.puts_per_s', put['per_s'], '1/s')
            f.say('H1.start_s', seconds, 's')
            f.say('H1.start_mb', started, 'MB')
            f.say('H1.rss_mb', node.memory_mb('VmRSS'), 'MB')
            f.say('H1.peak_mb', node.memory_mb('VmHWM'), 'MB')
            f.say('H1.limit_mb', limit.mb, 'MB')
            f.say('H1.cgroup_peak_mb', limit.peak_mb(), 'MB')
    time.sleep(0.2)
    limit.close()


def demo():
    home = f.folder('demo')
    begun = time.monotonic()
    done = subprocess.run([f.COMITY, 'demo', '--pace', '0', '--end', '--data', f.SOURCE, '--home',
                           os.path.join(home, 'home')], stdout=subprocess.PIPE, text=True)
    seconds = time.monotonic() - begun
    shutil.rmtree(home, ignore_errors=True)
    if done.returncode != 0:
        raise f.Refused('the demo ended with %d: %s' % (done.returncode, done.stdout[-500:]))
    f.say('H2.demo_s', seconds, 's')


def counts():
    failed = False
    if wanted('M1'):
        env = {**os.environ, 'COMITY_SOURCE': f.SOURCE,
               'COMITY_SHARED': os.path.join(f.SOURCE, '..', 'shared', 'data')}
        coverage = os.path.join(f.SOURCE, 'tests/model/coverage.py')
        done = subprocess.run(['/usr/bin/python3', coverage],
                              stdout=subprocess.PIPE, text=True, env=env)
        print(done.stdout[done.stdout.index('M1.unmapped'):].splitlines()[0], flush=True)
        failed = done.returncode != 0
    if wanted('L1'):
        done = subprocess.run([os.path.join(f.SOURCE, 'tools', 'text'), '--check'],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        missing = len(done.stderr.splitlines()) if done.returncode != 0 else 0
        f.say('L1.missing', missing, 'count')
        failed = failed or missing > 0
    return 1 if failed else 0


def main():
    if wanted('H2'):
        demo()
    if wanted('H1') or wanted('H4'):
        small_machine()
    return counts()


sys.exit(main())
