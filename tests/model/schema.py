#!/usr/bin/python3
"""usage: schema.py RECORD_CHECK [ROUNDS]

spec/schema/record.schema.json is what catalogue/schema makes; the examples keep to it; and it never
refuses what the node accepts: random changes of the examples are judged by both.
"""
import copy
import json
import pathlib
import random
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print('skipped: python3-jsonschema is not installed')
    sys.exit(0)

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 120
# Rules that the schema states as well; the node's other rules are stricter.
SHARED = {'record.missing', 'record.wrong-type', 'record.out-of-range', 'record.too-many',
          'record.not-a-unit', 'record.not-a-local-id', 'record.not-a-hash',
          'record.not-a-script', 'record.not-a-language', 'record.not-a-member',
          'record.not-a-decimal', 'record.no-audience', 'record.critical'}
VALUES = [None, True, 0, -1, 7, 3.5, '', 'x', 'NGA', '2026-02-30', '2026-02-28', [], {}, ['a'],
          [{}], {'only': ['NER']}, {'only': []}, 'x' * 5000, '0' * 64]


def check_generated():
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / 'schema.json'
        subprocess.run([ROOT / 'tools/gen_schema.py', 'json', ROOT / 'catalogue/schema/record.txt',
                        ROOT / 'catalogue/schema/attributes.txt', out], check=True)
        if out.read_bytes() != (ROOT / 'spec/schema/record.schema.json').read_bytes():
            sys.exit('spec/schema/record.schema.json is stale: run tools/gen_schema.py json')


def places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) \
        if isinstance(value, list) else ()
    for key, below in items:
        yield from places(below, path + (key,))


def change(record, chance):
    record = copy.deepcopy(record)
    path = chance.choice([p for p in places(record) if p])
    holder = record
    for key in path[:-1]:
        holder = holder[key]
    how = chance.randrange(3)
    if how == 0:
        del holder[path[-1]]
    elif how == 1 or not isinstance(holder, dict):
        holder[path[-1]] = chance.choice(VALUES)
    else:
        holder[chance.choice(['!new', 'ner:own', 'new'])] = 1
    return record


def verdicts(check, records):
    text = '\n'.join(json.dumps(record, ensure_ascii=False) for record in records) + '\n'
    run = subprocess.run([check], input=text, capture_output=True, text=True, check=False)
    return [line.split() for line in run.stdout.splitlines()]


def main():
    check_generated()
    schema = json.loads((ROOT / 'spec/schema/record.schema.json').read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    examples = [json.loads(path.read_text()) for path in
                sorted((ROOT / 'spec/examples').glob('*.json'))]
    chance = random.Random(20261122)
    records = examples + [change(chance.choice(examples), chance) for _ in range(ROUNDS)]
    faults, both, refused = 0, 0, 0
    answers = verdicts(sys.argv[1], records)
    if len(answers) != len(records):
        sys.exit(f'{len(answers)} verdicts for {len(records)} records')
    for number, (record, answer) in enumerate(zip(records, answers)):
        good = validator.is_valid(record)
        accepted = answer[0] == 'ok'
        both += good and accepted
        refused += not accepted
        wrong = (accepted and not good) or \
            (not accepted and answer[1] in SHARED and good) or \
            (number < len(examples) and not (good and accepted))
        if wrong:
            faults += 1
            print(f'{number}: node {answer}, schema {good}', file=sys.stderr)
            for error in list(validator.iter_errors(record))[:2]:
                print('   ', list(error.path), error.message[:100], file=sys.stderr)
    print(f'{len(records)} records: {both} accepted by both, {refused} refused by the node, '
          f'{faults} contradictions')
    if both < ROUNDS // 20 or refused < ROUNDS // 20:
        sys.exit('the changes do not test both verdicts')
    return 1 if faults else 0


sys.exit(main())
