#!/usr/bin/python3
"""kill -9 of either side at random moments while records flow; then what is shared is compared with
what is held.

    E3.kills    so many (KILLS=20; SCALE=full: 1,000)
    E3.lost     records acknowledged at the owner that the owner or the partner does not have as put
    E3.doubled  frames, rows or versions beyond one a record

A put that a kill cut off is sent again with the same id, which is what a client does. Ends with 1
when anything is lost or doubled, or when either ledger does not verify."""
import http.client
import json
import os
import random
import signal
import sys
import threading
import time

import federation as f

KILLS = int(os.environ.get('KILLS') or f.size(1, 20, 1000))
RECORDS = int(os.environ.get('RECORDS') or max(f.size(50, 2000, 2000), KILLS * 50))
LINES = 4


def put_all(node, records, done, killing):
    """Puts each until it is acknowledged, one connection a thread; slow enough to last."""
    line = None
    for record in records:
        body = json.dumps({'record': record})
        while True:
            try:
                if line is None:
                    line = f.LocalConnection(node.socket)
                line.request('POST', '/v1/records', body, {'Content-Type': 'application/json'})
                reply = line.getresponse()
                text = reply.read()
                if reply.status < 300:
                    done.append(record['id'])
                    break
                if reply.status != 503:
                    raise f.Refused(text.decode())
            except (OSError, http.client.HTTPException):
                line = None
                time.sleep(0.02)
        if killing.is_set():
            time.sleep(0.05)


def kill_them(a, b, done, total):
    dice = random.Random(time.time_ns())
    for i in range(KILLS):
        while len(done) < total * i / KILLS: # spread over the flow
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.6))
        node = (a, b)[dice.randrange(2)]
        node.end(signal.SIGKILL)
        time.sleep(dice.uniform(0, 0.2))
        node.start()


def shown(record):
    """What the clause lets pass of it: not where a statement comes from."""
    return [(one['id'], one['attribute'], one['value']) for one in record['statements']]


def compare(a, b, records, done, first):
    """(lost, doubled)"""
    card = a.partner('NER')
    lost = doubled = 0
    doubled += max(0, card['numbered'] - first - len(records))
    doubled += max(0, a.searchable() - len(records)) + max(0, b.searchable() - len(records))
    for record in records:
        if record['id'] not in done:
            lost += 1
            continue
        try:
            own = a.get('/v1/records/%s?%s' % (record['id'], f.LOOK))
            held = b.get('/v1/records/%s?%s' % (record['id'], f.LOOK))
        except f.Refused:
            lost += 1
            continue
        lost += own['content'] != record or shown(held['content']) != shown(record)
        doubled += own['version'] != 1 or held['version'] != 1
    return lost, doubled


def main():
    with f.Bench('kills') as bench:
        a, b = bench.pair()
        first = a.partner('NER')['numbered']
        dice = random.Random(5)
        records = [f.document('NGA', dice, f.number_of(i)) for i in range(RECORDS)]
        done = []
        killing = threading.Event()
        killing.set()
        threads = [threading.Thread(target=put_all, args=(a, records[i::LINES], done, killing))
                   for i in range(LINES)]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        kill_them(a, b, done, RECORDS)
        killing.clear()
        for thread in threads:
            thread.join()
        a.settle('NER', first + RECORDS, 300)
        f.say('E3.seconds', time.monotonic() - begun, 's')
        lost, doubled = compare(a, b, records, set(done), first)
        for node in (a, b):
            found = node.post('/v1/ledger/verify', {})
            sound = all(log['holds'] for log in found['logs'])
            if found['damaged'] or found['findings'] or not sound:
                raise f.Refused('%s does not verify: %s' % (node.code, found))
        f.say('E3.size', RECORDS, 'records')
        f.say('E3.kills', KILLS, '1')
        f.say('E3.lost', lost, '1')
        f.say('E3.doubled', doubled, '1')
        return 1 if lost or doubled else 0


sys.exit(main())
