#!/usr/bin/python3
"""Every clause of the model agreements that permits, asks or forbids decides a case of
catalogue/cases: what no case tries, nobody has read."""
import re
import sys

import instruments

DECIDING = re.compile(r'(share|ask|never share(?! field)) ')


def decided():
    """{(agreement, clause)} of all rows; agreement as its text names it."""
    found = set()
    for path in sorted((instruments.ROOT / 'catalogue' / 'cases').glob('*.txt')):
        lines = path.read_text(encoding='utf-8').splitlines()
        file = next(line.split()[2] for line in lines if line.startswith('cases of '))
        for line in lines:
            if not line.startswith('|'):
                continue
            words = [cell.strip() for cell in line.strip('|').split('|')][7].split()
            name = words[0] if len(words) == 2 else instruments.name_of(file)
            found.add((name, words[-1].split('/')[0]))
    return found


def main():
    seen, missing = decided(), 0
    for path in sorted(instruments.AGREEMENTS.glob('*.en')):
        if path.stem.startswith('national-'):
            continue
        for clause, line in instruments.clauses(path.stem).items():
            if DECIDING.match(line) and (instruments.name_of(path.stem), clause) not in seen:
                print('%s %s: no case: %s' % (path.stem, clause, line))
                missing += 1
    return 1 if missing else 0


if __name__ == '__main__':
    sys.exit(main())
