#!/usr/bin/python3
"""The life of the index on one real node.

    S9.size               records held
    S9.load_per_s         entries of a public source taken in a second
    S9.warm_ms            from exec to the first answer to a search after a clean stop; median of 5
    S9.killed_ms          the same after kill -9; S9.empty_ms: of a node without records (the
                          keeper's Argon2id, keys, certificates): the rest is what records cost
    S9.cold_s             the same with nothing of the node's directory in the page cache
    S9.rebuild_s          without the index's files: until all is searchable again, and
    S9.rebuild_first_ms   until the first answer, which says that a part is missing
    S9.visible_p50_ms, S9.visible_p99_ms, S9.fsync_ms
                          a record put: from request to answer, found in a search right behind it
    S9.updates_per_s      of persons; S9.object_updates_per_s: of things (both in pages of 200)
    S9.update_search_p99_ms   searches beside them"""
import ctypes
import json
import os
import random
import shutil
import signal
import statistics
import threading
import time

import federation as f

OBJECTS = int(os.environ.get('OBJECTS') or f.size(200, 100000, 1000000))
PERSONS = int(os.environ.get('PERSONS') or f.size(50, 10000, 100000))


def evict(folder):
    """Drops what the page cache holds of a folder's files."""
    libc = ctypes.CDLL(None, use_errno=True)
    for at, _, names in os.walk(folder):
        for name in names:
            try:
                fd = os.open(os.path.join(at, name), os.O_RDONLY)
            except OSError:
                continue
            os.fsync(fd)
            libc.posix_fadvise(fd, ctypes.c_long(0), ctypes.c_long(0), 4)
            os.close(fd)


def search(node, number):
    query = {'identifiers': [{'type': 'document', 'value': f.number_of(number),
                              'country': 'NGA'}]}
    return node.post('/v1/search', {'query': query, **f.PURPOSE})


def first_answer(node):
    begun = time.monotonic()
    node.start()
    answer = search(node, OBJECTS // 2)
    return time.monotonic() - begun, answer


def must_hit(answer, record=None):
    found = [hit['record'] for hit in answer['hits'] if hit['band'] == 'strong']
    if not found or record not in [None, *found] or answer['searched'].get('partial'):
        raise f.Refused('a restarted node answers %s' % json.dumps(answer)[:300])


def settle(node, held):
    """Until the upkeep has no more to do than prove files."""
    until = time.monotonic() + 120
    folder = os.path.join(node.dir, 'index')
    seen = None
    while time.monotonic() < until:
        now = sorted(os.listdir(folder))
        if now == seen and node.searchable() == held:
            return
        seen = now
        time.sleep(1.5)


def restarts(node):
    warm, killed = [], []
    for _ in range(5):
        node.end()
        seconds, answer = first_answer(node)
        must_hit(answer)
        warm.append(seconds * 1000)
    for _ in range(3):
        node.end(signal.SIGKILL)
        seconds, answer = first_answer(node)
        must_hit(answer)
        killed.append(seconds * 1000)
    node.end()
    evict(node.dir)
    seconds, answer = first_answer(node)
    must_hit(answer)
    f.say('S9.warm_ms', statistics.median(warm), 'ms')
    f.say('S9.killed_ms', statistics.median(killed), 'ms')
    f.say('S9.cold_s', seconds, 's')


def rebuild(node, held):
    node.end()
    shutil.rmtree(os.path.join(node.dir, 'index'))
    begun = time.monotonic()
    seconds, answer = first_answer(node)
    if held > 20000 and not answer['searched'].get('partial'):
        raise f.Refused('a rebuild that nobody is told of')
    while node.searchable() < held or search(node, 1)['searched'].get('partial'):
        time.sleep(0.1)
        if time.monotonic() - begun > 3600:
            raise f.Refused('the rebuild does not end')
    f.say('S9.rebuild_first_ms', seconds * 1000, 'ms')
    f.say('S9.rebuild_s', time.monotonic() - begun, 's')


def visible(node, count):
    times = []
    dice = random.Random(13)
    for i in range(count):
        record = f.document('BEN', dice, f.number_of(OBJECTS + 1000 + i))
        begun = time.monotonic()
        node.post('/v1/records', {'record': record})
        times.append((time.monotonic() - begun) * 1000)
        must_hit(search(node, OBJECTS + 1000 + i), record['id'])
    f.say('S9.visible_p50_ms', f.quantile(times, 0.5), 'ms')
    f.say('S9.visible_p99_ms', f.quantile(times, 0.99), 'ms')


class Searcher(threading.Thread):
    def __init__(self, node):
        super().__init__()
        self.socket = os.path.join(node.dir, 'comity.sock')
        self.times = []
        self.ends = False

    def run(self):
        dice = random.Random(14)
        connection = f.LocalConnection(self.socket)
        while not self.ends or not self.times:
            number = f.number_of(dice.randrange(OBJECTS))
            query = {'identifiers': [{'type': 'document', 'value': number, 'country': 'NGA'}]}
            body = json.dumps({'query': query, **f.PURPOSE})
            begun = time.monotonic()
            connection.request('POST', '/v1/search', body)
            connection.getresponse().read()
            self.times.append((time.monotonic() - begun) * 1000)
            time.sleep(0.002)


def updates(node, name, records):
    searcher = Searcher(node)
    searcher.start()
    got = node.load('/v1/sources/x-bench/entries', list(f.pages(records)), 4)
    searcher.ends = True
    searcher.join()
    f.say(name, len(records) / got['seconds'], '1/s')
    return searcher.times


def renamed(one):
    name, *rest = one['statements']
    value = {'full': name['value']['full'] + ' B'}
    return {**one, 'statements': [{**name, 'value': value}, *rest]}


def main():
    with f.Bench('restart') as bench:
        node = bench.node('BEN', config='threads = 2')
        node.start()
        empty = []
        for _ in range(3):
            node.end()
            seconds, _ = first_answer(node)
            empty.append(seconds * 1000)
        f.say('S9.empty_ms', statistics.median(empty), 'ms')
        dice = random.Random(10)
        people = [f.person('x-bench', dice) for _ in range(PERSONS)]
        things = [f.document('x-bench', dice, f.number_of(i)) for i in range(OBJECTS)]
        begun = time.monotonic()
        node.load('/v1/sources/x-bench/entries', list(f.pages(people)), 2)
        node.load('/v1/sources/x-bench/entries', list(f.pages(things)), 2)
        f.say('S9.load_per_s', (OBJECTS + PERSONS) / (time.monotonic() - begun), '1/s')
        held = node.searchable()
        f.say('S9.size', held, 'records')
        settle(node, held)
        restarts(node)
        f.say('S9.fsync_ms', f.fsync_ms(bench.where), 'ms')
        visible(node, f.size(10, 500, 500))
        times = updates(node, 'S9.updates_per_s', [renamed(one) for one in people[:5000]])
        times += updates(node, 'S9.object_updates_per_s', [
            f.document('x-bench', dice, f.number_of(OBJECTS + 100000 + i))
            for i in range(f.size(100, 10000, 10000))])
        f.say('S9.update_search_p99_ms', f.quantile(times, 0.99), 'ms')
        settle(node, node.searchable())
        rebuild(node, node.searchable())


main()
