#!/usr/bin/python3
"""Each tool refuses a small tree that breaks one of its rules, and accepts a clean one."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get('COMITY_SOURCE', pathlib.Path(__file__).parents[2]))
TABLES = ('layers.txt', 'purity.txt', 'tidy.txt')
CLEAN = '#include <stdint.h>\n\n#include "core/err.h"\n\nint one(int a)\n{\n    return a;\n}\n'


class Tree(unittest.TestCase):
    """A temporary tree with the real tables."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        for table in TABLES:
            self.write('tools/' + table, (SOURCE / 'tools' / table).read_text(encoding='utf-8'))
        self.write('src/core/one.c', CLEAN)
        self.write('src/meson.build', '')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')

    def run_tool(self, tool, *args):
        run = subprocess.run([SOURCE / 'tools' / tool, *args], capture_output=True, text=True,
                             check=False)
        return run.returncode, run.stdout + run.stderr

    def refused(self, tool, what, *args):
        code, said = self.run_tool(tool, *(args or [self.root]))
        self.assertEqual(code, 1, said)
        self.assertIn(what, said)

    def accepted(self, tool, *args):
        code, said = self.run_tool(tool, *(args or [self.root]))
        self.assertEqual(code, 0, said)


class Layers(Tree):
    def test_a_clean_tree_passes(self):
        self.accepted('layers')

    def test_core_does_not_know_the_model(self):
        self.write('src/core/two.c', '#include "model/record.h"\n')
        self.refused('layers', 'core/ may not include "model/record.h"')

    def test_the_inner_ring_has_no_stdio(self):
        self.write('src/model/two.c', '#include <stdio.h>\n')
        self.refused('layers', '<stdio.h> is not for model/')

    def test_a_unit_test_may_print(self):
        self.write('src/model/two_test.c', '#include <stdio.h>\n#include "test_files.h"\n')
        self.accepted('layers')

    def test_includes_are_written_from_src(self):
        self.write('src/core/two.c', '#include "err.h"\n')
        self.refused('layers', 'is not written from src/')

    def test_only_the_named_files_start_the_daemon(self):
        self.write('src/cli/serve.c', '#include "node/node.h"\n')
        self.accepted('layers')
        self.write('src/cli/record.c', '#include "node/node.h"\n')
        self.refused('layers', 'src/cli/record.c:1')

    def test_a_new_folder_must_be_in_the_table(self):
        self.write('src/extra/two.c', CLEAN)
        self.refused('layers', 'src/extra: not in')

    def test_the_build_links_what_the_table_says(self):
        self.write('src/meson.build', "folders = {\n  'core': [['model'], []],\n}\n")
        self.refused('layers', 'core links model')


class Purity(Tree):
    def library(self, folder, text):
        self.write('src/one.c', text)
        where = self.root / 'build' / 'src'
        where.mkdir(parents=True, exist_ok=True)
        subprocess.run(['cc', '-c', '-fno-builtin', '-o', where / 'one.o', self.root / 'src/one.c'],
                       check=True)
        subprocess.run(['ar', 'rc', where / f'libcomity-{folder}.a', where / 'one.o'], check=True)

    def args(self):
        return self.root / 'build', self.root

    def test_memcpy_is_allowed(self):
        self.library('core', 'void *memcpy(void *, const void *, unsigned long);\n'
                     'void one(void *a, void *b) { memcpy(a, b, 1); }\n')
        self.accepted('purity', *self.args())

    def test_the_inner_ring_does_not_allocate(self):
        self.library('core', 'void *malloc(unsigned long);\n'
                     'void *one(void) { return malloc(1); }\n')
        self.refused('purity', 'core: the inner ring may not call malloc', *self.args())

    def test_the_middle_ring_has_no_clock(self):
        self.library('store', 'long time(long *);\nlong one(void) { return time(0); }\n')
        self.refused('purity', 'store: the middle ring may not call time', *self.args())

    def test_nothing_built_is_not_a_pass(self):
        self.refused('purity', 'build first', *self.args())


class Tidy(Tree):
    def bad(self, text, what, name='src/core/two.c'):
        self.write(name, text)
        self.refused('tidy', what)

    def test_a_clean_tree_passes(self):
        self.accepted('tidy')

    def test_a_long_file(self):
        self.bad('int a;\n' * 601, '601 lines of 600')

    def test_a_long_header(self):
        self.bad('int a;\n' * 301, '301 lines of 300', 'src/core/two.h')

    def test_a_long_function(self):
        body = '    a++;\n' * 58
        self.bad('int one(int a)\n{\n' + body + '}\n', 'one has 61 lines of 60')
        self.write('src/core/two.c', 'int one(int a)\n{\n' + '    a++;\n' * 57 + '}\n')
        self.accepted('tidy')

    def test_seven_parameters(self):
        self.bad('int one(int a, int b, int c,\n        int d, int e, int f, int (*g)(int, int))\n'
                 '{\n}\n', 'one has 7 parameters')

    def test_a_long_line(self):
        self.bad('/* ' + 'a' * 99 + '*/\n', '104 columns of 100')

    def test_banned_calls_but_not_their_names(self):
        self.write('src/core/two.c',
                   '/* strcpy(a, b) */\nchar *a = "strcpy(a)";\nint strcpy_not();\n')
        self.accepted('tidy')
        self.bad('void one(void)\n{\n    strcpy(a, b);\n}\n', 'strcpy() is banned')

    def test_signal_is_for_ignoring(self):
        self.write('src/core/two.c', 'void one(void)\n{\n    signal(SIGPIPE, SIG_IGN);\n}\n')
        self.accepted('tidy')
        self.bad('void one(void)\n{\n    signal(SIGTERM, stop);\n}\n', 'signal() is banned')

    def test_tests_do_not_sleep(self):
        self.write('src/core/two.c', 'void one(void)\n{\n    usleep(1);\n}\n')
        self.accepted('tidy')
        self.bad('void one(void)\n{\n    usleep(1);\n}\n', 'usleep() is banned',
                 'src/core/two_test.c')

    def test_control_flow_in_a_macro(self):
        self.bad('#define TRY(e) \\\n    if (e) \\\n        return e\n', 'a macro holds return')

    def test_words_of_what_is_not_done(self):
        self.bad('/* TO' 'DO: later */\n', 'the word TO' 'DO')

    def test_folders_that_say_nothing(self):
        self.bad(CLEAN, 'says nothing: util', 'src/util/one.c')


class Specifications(Tree):
    ROUTES = '#define ADMIN ROLE_BIT(ROLE_ADMINISTRATOR)\n{ API_POST, "one", ADMIN, route_one },\n'
    SPEC = """
        paths:
          /v1/one: {post: {operationId: one, x-roles: [%s], responses: {default: {}}}}
          %s
        """

    def run_openapi(self, roles, more):
        self.write('src/api/routes.c', self.ROUTES)
        self.write('spec/openapi.yaml', self.SPEC % (roles, more))
        return self.run_tool('openapi', self.root)[1]

    def test_a_route_that_is_not_specified(self):
        self.write('src/api/routes.c', self.ROUTES.replace('one', 'two'))
        self.write('spec/openapi.yaml', self.SPEC % ('administrator', ''))
        code, said = self.run_tool('openapi', self.root)
        self.assertEqual(code, 1)
        self.assertIn('post /v1/two: in the code, not in the specification', said)
        self.assertIn('post /v1/one: in the specification, not in the code', said)

    def test_roles_must_agree(self):
        self.assertNotIn('roles', self.run_openapi('administrator', ''))
        self.assertIn('roles in the code: administrator', self.run_openapi('officer', ''))

    def test_parameters_of_the_path_are_described(self):
        said = self.run_openapi('administrator',
                                '/v1/{two}: {get: {operationId: two, responses: {default: {}}}}')
        self.assertIn('get /v1/{two}: its path parameters are []', said)

    def test_references_lead_somewhere(self):
        self.assertIn('#/components/none leads nowhere',
                      self.run_openapi('administrator', 'x: {$ref: "#/components/none"}'))

    def test_a_requirement_that_nothing_shows(self):
        self.write('spec/requirements.txt', 'R-1 [I1] It holds.\n')
        self.refused('requirements', 'R-1: nothing shows it')
        self.write('src/core/one_test.c', '/* R-1 */\n')
        self.accepted('requirements')

    def test_a_requirement_whose_test_is_gone(self):
        self.write('spec/requirements.txt', 'R-1 It holds.\n  by src/core/one_test.c:it_holds\n')
        self.write('src/core/one_test.c', 'static void it_holds(void **state);\n')
        self.refused('requirements', 'runs no test it_holds')
        self.write('src/core/one_test.c', 'static void it_holds(void **state);\n'
                   'cmocka_unit_test(it_holds),\n')
        self.accepted('requirements')


class Catalogue(Tree):
    """The editions of the catalogue: each mistake is said with file, line, rule and remedy."""
    GOOD = """edition tiny
  status model
  en A tiny edition
  fr Une petite édition
  check-order specific inquiry discreet
period deletion-warning 4 months
  en Warning
  fr Avertissement
table persons
  for person
  lower queue
  higher consult
class arrest
  alerts wanted.arrest
  with arrest
class check
  alerts check:discreet check
  with check
list prints
  attributes fingerprint palm
category wanted.arrest
  for person
  action arrest
  require surname
  closed prints
  review 60 months
  flag report-whereabouts
"""

    def setUp(self):
        super().setUp()
        for name in ('catalogue/codes/category.txt', 'catalogue/codes/action.txt',
                     'catalogue/codes/check.txt', 'catalogue/codes/decision.txt',
                     'catalogue/schema/attributes.txt', 'src/catalogue/field.def',
                     'catalogue/identity.txt'):
            self.write(name, (SOURCE / name).read_text(encoding='utf-8'))

    def said(self, text):
        self.write('catalogue/editions/tiny.txt', text)
        return self.run_tool('gen_catalogue.py', '--check', self.root)

    def test_a_good_edition_passes(self):
        self.assertEqual(self.said(self.GOOD), (0, ''))

    def test_every_mistake_has_file_line_rule_and_remedy(self):
        for old, new, line, rule in (
                ('edition tiny', 'edition other', 1, 'wrong-name'),
                ('status model', 'status maybe', 2, 'bad-status'),
                ('  fr Une petite édition\n', '', 1, 'missing'),
                ('period deletion-warning 4 months', 'period deletion-warning soon', 6,
                 'bad-period'),
                ('period deletion', 'period other', 1, 'missing'),
                ('higher consult', 'higher perhaps', 12, 'unknown-outcome'),
                ('alerts wanted.arrest', 'alerts wanted.nobody', 14, 'unknown-category'),
                ('with arrest', 'with arrest check', 15, 'not-mutual'),
                ('alerts check:discreet check', 'alerts wanted.arrest', 17, 'in-two-classes'),
                ('attributes fingerprint palm', 'attributes toes', 20, 'unknown-attribute'),
                ('category wanted.arrest', 'category wanted.wanted', 21, 'unknown-category'),
                ('for person\n  action', 'for people\n  action', 22, 'unknown-kind'),
                ('action arrest', 'action shoot', 23, 'unknown-action'),
                ('action arrest', 'action check', 21, 'missing'),
                ('require surname', 'require soul', 24, 'unknown-field'),
                ('closed prints', 'closed doors', 25, 'unknown-list'),
                ('review 60 months', 'review 60', 26, 'bad-period'),
                ('flag report-whereabouts', 'flag red', 27, 'unknown-flag'),
                ('  flag', '  colour', 27, 'unknown-property'),
                ('list prints', 'lists prints', 19, 'unknown-block')):
            code, text = self.said(self.GOOD.replace(old, new, 1))
            self.assertEqual(code, 1, old)
            self.assertRegex(text, rf'editions/tiny.txt:{line}: {rule}: [^;]+; .+', old)

    def test_a_category_stands_once_for_a_kind(self):
        again = self.GOOD + 'category wanted.arrest\n  for person\n  require sex\n'
        self.assertIn('28: twice', self.said(again)[1])

    def test_what_is_marked_unverified_is_there(self):
        self.assertIn('28: unverified-nothing', self.said(self.GOOD + '  unverified basis\n')[1])

    def test_a_key_is_made_of_known_components(self):
        self.write('catalogue/identity.txt', 'same person name shoe-size\n')
        self.assertIn('identity.txt:1: unknown-component', self.said(self.GOOD)[1])


class Deps(unittest.TestCase):
    def test_nothing_is_said_when_all_is_there(self):
        run = subprocess.run([SOURCE / 'tools' / 'deps', 'nothing-is-in-this-group'],
                             capture_output=True, text=True, check=True)
        self.assertEqual(run.stdout + run.stderr, '')


if __name__ == '__main__':
    sys.exit(unittest.main())
