#!/usr/bin/python3
"""Audited searches through HTTPS on one node, the load generator on the same cores.

    S10.searches_per_s, S10.p99_ms   85 % exact number, 10 % person with birth date, 5 % name only,
                                     CONNECTIONS kept alive, a bearer token, TLS 1.3; median of 5
    S10.found_pct                    queries for a record that is held and stands in the answer
    S10.answers, S10.entries         answers, and access entries of them that the journal has
    S10.load_per_s                   entries of a public source taken in a second

No answer leaves before its entry is durable: every answer names its entry, none is named twice, and
after kill -9 right behind the last answer the journal still has all of them."""
import json
import os
import random
import signal
import statistics

import federation as f

OBJECTS = int(os.environ.get('OBJECTS') or f.size(200, 100000, 1000000))
PERSONS = int(os.environ.get('PERSONS') or f.size(50, 10000, 100000))
SEARCHES = int(os.environ.get('SEARCHES') or f.size(50, 10000, 100000))
CONNECTIONS = int(os.environ.get('CONNECTIONS') or f.size(2, 32, 32))


def corpus():
    """Of a public source, so that many fit in one request."""
    dice = random.Random(10)
    people = [f.person('x-bench', dice) for _ in range(PERSONS)]
    things = (f.document('x-bench', dice, f.number_of(i)) for i in range(OBJECTS))
    return people, things


def query_of(people, dice):
    kind = dice.random()
    if kind < 0.85:
        number = f.number_of(dice.randrange(OBJECTS))
        return {'identifiers': [{'type': 'document', 'value': number, 'country': 'NGA'}]}
    statements = dice.choice(people)['statements']
    query = {'kind': 'person', 'name': statements[0]['value']['full']}
    if kind < 0.95:
        query['birth'] = {'date': statements[1]['value']['from']}
    return query


def questions(people, count):
    dice = random.Random(11)
    for _ in range(count):
        yield json.dumps({'query': query_of(people, dice), **f.PURPOSE}, separators=(',', ':'))


def found(node, people, rounds=100):
    """The first hit is what was asked for, of each kind of question."""
    dice = random.Random(12)
    hits = 0
    for _ in range(rounds):
        query = query_of(people, dice)
        answer = node.post('/v1/search', {'query': query, **f.PURPOSE})
        hits += len(answer['hits']) > 0 and answer['hits'][0]['band'] in ('strong', 'possible')
    return hits / rounds * 100


def entries_after(node):
    """kill -9, start, and the journal's length."""
    node.end(signal.SIGKILL)
    node.start()
    return node.get('/v1/status')['journal']


def main():
    with f.Bench('look') as bench:
        node = bench.node('BEN', config='threads = 2')
        node.start()
        people, things = corpus()
        loaded = node.load('/v1/sources/x-bench/entries', list(f.pages(people)), 2)
        loaded_things = node.load('/v1/sources/x-bench/entries', list(f.pages(things)), 2)
        seconds = loaded['seconds'] + loaded_things['seconds']
        held = node.searchable()
        if held != OBJECTS + PERSONS:
            raise f.Refused('%d of %d are searchable' % (held, OBJECTS + PERSONS))
        f.say('S10.size', held, 'records')
        f.say('S10.load_per_s', held / seconds, '1/s')
        f.say('S10.found_pct', found(node, people), '%')
        f.say('S10.fsync_ms', f.fsync_ms(bench.where), 'ms')
        token = node.token('a.officer')
        lines = list(questions(people, SEARCHES))
        node.load('/v1/search', lines, CONNECTIONS, token=token, count=SEARCHES // 10)
        rates, tails, cpus = [], [], []
        answers = entries = 0
        before = node.get('/v1/status')['journal']
        highest = 0
        for _ in range(5):
            cpu = node.threads_cpu_ms()
            got = node.load('/v1/search', None, CONNECTIONS, token=token, count=SEARCHES // 5)
            cpus.append((node.threads_cpu_ms() - cpu) / got['sent'])
            rates.append(got['per_s'])
            tails.append(got['p99_ms'])
            answers += got['sent']
            entries += got['different'] if got['lowest'] > highest else 0
            highest = got['highest']
        after = entries_after(node)
        f.say('S10.searches_per_s', statistics.median(rates), '1/s')
        f.say('S10.p99_ms', statistics.median(tails), 'ms')
        f.say('S10.cpu_ms', statistics.median(cpus), 'ms')
        f.say('S10.answers', answers, '1')
        f.say('S10.entries', entries, '1')
        f.say('S10.journal', after - before, 'entries')
        if entries != answers or after < highest or after - before < answers:
            raise f.Refused('an answer has no durable entry of its own')


main()
