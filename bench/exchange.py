#!/usr/bin/python3
"""Figures of the exchange between two real nodes over loopback with mutual TLS.

    E1.frames_per_s     a backlog, from `partner resume` to the last durable receipt
    E1.sustained_per_s  records acknowledged at the owner a second while RATE are offered for
                        SECONDS, and E1.p99_ms: from the owner's answer (durable) until the partner
                        can search it
    E2.p50_ms, E2.p99_ms  one record at a time: the same two moments; every tenth is searched for
    E4.*                resume with nothing to do, the line counted by a relay: TLS included
    E2.fsync_ms         median fdatasync of 4 kB on the same disk, in the same run

SECONDS=60 RATE=2000 are the defaults; SCALE=full: ten minutes, ten times the records."""
import bisect
import os
import random
import statistics
import threading
import time

import federation as f

FRAMES = f.size(50, 10000, 100000)
SAMPLES = f.size(10, 200, 200)
RESUMES = f.size(1, 3, 3)
SECONDS = float(os.environ.get('SECONDS') or f.size(1, 60, 600))
RATE = float(os.environ.get('RATE') or f.size(50, 2000, 2000))


def wanted(*names):
    only = [one for one in os.environ.get('ONLY', '').replace(' ', ',').split(',') if one]
    return not only or any(name.split('.')[0] == one.split('.')[0] for name in names
                           for one in only)


def batch(a, b):
    """Halted while the records are put; then the whole way for all of them."""
    a.post('/v1/partners/NER/halt', {'reason': 'bench'})
    before = a.partner('NER')['numbered']
    cpu = a.threads_cpu_ms() + b.threads_cpu_ms()
    put = a.load('/v1/records', list(f.puts(FRAMES, 1)))
    put_cpu = a.threads_cpu_ms() + b.threads_cpu_ms() - cpu
    cpu += put_cpu
    begun = time.monotonic()
    a.post('/v1/partners/NER/resume', {})
    card = a.settle('NER', before + FRAMES, pause=0.02)
    seconds = time.monotonic() - begun
    cpu = a.threads_cpu_ms() + b.threads_cpu_ms() - cpu
    if b.searchable() != FRAMES or card['refused'] or card['parked']:
        raise f.Refused('not all frames were taken: %d' % b.searchable())
    f.say('E1.size', FRAMES, 'frames')
    f.say('E1.puts_per_s', put['per_s'], '1/s')
    f.say('E1.put_cpu_ms', put_cpu / FRAMES, 'ms')
    f.say('E1.frames_per_s', FRAMES / seconds, '1/s')
    f.say('E1.frame_cpu_ms', cpu / FRAMES, 'ms')


def one_by_one(a, b):
    """From the owner's answer to the partner's index; which commits and shows in one step."""
    dice = random.Random(2)
    times = []
    for i in range(SAMPLES):
        held = b.searchable()
        number = 'E%08d' % i
        record = f.document('NGA', dice, number)
        a.post('/v1/records', {'record': record})
        begun = time.perf_counter()
        while b.searchable() == held:
            pass
        times.append((time.perf_counter() - begun) * 1e3)
        if i % 10 == 0:
            query = {'identifiers': [{'type': 'document', 'value': number, 'country': 'NGA'}]}
            hits = b.post('/v1/search', {'query': query, **f.PURPOSE})['hits']
            if not hits or hits[0]['record'] != record['id'] or hits[0]['band'] != 'strong':
                raise f.Refused('counted, but not found: ' + number)
    f.say('E2.size', SAMPLES, 'records')
    f.say('E2.p50_ms', f.quantile(times, 0.5), 'ms')
    f.say('E2.p99_ms', f.quantile(times, 0.99), 'ms')


def arrivals(b, start, count, until):
    """[(wall microseconds, records beyond `start`)] until all are there."""
    seen = []
    while time.monotonic() < until:
        held = b.searchable() - start
        seen.append((time.time_ns() // 1000, held))
        if held >= count():
            return seen
        time.sleep(0.002)
    return seen


def sustained(a, b, where):
    """Offered at a fixed rate; the k-th acknowledged put is compared with the k-th arrival."""
    start = b.searchable()
    lines = list(f.puts(int(RATE * SECONDS), 3))
    times = os.path.join(where, 'times')
    result = {}

    def put():
        result.update(a.load('/v1/records', lines, rate=RATE, seconds=SECONDS, times=times))

    thread = threading.Thread(target=put)
    begun = time.monotonic()
    thread.start()
    seen = arrivals(b, start, lambda: result.get('ok', 1 << 60), begun + 2 * SECONDS + 30)
    thread.join()
    with open(times, encoding='ascii') as file:
        acknowledged = sorted(int(line) for line in file)
    counts = [held for _, held in seen]
    late = []
    for k, at in enumerate(acknowledged):
        i = bisect.bisect_left(counts, k + 1)
        if i == len(counts):
            raise f.Refused('%d of %d came' % (counts[-1], len(acknowledged)))
        late.append((seen[i][0] - at) / 1e3)
    last = (seen[-1][0] - acknowledged[0]) / 1e6
    f.say('E1.offered_per_s', RATE, '1/s')
    f.say('E1.offered_s', SECONDS, 's')
    f.say('E1.sustained_per_s', len(acknowledged) / last, '1/s')
    f.say('E1.p50_ms', f.quantile(late, 0.5), 'ms')
    f.say('E1.p99_ms', f.quantile(late, 0.99), 'ms')


def quiet(relay, still=0.5):
    """Waits until the line has been silent for a while."""
    seen, since = None, time.monotonic()
    while time.monotonic() - since < still:
        now = (sum(relay.bytes), relay.connections)
        if now != seen:
            seen, since = now, time.monotonic()
        time.sleep(0.01)


def resume(a, b, relay):
    """The owner starts while the line is closed; then the line opens, and only the greeting of its
    feed goes over it. CPU time of both nodes from there on, less what they take when idle."""
    figures = {name: [] for name in ('round_trips', 'bytes', 'turns', 'cpu_ms')}
    for _ in range(RESUMES):
        a.end()
        relay.open = False
        a.start()
        time.sleep(1.0)
        relay.reset()
        requests = b.requests()
        idle = a.threads_cpu_ms() + b.threads_cpu_ms()
        time.sleep(2.0) # two ticks of the schedulers
        idle = a.threads_cpu_ms() + b.threads_cpu_ms() - idle
        cpu, begun = a.threads_cpu_ms() + b.threads_cpu_ms(), time.monotonic()
        relay.open = True
        f.wait(lambda: relay.connections > 0)
        quiet(relay)
        cpu = a.threads_cpu_ms() + b.threads_cpu_ms() - cpu
        cpu -= idle * (time.monotonic() - begun) / 2.0
        figures['cpu_ms'].append(cpu)
        figures['bytes'].append(sum(relay.bytes))
        figures['turns'].append(relay.turns)
        figures['round_trips'].append(b.requests() - requests - 1)
    f.say('E4.size', b.searchable(), 'records')
    f.say('E4.round_trips', statistics.median(figures['round_trips']), 'requests')
    f.say('E4.line_turns', statistics.median(figures['turns']), 'turns')
    f.say('E4.bytes', statistics.median(figures['bytes']), 'B')
    f.say('E4.cpu_ms', statistics.median(figures['cpu_ms']), 'ms')


def main():
    relays = []

    def addresses(a, b):
        relays.extend([f.Relay(a.port), f.Relay(b.port)])
        return ['127.0.0.1:%d' % a.port, '127.0.0.1:%d' % relays[1].port]

    with f.Bench('exchange') as bench:
        a, b = bench.pair(addresses)
        f.say('E2.fsync_ms', f.fsync_ms(bench.where), 'ms')
        if wanted('E1', 'E4', 'H4'):
            batch(a, b)
        if wanted('E2'):
            one_by_one(a, b)
        if wanted('E4'):
            resume(a, b, relays[1])
        if wanted('E1'):
            sustained(a, b, bench.where)
        f.say('E2.fsync_ms_after', f.fsync_ms(bench.where), 'ms')


main()
