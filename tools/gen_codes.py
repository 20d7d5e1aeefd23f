#!/usr/bin/python3
"""Make the C tables of the code lists from catalogue/codes/*.txt.

usage: gen_codes.py DIRECTORY OUTPUT.inc

A file holds `list NAME`, `version V`, `columns …` and one row a line: code, parent ("-" for none)
and further columns, separated by tabs. The order of rows is the order of the enum in model/code.h.
"""
import pathlib
import sys


def quote(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"').replace('\t', '\\t') + '"'


def read(path):
    head, rows = {}, []
    for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
        if not line or line.startswith('#'):
            continue
        if len(head) < 3:
            word, _, rest = line.partition(' ')
            head[word] = rest
            continue
        cells = line.split('\t')
        if len(cells) != len(head['columns'].split()):
            sys.exit(f'{path}:{number}: {len(cells)} cells, the head says '
                     f'{len(head["columns"].split())}')
        rows.append(cells)
    codes = [row[0] for row in rows]
    if len(set(codes)) != len(codes):
        sys.exit(f'{path}: a code stands twice')
    if head.get('list') != path.stem:
        sys.exit(f'{path}: list {head.get("list")}')
    return head, rows


def emit(head, rows, out):
    name = head['list'].replace('-', '_')
    place = {row[0]: i for i, row in enumerate(rows)}
    out.append(f'static const struct code_row rows_{name}[] = {{')
    for row in rows:
        parent = -1 if row[1] == '-' else place[row[1]]
        data = '\t'.join('' if cell == '-' else cell for cell in row[2:])
        out.append(f'    {{ {quote(row[0])}, {parent}, {quote(data)} }},')
    out.append('};')
    ordered = sorted(range(len(rows)), key=lambda i: rows[i][0].encode())
    out.append(f'static const int16_t sorted_{name}[] = {{')
    for i in range(0, len(ordered), 16):
        out.append('    ' + ', '.join(map(str, ordered[i:i + 16])) + ',')
    out.append('};')


def main():
    directory, output = map(pathlib.Path, sys.argv[1:3])
    out = ['/* Made by tools/gen_codes.py from catalogue/codes. */']
    index = []
    for path in sorted(directory.glob('*.txt')):
        head, rows = read(path)
        emit(head, rows, out)
        name = head['list'].replace('-', '_')
        index.append(f'    [CODE_{name.upper()}] = {{ {quote(head["version"])}, rows_{name}, '
                     f'sorted_{name}, {len(rows)} }},')
    out += ['static const struct list tables[CODE_LISTS] = {', *index, '};', '']
    output.write_text('\n'.join(out), encoding='utf-8')


main()
