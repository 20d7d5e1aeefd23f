#!/usr/bin/python3
"""What a change of the law costs a node that is at work: two real nodes over loopback.

    A3.p99_ms        slowest hundredth of look-ups and puts, one line each, from a new agreement's
                     entry into force until all RECORDS have been decided again; no view changes
    A3.sent_p99_ms   the same with a national rule that narrows the view of every thing and of no
                     person (4 of 5 records), until all these frames are acknowledged
    A3.quiet_p99_ms  the same lines before, when nothing is decided again
    A4.late_frames   frames numbered, or taken by the partner, later than a second after `partner
                     halt`, in all of TRIALS while LOAD connections put without pause
    A4.late_bytes    bytes that still left for the partner then
    A4.slowest_ms    from the command until the last frame was taken, the slowest trial

RECORDS=20000, TRIALS=50 and LOAD=8 are the defaults; SCALE=full: 100,000 and 1,000. The processor's
part of A3 is in treaty.c."""
import json
import os
import random
import threading
import time

import federation as f

RECORDS = int(os.environ.get('RECORDS') or f.size(50, 20000, 100000))
TRIALS = int(os.environ.get('TRIALS') or f.size(1, 50, 1000))
LOAD = int(os.environ.get('LOAD') or 8)
QUIET_S = f.size(0.5, 5.0, 5.0)
OTHER = '''agreement other version 1
parties NGA NER
in force from 2026-01-01 when all parties have signed

article 1
  share vehicle where category is missing.child among parties for border-check by copy

annex
'''
NARROWER = {'text': 'national rules of NGA version 1\n  never share field status\n'}


def wanted(name):
    only = [one for one in os.environ.get('ONLY', '').replace(' ', ',').split(',') if one]
    return not only or any(one.split('.')[0] == name for one in only)


# -- A3 ------------------------------------------------------------------------------------------

class Line(threading.Thread):
    """One connection, 5 ms between an answer and the next request; (begin, milliseconds)."""

    def __init__(self, node, request):
        super().__init__(daemon=True)
        self.node, self.request, self.times = node, request, []
        self.stopping = threading.Event()
        self.failure = None

    def run(self):
        line = f.LocalConnection(self.node.socket)
        while not self.stopping.is_set():
            method, path, body = self.request()
            begun = time.monotonic()
            line.request(method, path, body, {'Content-Type': 'application/json'})
            reply = line.getresponse()
            reply.read()
            self.times.append((begun, (time.monotonic() - begun) * 1e3))
            if reply.status >= 300:
                self.failure = '%s: %d' % (path, reply.status)
                return
            time.sleep(0.005) # or new puts would be all that the courier ever sees

    def between(self, begin, end):
        return [ms for at, ms in self.times if begin <= at <= end]

    def answered_since(self, begin):
        """Whether a request that began since then has its answer."""
        return any(at >= begin for at, _ in self.times[-1:])


def lines_of(node, ids):
    dice = random.Random(31)
    new = f.puts(1 << 30, 32)

    def look():
        return 'GET', '/v1/records/%s?%s' % (dice.choice(ids), f.LOOK), None

    return [Line(node, look), Line(node, lambda: ('POST', '/v1/records', next(new)))]


def until(lines, done):
    """[begin, end] of the time from now until it is done and every line had an answer in it."""
    begin = time.monotonic()
    f.wait(lambda: any(line.failure for line in lines) or
           (done() and all(line.answered_since(begin) for line in lines)), 900, pause=0.02)
    return begin, time.monotonic()


def quiet(lines):
    end = time.monotonic() + QUIET_S
    return until(lines, lambda: time.monotonic() >= end)


def during(a, lines, change):
    """The time in which all is decided again and what comes of it has left."""
    def done():
        card = a.partner('NER')
        behind = card['numbered'] - card.get('acked', 0)
        return card['idle'] and behind < 64

    change()
    return until(lines, done)


def say_times(name, lines, span):
    for line in lines:
        if line.failure:
            raise f.Refused(line.failure)
    seconds = span[1] - span[0]
    times = [line.between(*span) for line in lines]
    f.say('A3.%sseconds' % name, seconds, 's')
    f.say('A3.%slooks' % name, len(times[0]), '1')
    f.say('A3.%sputs' % name, len(times[1]), '1')
    f.say('A3.%slook_p99_ms' % name, f.quantile(times[0], 0.99), 'ms')
    f.say('A3.%sput_p99_ms' % name, f.quantile(times[1], 0.99), 'ms')
    f.say('A3.%sp50_ms' % name, f.quantile(times[0] + times[1], 0.5), 'ms')
    f.say('A3.%sp99_ms' % name, f.quantile(times[0] + times[1], 0.99), 'ms')
    f.say('A3.%sslowest_ms' % name, max(times[0] + times[1]), 'ms')


def again(bench, a, b):
    bodies = list(f.puts(RECORDS, 30))
    a.load('/v1/records', bodies)
    a.settle('NER', RECORDS, 600, pause=0.05)
    f.say('A3.records', RECORDS, 'records')
    f.say('A3.fsync_ms', f.fsync_ms(bench.where), 'ms')
    other = f.propose(a, b, OTHER + bench.annex)
    lines = lines_of(a, [json.loads(one)['record']['id'] for one in bodies])
    for line in lines:
        line.start()
    time.sleep(1.0)
    say_times('quiet_', lines, quiet(lines))
    say_times('', lines, during(a, lines, lambda: f.enter(a, b, other)))
    before = a.partner('NER')['numbered']
    say_times('sent_', lines, during(a, lines, lambda: a.call('PUT', '/v1/national', NARROWER)))
    f.say('A3.frames', a.partner('NER')['numbered'] - before, 'frames')
    for line in lines:
        line.stopping.set()
        line.join()


# -- A4 ------------------------------------------------------------------------------------------

class Load(threading.Thread):
    """Puts new records on LOAD connections until it is ended."""

    def __init__(self, node):
        super().__init__(daemon=True)
        self.node, self.ending, self.failure = node, threading.Event(), None

    def put(self, seed):
        line = f.LocalConnection(self.node.socket)
        for body in f.puts(1 << 30, seed):
            if self.ending.is_set():
                return
            line.request('POST', '/v1/records', body, {'Content-Type': 'application/json'})
            reply = line.getresponse()
            if reply.status >= 300:
                self.failure = reply.read().decode()
                return
            reply.read()

    def run(self):
        threads = [threading.Thread(target=self.put, args=(100 + i,)) for i in range(LOAD)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def trial(a, b, relay, dice):
    """Frames late in any of the two senses, bytes late, milliseconds until the last was taken."""
    a.post('/v1/partners/NER/resume', {})
    held = b.searchable()
    f.wait(lambda: b.searchable() > held + 50, 120) # it flows
    time.sleep(dice.uniform(0.1, 0.7))
    begun = time.monotonic()
    a.post('/v1/partners/NER/halt', {'reason': 'bench'})
    last, seen = begun, b.searchable()
    while time.monotonic() < begun + 1.0:
        now = b.searchable()
        if now != seen:
            last, seen = time.monotonic(), now
        time.sleep(0.002)
    numbered, sent = a.partner('NER')['numbered'], relay.bytes[0]
    time.sleep(0.7)
    late = max(a.partner('NER')['numbered'] - numbered, b.searchable() - seen)
    return late, relay.bytes[0] - sent, (last - begun) * 1e3


def halts(a, b, relay):
    dice = random.Random(40)
    load = Load(a)
    frames = a.partner('NER')['numbered']
    load.start()
    results = []
    for _ in range(TRIALS):
        results.append(trial(a, b, relay, dice))
        if load.failure:
            raise f.Refused(load.failure)
    load.ending.set()
    load.join()
    f.say('A4.trials', TRIALS, '1')
    f.say('A4.frames', a.partner('NER')['numbered'] - frames, 'frames')
    f.say('A4.late_frames', sum(late for late, _, _ in results), 'frames')
    f.say('A4.late_bytes', sum(sent for _, sent, _ in results), 'B')
    f.say('A4.last_ms', f.quantile([ms for _, _, ms in results], 0.5), 'ms')
    f.say('A4.slowest_ms', max(ms for _, _, ms in results), 'ms')


def main():
    relays = []

    def addresses(a, b):
        relays.append(f.Relay(b.port))
        return ['127.0.0.1:%d' % a.port, '127.0.0.1:%d' % relays[0].port]

    with f.Bench('law') as bench:
        a, b = bench.pair(addresses)
        if wanted('A3'):
            again(bench, a, b)
        if wanted('A4'):
            halts(a, b, relays[0])


main()
