#!/usr/bin/python3
"""Make the tables of a record's shape from catalogue/schema.

usage: gen_schema.py shapes|attributes|json RECORD.txt ATTRIBUTES.txt OUTPUT

`shapes` gives the table that model/schema.c walks, `attributes` that of model/attribute.c, `json`
the JSON Schema (2020-12) that strangers use.
"""
import json
import pathlib
import re
import sys

TYPES = ['text', 'integer', 'decimal', 'bool', 'date', 'instant', 'member', 'slug', 'local',
         'record-id', 'sha256', 'script', 'language', 'code', 'coded', 'shape', 'value',
         'attribute', 'any']
WITH_PARAMETER = {'text', 'integer', 'code', 'coded', 'shape'}
VALUE_TYPES = {'name': 'NAME', 'when': 'WHEN', 'where': 'WHERE', 'text': 'TEXT',
               'identifier': 'IDENTIFIER', 'document': 'DOCUMENT', 'measure': 'MEASURE',
               'money': 'MONEY', 'mark': 'MARK', 'sample': 'SAMPLE', 'blob': 'BLOB',
               'country': 'CODE', 'sex': 'CODE', 'colour': 'CODE', 'status': 'CODE',
               'type': 'CODE', 'person-ref': 'NAME_OF', 'crime': 'EVENT',
               'indicator': 'PATTERN'}
KINDS = ['person', 'document', 'vehicle', 'firearm', 'vessel', 'aircraft', 'container', 'object',
         'account', 'organisation', 'place', 'event', 'indicator', 'sample']


def read_shapes(path):
    shapes, fields = {}, None
    for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith('#'):
            continue
        if words[0] == 'shape':
            fields = shapes.setdefault(words[1], [])
            continue
        field = {'name': words.pop(0), 'type': words.pop(0), 'parameter': '', 'required': False,
                 'many': 0, 'owner': False}
        if field['type'] not in TYPES or fields is None:
            sys.exit(f'{path}:{number}: {line}')
        if field['type'] in WITH_PARAMETER:
            field['parameter'] = words.pop(0)
        while words:
            word = words.pop(0)
            if word == 'many':
                field['many'] = int(words.pop(0))
            elif word in ('required', 'owner'):
                field[word] = True
            else:
                sys.exit(f'{path}:{number}: {word}')
        fields.append(field)
    return shapes


def read_attributes(path):
    rows = []
    for line in path.read_text(encoding='utf-8').splitlines():
        words = line.split()
        if not words or words[0].startswith('#'):
            continue
        name, shape, kinds, groups, identifier = words
        rows.append((name, shape, kinds.split(','), groups.split(','), identifier))
    return rows


def c_text(text):
    return f'{{ "{text}", {len(text)} }}'


def c_field(field, names):
    low, high, list_name, shape = 0, 0, 'CODE_LISTS', -1
    if field['type'] == 'text':
        high = int(field['parameter'])
    elif field['type'] == 'integer':
        low, high = field['parameter'].split('..')
    elif field['type'] in ('code', 'coded') and field['parameter'] != '-':
        list_name = 'CODE_' + field['parameter'].replace('-', '_').upper()
    elif field['type'] == 'shape':
        shape = names.index(field['parameter'])
    kind = 'FIELD_' + field['type'].replace('-', '_').upper()
    flags = ' | '.join([f for f, on in (('FIELD_IS_REQUIRED', field['required']),
                                        ('FIELD_IS_OWNER', field['owner'])) if on]) or '0'
    return (f'    {{ {c_text(field["name"])}, {kind}, {low}, {high}, {list_name}, {shape}, '
            f'{field["many"]}, {flags} }},')


def write_shapes(shapes, _, output):
    names = list(shapes)
    out = ['/* Made by tools/gen_schema.py from catalogue/schema. */']
    for name, fields in shapes.items():
        out.append(f'static const struct field fields_{name.replace("-", "_")}[] = {{')
        out += [c_field(field, names) for field in fields]
        out.append('};')
    out.append('enum {')
    out += [f'    SHAPE_{name.replace("-", "_").upper()},' for name in names]
    out += ['};', 'static const struct shape shapes[] = {']
    for name, fields in shapes.items():
        out.append(f'    {{ "{name}", fields_{name.replace("-", "_")}, {len(fields)} }},')
    out += ['};', '']
    output.write_text('\n'.join(out), encoding='utf-8')


def write_attributes(shapes, attributes, output):
    names = list(shapes)
    out = ['/* Made by tools/gen_schema.py from catalogue/schema. */',
           '/* Sorted by name. */', 'static const struct attribute_row attributes[] = {']
    for name, shape, kinds, groups, identifier in sorted(attributes):
        bits = sum(1 << KINDS.index(kind) for kind in kinds)
        identifier = '' if identifier == '-' else identifier
        out.append(f'    {{ "{name}", VALUE_{VALUE_TYPES[shape]}, {names.index(shape)}, '
                   f'0x{bits:x}u, "{" ".join(groups)}", "{identifier}" }},')
    out += ['};', '']
    output.write_text('\n'.join(out), encoding='utf-8')


def patterns():
    member = r'[A-Z]{3}|x-[a-z0-9]+(-[a-z0-9]+)*'
    return {
        'decimal': {'type': 'string', 'pattern': r'^-?[0-9]{1,18}(\.[0-9]{1,18})?$'},
        'bool': {'type': 'boolean'},
        'date': {'type': 'string', 'pattern': r'^[0-9]{4}-[0-9]{2}-[0-9]{2}$'},
        'instant': {'type': 'string',
                    'pattern': r'^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z$'},
        'member': {'type': 'string', 'pattern': f'^({member})$', 'maxLength': 32},
        'slug': {'type': 'string', 'pattern': r'^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$',
                 'maxLength': 64},
        'local': {'type': 'string', 'pattern': r'^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$',
                  'maxLength': 32},
        'record-id': {'type': 'string',
                      'pattern': f'^({member})-[0-7][0-9A-HJKMNP-TV-Z]{{25}}$'},
        'sha256': {'type': 'string', 'pattern': '^[0-9a-f]{64}$'},
        'script': {'type': 'string', 'pattern': '^[A-Z][a-z]{3}$'},
        'language': {'type': 'string', 'pattern': '^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$',
                     'maxLength': 35},
        'attribute': {'type': 'string', 'pattern': '^[a-z0-9:-]+$', 'maxLength': 64},
        'value': {'type': 'object'},
        'any': True,
    }


def json_field(field):
    kind = field['type']
    if kind == 'text':
        one = {'type': 'string', 'minLength': 1, 'maxLength': int(field['parameter'])}
    elif kind == 'integer':
        low, high = field['parameter'].split('..')
        one = {'type': 'integer', 'minimum': int(low), 'maximum': int(high)}
    elif kind == 'code':
        one = {'type': 'string', 'minLength': 1, 'maxLength': 64,
               '$comment': f'code of catalogue/codes/{field["parameter"]}.txt'}
    elif kind == 'coded':
        one = {'$ref': '#/$defs/coded'}
    elif kind == 'shape':
        one = {'$ref': '#/$defs/' + field['parameter']}
    else:
        one = {'$ref': '#/$defs/is-' + kind} if kind not in ('any',) else True
    if field['many']:
        return {'type': 'array', 'items': one, 'maxItems': field['many']}
    return one


def write_json(shapes, attributes, output):
    defs = {'is-' + name: rule for name, rule in patterns().items()}
    text = {'type': 'string', 'minLength': 1, 'maxLength': 64}
    defs['coded'] = {'type': 'object', 'required': ['list', 'version', 'code'],
                     'properties': {'list': text, 'version': text, 'code': text}}
    for name, fields in shapes.items():
        shape = {'type': 'object',
                 'properties': {field['name']: json_field(field) for field in fields},
                 'propertyNames': {'not': {'pattern': '^!'}}}
        required = [field['name'] for field in fields if field['required']]
        if required:
            shape['required'] = required
        defs[name] = shape
    defs['statement']['properties']['basis'] = {'enum': ['fact', 'assessment']}
    defs['recipients']['oneOf'] = [
        {'required': ['only'], 'properties': {'only': {'minItems': 1}}},
        {'required': ['never']}]
    defs['statement']['allOf'] = [
        {'if': {'properties': {'attribute': {'const': name}}, 'required': ['attribute']},
         'then': {'properties': {'value': {'$ref': '#/$defs/' + shape}}}}
        for name, shape, _, _, _ in attributes]
    schema = {'$schema': 'https://json-schema.org/draft/2020-12/schema',
              '$id': 'urn:comity:schema:record:1', 'title': 'Record',
              '$comment': 'Made by tools/gen_schema.py from catalogue/schema; do not edit.',
              '$ref': '#/$defs/record', '$defs': defs}
    output.write_text(json.dumps(schema, indent=1, sort_keys=False) + '\n', encoding='utf-8')


def main():
    how = sys.argv[1]
    record, attribute_file, output = map(pathlib.Path, sys.argv[2:5])
    shapes, attributes = read_shapes(record), read_attributes(attribute_file)
    for name, shape, kinds, groups, identifier in attributes:
        if not re.fullmatch('[a-z0-9-]+', name) or shape not in shapes:
            sys.exit(f'{attribute_file}: {name}')
    write = {'shapes': write_shapes, 'attributes': write_attributes, 'json': write_json}
    write[how](shapes, attributes, output)


main()
