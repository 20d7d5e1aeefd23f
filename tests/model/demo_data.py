#!/usr/bin/python3
"""usage: demo_data.py RECORD_CHECK

The invented records of demo/data are what tools/make-demo-records makes, every one is marked as
invented and accepted by the node without a warning, and every photo is the one that its record
names.
"""
import filecmp
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = ROOT / 'demo/data'


def check_country(path, check):
    text = path.read_text(encoding='utf-8')
    run = subprocess.run([check], input=text, capture_output=True, text=True, check=False)
    verdicts = run.stdout.splitlines()
    records = [json.loads(line) for line in text.splitlines()]
    assert len(verdicts) == len(records) >= 50, path
    for record, verdict in zip(records, verdicts):
        assert verdict == 'ok 0', (path.name, record['id'], verdict)
        assert record['demo:invented'] is True, record['id']
        for file in record.get('attachments', []):
            image = (DATA / 'photos' / f'{file["sha256"]}.png').read_bytes()
            assert len(image) == file['size'], record['id']
            assert hashlib.sha256(image).hexdigest() == file['sha256'], record['id']
    return len(records)


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([ROOT / 'tools/make-demo-records', folder], check=True,
                       stdout=subprocess.DEVNULL)
        names = sorted(str(path.relative_to(folder)) for path in pathlib.Path(folder).rglob('*.*'))
        here = sorted(str(path.relative_to(DATA)) for path in DATA.glob('photos/*.png')) + \
            sorted(path.name for path in DATA.glob('???.ndjson'))
        assert names == sorted(here), 'demo/data has other files than its generator makes'
        _, differ, missing = filecmp.cmpfiles(folder, DATA, names, shallow=False)
        assert not differ and not missing, (differ, missing)
    counts = {path.stem: check_country(path, sys.argv[1])
              for path in sorted(DATA.glob('???.ndjson'))}
    assert set(counts) == {'nga', 'ner', 'tcd', 'cmr', 'ben'}
    print(f'{sum(counts.values())} invented records: {counts}')


main()
