#!/usr/bin/python3
"""Other engines beside ours on the same persons and the same questions, one thread each.

    S2.p50_ms.ENGINE, S2.p99_ms.ENGINE   misspelt names (goal S4), processor time, beside it
    S2.wall_p50_ms.ENGINE, S2.wall_p99_ms.ENGINE, and never without
    S4.recall_pct.ENGINE                 questions whose person is among the results, and
    S2.results.ENGINE                    how many results that took on average
    S2.asked.ENGINE                      questions that were asked; a slow engine has SECONDS
    S2.nobody_p50_ms.ENGINE              the same for persons who are not in the population
    S3.p99_ms.ENGINE, S3.recall_pct.ENGINE, S3.p50_ms.ENGINE   misspelt, with birth date
    S6.f1.ENGINE, S6.f1_person.ENGINE    the held-out half of the labelled pairs, its threshold the
                                         best of the other half (logic_v2_here: 0.70, its own)
    S6.pairs_per_s.ENGINE

ENGINE: comity; simstring (Debian's simstring-dev, trigrams, cosine 0.3; simstring_half 0.5);
pg_trgm (Debian's postgresql, GIN, similarity 0.3; with birth: a year before or after, or none);
tantivy (fuzzy terms, best 50); rapidfuzz (brute force, best 50); logic_v2_here (nomenklatura). What
is not installed is skipped. PERSONS=100000, QUESTIONS=1000 and SECONDS=12 an engine and file are
the defaults; SCALE=full: 1,000,000 persons. SEED, WORDS, TOP, NATIVE, LISTS: population_files.c."""
import csv
import getpass
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time

import federation as f

PERSONS = int(os.environ.get('PERSONS') or f.size(1000, 100000, 1000000))
QUESTIONS = int(os.environ.get('QUESTIONS') or f.size(10, 1000, 1000))
SECONDS = float(os.environ.get('SECONDS') or 12)
HERE = os.path.join(f.SOURCE, 'bench', 'peers')
KEEP = os.path.join(f.BUILD, 'peers') # environments and programs stay from run to run
PAIRS = 'names/opensanctions-name-bench/logicv2-frozen.csv'


def skipped(engine, why):
    f.say('S2.p99_ms.' + engine, 'skipped', why)


def output(words):
    """Its lines as lists of words, or None when it failed."""
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)
    return [line.split() for line in done.stdout.splitlines()] if done.returncode == 0 else None


def say_misspelt(engine, line):
    asked, found, p50, p99, results, wall_p50, wall_p99 = (float(word) for word in line)
    f.say('S2.asked.' + engine, int(asked), 'questions')
    f.say('S2.p50_ms.' + engine, p50 / 1e3, 'ms')
    f.say('S2.p99_ms.' + engine, p99 / 1e3, 'ms')
    f.say('S2.wall_p50_ms.' + engine, wall_p50 / 1e3, 'ms')
    f.say('S2.wall_p99_ms.' + engine, wall_p99 / 1e3, 'ms')
    f.say('S4.recall_pct.' + engine, found / asked * 100, '%')
    f.say('S2.results.' + engine, results / asked, '1')


def say_nobody(engine, line):
    f.say('S2.nobody_p50_ms.' + engine, float(line[2]) / 1e3, 'ms')


def say_birth(engine, line):
    f.say('S3.p50_ms.' + engine, float(line[2]) / 1e3, 'ms')
    f.say('S3.p99_ms.' + engine, float(line[3]) / 1e3, 'ms')
    f.say('S3.recall_pct.' + engine, float(line[1]) / float(line[0]) * 100, '%')


def ours(folder):
    """Also writes the files."""
    program = os.path.join(f.BUILD, 'bench', 'bench-population_files')
    lines = output([program, folder, str(PERSONS), str(QUESTIONS), 'ask'])
    if lines is None:
        raise f.Refused('bench-population_files failed')
    say_misspelt('comity', lines[1])
    say_nobody('comity', lines[3])
    say_birth('comity', lines[4])


# -- SimString -------------------------------------------------------------------------------------

def simstring(folder):
    program = os.path.join(KEEP, 'simstring')
    if not os.path.exists('/usr/include/simstring/simstring.h') or shutil.which('g++') is None:
        return skipped('simstring', 'no-simstring-dev')
    subprocess.run(['g++', '-O2', '-o', program, os.path.join(HERE, 'simstring.cc')], check=True)
    subprocess.run([program, folder, 'build'], check=True)
    for engine, threshold in (('simstring', '0.3'), ('simstring_half', '0.5')):
        for file, say in (('misspelt.tsv', say_misspelt), ('nobody.tsv', say_nobody)):
            say(engine, output([program, folder, file, threshold, str(SECONDS)])[0])


# -- PostgreSQL ------------------------------------------------------------------------------------

def postgres_programs():
    """Folder of the newest version's programs."""
    base = '/usr/lib/postgresql'
    versions = sorted(os.listdir(base), key=float) if os.path.isdir(base) else []
    folders = [os.path.join(base, version, 'bin') for version in reversed(versions)]
    return next((one for one in folders if os.path.exists(os.path.join(one, 'initdb'))), None)


class Cluster:
    """A server of its own in a folder of its own, reached by a socket in it alone."""

    def __init__(self, programs):
        self.programs = programs
        self.folder = tempfile.mkdtemp(prefix='comity-pg-') # a socket's path has to be short
        self.data = os.path.join(self.folder, 'data')
        self.user = 'postgres' if os.geteuid() == 0 else getpass.getuser()
        if os.geteuid() == 0:
            shutil.chown(self.folder, 'postgres')

    def run(self, program, *words):
        user = {'user': 'postgres'} if os.geteuid() == 0 else {}
        subprocess.run([os.path.join(self.programs, program), '-D', self.data, *words], check=True,
                       stdout=subprocess.DEVNULL, cwd=self.folder, **user)

    def start(self):
        self.run('initdb', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync')
        options = ("-c listen_addresses= -c unix_socket_directories=%s -c fsync=off"
                   " -c shared_buffers=512MB -c max_parallel_workers_per_gather=0" % self.folder)
        self.run('pg_ctl', '-w', '-l', os.path.join(self.folder, 'log'), '-o', options, 'start')

    def end(self):
        try:
            self.run('pg_ctl', '-m', 'immediate', 'stop')
        except subprocess.CalledProcessError:
            pass # was never started
        shutil.rmtree(self.folder)


def load_persons(cursor, folder):
    cursor.execute('CREATE EXTENSION pg_trgm')
    cursor.execute('CREATE TABLE person (number bigint, name text, birth date, nation text)')
    with open(os.path.join(folder, 'persons.tsv'), encoding='utf-8') as file:
        cursor.copy_expert("COPY person FROM STDIN (NULL '')", file)
    cursor.execute('CREATE INDEX ON person USING gin (name gin_trgm_ops)')
    cursor.execute('VACUUM ANALYZE person')
    cursor.execute('SET pg_trgm.similarity_threshold = 0.3')
    cursor.execute('SET jit = off')
    cursor.execute("SELECT count(*) FROM person WHERE name % 'somebody else'") # warm
    cursor.fetchall()


def backend_us(cursor):
    """Reads the processor time of the server's process for this connection."""
    cursor.execute('SELECT pg_backend_pid()')
    path = '/proc/%d/schedstat' % cursor.fetchone()[0]

    def read():
        with open(path, encoding='ascii') as file:
            return int(file.read().split()[0]) / 1e3
    return read


def ask_postgres(cursor, folder, file, with_birth):
    """The words that the other programs print."""
    query = 'SELECT number FROM person WHERE name %% %s'
    if with_birth:
        query += ' AND (birth IS NULL OR birth BETWEEN %s::date - 366 AND %s::date + 366)'
    cpu_us = backend_us(cursor)
    times, wall, found, results = [], [], 0, 0
    with open(os.path.join(folder, file), encoding='utf-8') as lines:
        for line in lines:
            number, name, birth = line.rstrip('\n').split('\t')
            if sum(wall) > SECONDS * 1e6:
                break
            begin, cpu = time.perf_counter(), cpu_us()
            cursor.execute(query, (name, birth, birth) if with_birth else (name,))
            rows = cursor.fetchall()
            times.append(cpu_us() - cpu)
            wall.append((time.perf_counter() - begin) * 1e6)
            found += (int(number),) in rows
            results += len(rows)
    return [len(times), found, f.quantile(times, 0.5), f.quantile(times, 0.99), results,
            f.quantile(wall, 0.5), f.quantile(wall, 0.99)]


def postgres(folder):
    programs = postgres_programs()
    if programs is None:
        return skipped('pg_trgm', 'no-postgresql')
    if importlib.util.find_spec('psycopg2') is None:
        return skipped('pg_trgm', 'no-python3-psycopg2')
    import psycopg2
    cluster = Cluster(programs)
    try:
        cluster.start()
        line = psycopg2.connect(host=cluster.folder, user=cluster.user, dbname='postgres')
        line.autocommit = True
        cursor = line.cursor()
        load_persons(cursor, folder)
        say_misspelt('pg_trgm', ask_postgres(cursor, folder, 'misspelt.tsv', False))
        say_nobody('pg_trgm', ask_postgres(cursor, folder, 'nobody.tsv', False))
        say_birth('pg_trgm', ask_postgres(cursor, folder, 'misspelt.tsv', True))
        line.close()
    finally:
        cluster.end()


# -- from the Python package index -----------------------------------------------------------------

def environment():
    """The interpreter of an environment that has them, made once; None when it cannot be."""
    folder = os.path.join(KEEP, 'venv')
    python = os.path.join(folder, 'bin', 'python')
    done = os.path.join(folder, 'done')
    wanted = os.path.join(HERE, 'requirements.txt')
    with open(wanted, encoding='utf-8') as file:
        text = file.read()
    if os.path.exists(done) and open(done, encoding='utf-8').read() == text:
        return python
    made = subprocess.run(['/usr/bin/python3', '-m', 'venv', folder], stdout=sys.stderr,
                          check=False).returncode == 0
    made = made and subprocess.run([python, '-m', 'pip', 'install', '--quiet', '-r', wanted],
                                   stdout=sys.stderr, check=False).returncode == 0
    if made:
        with open(done, 'w', encoding='utf-8') as file:
            file.write(text)
    return python if made else None


def from_the_index(python, folder):
    inside = os.path.join(HERE, 'inside.py')
    for engine in ('tantivy', 'rapidfuzz'):
        for file, say in (('misspelt.tsv', say_misspelt), ('nobody.tsv', say_nobody)):
            lines = python and output([python, inside, engine, folder, file, str(SECONDS)])
            if not lines:
                skipped(engine, 'not-installed' if python is None else 'failed')
                break
            say(engine, lines[0])


def f1_of(rows, scores, threshold):
    right = sum(scores[row['case_id']] >= threshold for row in rows if row['is_match'] == 'true')
    wrong = sum(scores[row['case_id']] >= threshold for row in rows if row['is_match'] != 'true')
    all_right = sum(row['is_match'] == 'true' for row in rows)
    return 2 * right / (all_right + right + wrong) if right else 0.0


def say_pairs(engine, rows, scores, threshold=None):
    half = [[row for row in rows if int(row['case_id'], 16) % 2 == odd] for odd in (0, 1)]
    if threshold is None:
        threshold = max(set(scores.values()), key=lambda one: f1_of(half[0], scores, one))
    persons = [row for row in half[1] if row['schema'] == 'Person']
    f.say('S6.f1.' + engine, f1_of(half[1], scores, threshold), '1')
    f.say('S6.f1_person.' + engine, f1_of(persons, scores, threshold), '1')


def pairs(python):
    path = os.path.join(os.environ.get('COMITY_SHARED', ''), PAIRS)
    if not os.path.exists(path):
        return f.say('S6.f1.rapidfuzz', 'skipped', 'no-pairs')
    with open(path, encoding='utf-8', newline='') as file:
        rows = list(csv.DictReader(file))
    inside = os.path.join(HERE, 'inside.py')
    for engine, what, threshold in (('rapidfuzz', 'pairs-rapidfuzz', None),
                                    ('logic_v2_here', 'pairs-logic', 0.7)):
        lines = python and output([python, inside, what, path])
        if not lines:
            f.say('S6.f1.' + engine, 'skipped', 'not-installed')
            continue
        say_pairs(engine, rows, {line[0]: float(line[1]) for line in lines[:-1]}, threshold)
        f.say('S6.pairs_per_s.' + engine, len(rows) / float(lines[-1][0]), '1/s')


def main():
    os.makedirs(KEEP, exist_ok=True)
    where = os.environ.get('BENCH_DIR', os.path.join(f.BUILD, 'bench'))
    with tempfile.TemporaryDirectory(prefix='peers-', dir=where) as folder:
        f.say('S2.size.peers', PERSONS, 'persons')
        ours(folder)
        simstring(folder)
        postgres(folder)
        python = environment()
        from_the_index(python, folder)
    pairs(python)


main()
