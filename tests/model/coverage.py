#!/usr/bin/python3
"""docs/model.md names every field of the sources, and every place that it names exists.

Prints the measure M1.unmapped: fields of catalogue/sources without a row in docs/model.md. When the
collection of real files is at hand (COMITY_SHARED), the field lists are compared with it.
"""
import csv
import json
import os
import pathlib
import re
import sys
import xml.etree.ElementTree as tree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
XSD = '{http://www.w3.org/2001/XMLSchema}'


def lines(path):
    for line in path.read_text(encoding='utf-8').splitlines():
        if line and not line.startswith('#'):
            yield line


def read_shapes():
    shapes, shape = {}, None
    for line in lines(ROOT / 'catalogue/schema/record.txt'):
        words = line.split()
        if words[0] == 'shape':
            shape = shapes.setdefault(words[1], {})
        else:
            shape[words[0]] = words[2] if words[1] == 'shape' else None
    return shapes


def path_exists(shapes, shape, path):
    for name in path.split('.'):
        if shape is None or name not in shapes[shape]:
            return False
        shape = shapes[shape][name]
    return True


def place_exists(shapes, attributes, place):
    if ':' in place:
        attribute, _, path = place.partition(':')
        return attribute in attributes and path_exists(shapes, attributes[attribute], path)
    shape, _, path = place.partition('.')
    return shape in shapes and path != '' and path_exists(shapes, shape, path)


def read_table():
    """{source: {field: (places, remark)}}"""
    table, rows = {}, None
    for line in (ROOT / 'docs/model.md').read_text(encoding='utf-8').splitlines():
        head = re.match(r'## ([a-z-]+): ', line)
        if head:
            rows = table.setdefault(head.group(1), {})
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        if line.startswith('| ') and len(cells) == 3 and cells[0] != 'field':
            if cells[0] in rows:
                sys.exit(f'docs/model.md: {cells[0]} stands twice')
            rows[cells[0]] = (cells[1], cells[2])
    return table


def check_table(table, shapes, attributes):
    faults = []
    for source, rows in table.items():
        for field, (places, remark) in rows.items():
            if places == '—':
                if len(remark) < 6:
                    faults.append(f'{source}: {field}: no reason')
                continue
            for place in re.findall('`([^`]+)`', places) or ['nothing']:
                if not place_exists(shapes, attributes, place):
                    faults.append(f'{source}: {field}: {place} does not exist')
    return faults


def xsd_fields(path):
    """Type.name of every element and attribute, as catalogue/sources writes them."""
    root = tree.parse(path).getroot()
    groups = {group.get('name'): [a.get('name') for a in group.findall(XSD + 'attribute')]
              for group in root.findall(XSD + 'attributeGroup')}
    found = set()

    def walk(node, place):
        for child in node:
            name = child.get('name')
            if child.tag in (XSD + 'element', XSD + 'attribute') and name:
                below = f'{place}.{name}' if place else name
                found.add(below)
                walk(child, below)
            elif child.tag == XSD + 'attributeGroup':
                for one in groups[child.get('ref').split(':')[-1]] if child.get('ref') else []:
                    found.add(f'{place}.{one}')
            elif child.tag == XSD + 'complexType' and name:
                walk(child, name.removesuffix('Type'))
            elif child.tag != XSD + 'simpleType':
                walk(child, place)

    walk(root, '')
    return found


def json_fields(value, place=''):
    found = set()
    if isinstance(value, dict):
        for name, below in value.items():
            found |= {place + name} | json_fields(below, place + name + '.')
    elif isinstance(value, list):
        for below in value:
            found |= json_fields(below, place)
    return found


def real_fields(shared):
    with open(shared / 'int-i/MRT/MRT_INT-I_FieldDefinition.csv', encoding='utf-8-sig') as table:
        inti = {row['FieldRef'] for row in csv.DictReader(table)
                if row['FieldRef'].split('/')[0] == '2'}
    fbi = json.loads((shared / 'lists/fbi/fbi_wanted_api_2023-04.json').read_text())
    return {'int-i': inti, 'fbi': json_fields(fbi['items']),
            'un': xsd_fields(shared / 'lists/un/sc-sanctions.xsd'),
            'ofac': xsd_fields(shared / 'lists/ofac/sdn.xsd'),
            'eu': xsd_fields(shared / 'lists/eu/eu_fsf_schema_1_1.xsd')}


def check_real(sources):
    shared = pathlib.Path(os.environ.get('COMITY_SHARED', '/nonexistent'))
    if not (shared / 'int-i').is_dir():
        print('skipped: the real files are not here; field lists taken as they stand')
        return []
    return [f'{source}: {field} is in the real source, not in catalogue/sources'
            for source, fields in real_fields(shared).items()
            for field in sorted(fields - set(sources[source]))]


def main():
    shapes = read_shapes()
    attributes = {line.split()[0]: line.split()[1]
                  for line in lines(ROOT / 'catalogue/schema/attributes.txt')}
    sources = {path.stem: list(lines(path))
               for path in sorted((ROOT / 'catalogue/sources').glob('*.txt'))}
    table = read_table()
    faults = check_table(table, shapes, attributes) + check_real(sources)
    unmapped = [f'{source}: {field}' for source, fields in sources.items()
                for field in fields if field not in table.get(source, {})]
    stale = [f'{source}: {field} is in no field list' for source, rows in table.items()
             for field in rows if field not in sources.get(source, [])]
    total = sum(map(len, sources.values()))
    reasoned = sum(places == '—' for rows in table.values() for places, _ in rows.values())
    for fault in faults + unmapped + stale:
        print(fault, file=sys.stderr)
    print(f'{total} fields of {len(sources)} sources, {total - reasoned - len(unmapped)} have a '
          f'place, {reasoned} a reason why not')
    print(f'M1.unmapped {len(unmapped)} count')
    return 1 if faults or unmapped or stale else 0


sys.exit(main())
