"""Sets of COMITY_SHARED as the benchmarks read them, of a few invented words each, so that every
program has something to do. No figure is made with them."""
import itertools

SYLLABLES = {
    'latin': ['ma', 'na', 'ra', 'ka', 'sa', 'ta'],
    'russian': ['ма', 'на', 'ра', 'ка', 'са', 'та'],
    'arabic': ['ما', 'نا', 'را', 'كا', 'سا', 'تا'],
    'hebrew': ['מא', 'נא', 'רא', 'קא', 'סא', 'טא'],
    'katakana': ['マ', 'ナ', 'ラ', 'カ', 'サ', 'タ'],
    'korean': ['마', '나', '라', '카', '사', '타'],
    'chinese': ['马', '纳', '拉', '卡', '萨', '塔'],
}
MINED = 'names/netransliteration-coling2018/wd_'
TOKENS = MINED + '%s.normalized.aligned.tokens.tsv'
PERSON = ('full_name,first_name,middle_name,last_name,gender,date_of_birth,place_of_birth,'
          'nationality\n')
LISTED = '''<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09Z"><INDIVIDUALS>%s</INDIVIDUALS>
<ENTITIES></ENTITIES></CONSOLIDATED_LIST>
'''
INDIVIDUAL = '''<INDIVIDUAL><DATAID>%d</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>%s</FIRST_NAME>
<SECOND_NAME>%s</SECOND_NAME><UN_LIST_TYPE>DRC</UN_LIST_TYPE>
<REFERENCE_NUMBER>CDi.%03d</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1971-05-%02d</DATE>
</INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL>
'''


def words(script):
    """The same 252 words in each script, in one order."""
    of = SYLLABLES[script]
    return [''.join(of[i] for i in way) for count in (2, 3)
            for way in itertools.product(range(6), repeat=count)]


def lines(rows, separator='\t'):
    return ''.join(separator.join(row) + '\n' for row in rows)


def names(script, count):
    """Of two words."""
    return [a + ' ' + b for a, b in zip(words(script)[:count], words(script)[100:])]


def decided():
    """Rows of the name bench: equal names match, others do not; each tier, both halves."""
    out = ['group', 'id', 'schema', 'name1', 'name2', 'is_match', 'quality', 'category', 'notes',
           'score', 'predicted', 'outcome'],
    for i, (name, other) in enumerate(zip(names('latin', 24), reversed(names('latin', 48)))):
        same = i % 2 == 0
        tier = ('STRONG', 'MEDIUM', 'WEAK')[i % 3]
        schema = ('Person', 'Vessel', 'Company')[i // 6 % 3]
        out += ['x', '%08x' % (i // 2), schema, name, name if same else other,
                'true' if same else 'false', tier, '', '', '0.5', 'true', 'TP'],
    return lines(out, ',')


def persons(rows):
    return PERSON + ''.join('%s,,,,,1971-05-%02d,,\n' % (name, i + 1)
                            for i, name in enumerate(rows))


def whole_names(script):
    return lines(zip(names('latin', 32), names(script, 32)))


def lists():
    """Persons of the two public lists, in the forms that the importers read."""
    listed = names('latin', 20)
    out = {'lists/un/un_consolidated_2026-02-27.xml': LISTED % ''.join(
        INDIVIDUAL % (i + 1, *name.split(), i + 1, i + 1) for i, name in enumerate(listed[:10]))}
    ofac = 'lists/ofac/2021-07/'
    out[ofac + 'sdn.csv'] = ''.join(
        '%d,"%s, %s","individual","SDGT"%s,"DOB %02d May 1971."\n'
        % (i + 1, *reversed(name.upper().split()), ',-0- ' * 7, i + 1)
        for i, name in enumerate(listed[10:]))
    out[ofac + 'alt.csv'] = '1,1,"aka","MANATA, Rama",-0- \n'
    out[ofac + 'add.csv'] = '1,1,-0- ,"Mata","Sanaka",-0- \n'
    out[ofac + 'sdn_comments.csv'] = '1,"more"\n'
    fixtures = 'names/yente-candidate-fixtures/'
    out[fixtures + 'positives_un_untreated.csv'] = persons(listed[:10])
    out[fixtures + 'positives_un_treated.csv'] = persons([one + 'a' for one in listed[:10]])
    out[fixtures + 'negatives_global.csv'] = persons(names('latin', 60)[40:])
    out[fixtures + 'negatives_us.csv'] = persons(names('latin', 40)[30:])
    return out


def all_sets():
    """{path below COMITY_SHARED: text}"""
    out = lists()
    latin = words('latin')
    for script in ('arabic', 'chinese', 'hebrew', 'katakana', 'korean'):
        out[TOKENS % script] = lines((a, ' '.join(b), '1')
                                     for a, b in zip(latin, words(script)))
    for part in ('20', '80'):
        out[MINED + 'russian_%s.tsv' % part] = lines(zip(latin, words('russian')))
    for script in ('hebrew', 'korean'):
        out[MINED + script + '.tsv'] = whole_names(script)
    out['names/google-ar2en/ar2en-eval.txt'] = lines(zip(words('arabic'), latin))
    out['names/ofac-un-lists/derived_un_person_aliases.tsv'] = lines(
        ('1', a, b, 'original_script') for a, b in zip(names('latin', 16), names('arabic', 16)))
    out['names/sahel/pairs.tsv'] = 'french\tenglish\tlabel\n' + lines(
        [(word, word, 'same') for word in latin[:12]] +
        [(word, other, 'different') for word, other in zip(latin[:12], latin[200:])])
    out['names/opensanctions-name-bench/logicv2-frozen.csv'] = decided()
    return out


def write(folder):
    for name, text in all_sets().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
