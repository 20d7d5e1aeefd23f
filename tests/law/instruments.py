#!/usr/bin/python3
"""The pages of docs/instruments: every reference stands for something that exists, and how many
articles are encoded and accounted for (goal A5).

    tests/law/instruments.py            faults; 1 when there are any or a goal is missed
    tests/law/instruments.py --figures  the figures alone, as bench/run wants them
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
AGREEMENTS = ROOT / 'catalogue' / 'agreements'
ENCODED = ('clause', 'header', 'national', 'act', 'catalogue', 'edition')
BLOCKS = ('category', 'class', 'list', 'period')
PERIODS_APPLIED = ('deletion-warning', 'majority-warning')  # the others are only shown
INSTRUMENTS_WANTED, ENCODED_WANTED = 10, 80.0


def clauses(name):
    """{id: its first line}: a clause begins behind two spaces (library_test proves it)."""
    found, article, number, effect = {}, None, 0, 0
    for line in (AGREEMENTS / (name + '.en')).read_text(encoding='utf-8').splitlines():
        if match := re.match(r'article (\d+)\b', line):
            article, number = match[1], 0
        elif line.startswith('national rules of'):
            article = 'n'
        elif line.startswith(('reservation of', 'annex')):
            article = None
        elif article == 'n' and line.startswith('effect of'):
            effect += 1
            found['e.%d' % effect] = line
        elif article and (re.match(r'  [a-z]', line) or line.startswith('halt ')):
            number += 1
            found['%s.%d' % (article, number)] = line.strip()
    return found


def name_of(file):
    """The name that the agreement of a file gives itself."""
    text = (AGREEMENTS / (file + '.en')).read_text(encoding='utf-8')
    return re.search(r'^agreement (\S+)', text, re.M)[1]


def headers(name):
    text = (AGREEMENTS / (name + '.en')).read_text(encoding='utf-8')
    return {line.split()[0] for line in text.splitlines() if line and not line[0].isspace()}


def codes(name):
    path = ROOT / 'catalogue' / 'codes' / (name + '.txt')
    if not path.exists():
        return set()
    return {line.split('\t')[0] for line in path.read_text(encoding='utf-8').splitlines()}


def edition_fault(edition, block, name):
    path = ROOT / 'catalogue' / 'editions' / (edition + '.txt')
    if block not in BLOCKS or (block == 'period' and name not in PERIODS_APPLIED):
        return 'no block that the node applies'
    lines = path.read_text(encoding='utf-8').splitlines() if path.exists() else []
    there = any(line.split()[:1] == [block] and name in line.split()[1:] for line in lines)
    return None if there else 'no such block'


def fault_of(reference):
    """What is wrong with it, or None."""
    words = reference.split()
    if words and words[0].rstrip(':') == 'outside':
        return None if len(words) > 3 else 'outside needs a reason'
    if len(words) == 2 and words[0] == 'node':
        return None if (ROOT / words[1]).is_file() else 'no such file'
    if len(words) == 2 and words[0] == 'act':
        spec = (ROOT / 'spec' / 'agreement.md').read_text(encoding='utf-8')
        return None if '`%s`' % words[1] in spec else 'no such act'
    if len(words) == 4 and words[0] == 'edition':
        return edition_fault(*words[1:])
    if len(words) != 3:
        return 'no such reference'
    kind, name, place = words
    if kind == 'catalogue':
        return None if place in codes(name) else 'no such code'
    if kind not in ('clause', 'duty', 'header', 'national'):
        return 'no such kind'
    if not (AGREEMENTS / (name + '.en')).exists():
        return 'no such agreement'
    if kind == 'header':
        return None if place in headers(name) else 'no such header'
    line = clauses(name).get(place)
    if line is None or (kind == 'national') != (place[0] in 'ne'):
        return 'no such clause'
    if line.startswith('duty of') != (kind == 'duty'):
        return 'a duty is a duty, a clause is not'
    return None


def rows(path):
    """(line number, cells) of the table's rows."""
    lines = path.read_text(encoding='utf-8').splitlines()
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        if line.startswith('|') and cells[0] != 'article' and not set(line) <= set('|- '):
            yield number, cells


def read(path):
    """(articles, encoded, duties, nodes, outside) and the faults of one page."""
    counts, faults = [0, 0, 0, 0, 0], []
    for number, cells in rows(path):
        where = '%s:%d' % (path.relative_to(ROOT), number)
        if len(cells) != 3 or not all(cells):
            faults.append(where + ': a row has three cells')
            continue
        references = [one.strip() for one in cells[2].split(';')]
        faults += ['%s: %s: %s' % (where, fault_of(one), one) for one in references
                   if fault_of(one)]
        kinds = {one.split()[0].rstrip(':') for one in references}
        counts[0] += 1
        if kinds & set(ENCODED):
            counts[1] += 1
        elif 'duty' in kinds:
            counts[2] += 1
        elif 'node' in kinds:
            counts[3] += 1
        elif 'outside' in kinds:
            counts[4] += 1
    return counts, faults


def main():
    pages = sorted(p for p in (ROOT / 'docs' / 'instruments').glob('*.md') if p.stem != 'README')
    results = [read(page) for page in pages]
    faults = [fault for _, some in results for fault in some]
    total, encoded, duties, nodes, outside = map(sum, zip(*(counts for counts, _ in results)))
    accounted = 100.0 * (encoded + duties + nodes + outside - len(faults)) / total
    print('A5.instruments %d 1' % len(pages))
    print('A5.articles %d 1' % total)
    print('A5.accounted_pct %.1f %%' % accounted)
    print('A5.encoded_pct %.1f %%' % (100.0 * encoded / total))
    print('A5.duty_pct %.1f %%' % (100.0 * duties / total))
    print('A5.node_pct %.1f %%' % (100.0 * nodes / total))
    print('A5.outside_pct %.1f %%' % (100.0 * outside / total))
    if '--figures' in sys.argv:
        return 1 if faults else 0
    for page, (counts, _) in zip(pages, results):
        print('%-24s %3d articles, %3d encoded, %2d duties, %2d node, %2d outside'
              % (page.stem, *counts))
    for fault in faults:
        print(fault, file=sys.stderr)
    short = len(pages) < INSTRUMENTS_WANTED or 100.0 * encoded / total < ENCODED_WANTED
    return 1 if faults or short else 0


if __name__ == '__main__':
    sys.exit(main())
