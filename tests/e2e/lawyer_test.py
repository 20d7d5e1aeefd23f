#!/usr/bin/python3
"""Agreements on a lawyer's desk: written, checked, read, surveyed and compared without a node."""
import json
import pathlib
import tempfile
import unittest

from comity_node import Node

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "catalogue" / "agreements" / "template.en"
CAR = ROOT / "spec" / "examples" / "vehicle.json"
FRENCH = "fr_FR.UTF-8"
OK, FAILED, USAGE, NOT_FOUND, FINDINGS = 0, 1, 2, 3, 6
FEW = ("--questions", "20000")
WIDE = """agreement wide version 1
parties BEN NGA
in force from 2026-01-01 when all parties have signed
article 1
  share record among parties for criminal-investigation by copy
"""


class Lawyer(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="comity-desk-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.desk = Node(folder.name, "BEN")  # only its command line: nothing is ever started

    def agreement(self, code, *words, **more):
        """The finished command, which must end with this code."""
        done = self.desk.run("agreement", *words, **more)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stderr}{done.stdout}")
        return done

    def answer(self, code, *words):
        done = self.desk.run("--json", "agreement", *words)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stderr}{done.stdout}")
        return json.loads(done.stdout)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def changed(self, old, new):
        """The template with one change."""
        text = TEMPLATE.read_text(encoding="utf-8")
        self.assertEqual(text.count(old), 1)
        return self.write("changed.en", text.replace(old, new))

    def test_a_new_text_is_one_tree_in_each_language(self):
        hashes = set()
        for language in ("en", "fr", "ar"):
            made = self.agreement(OK, "new", "--parties", "BEN,NGA", "--name", "ours",
                                  "--language", language).stdout
            path = self.write("ours." + language, made)
            checked = self.answer(OK, "check", path)
            self.assertEqual((checked["ok"], checked["errors"]), (True, []))
            hashes.add(checked["hash"])
        self.assertEqual(len(hashes), 1)
        for language in ("en", "fr", "ar"):
            printed = self.agreement(OK, "print", self.folder / "ours.en", "-l", language).stdout
            path = self.write("printed", printed)
            self.assertEqual({self.agreement(OK, "check", path).stdout.strip()}, hashes)
        self.assertIn("accord ours version 1\n",
                      self.agreement(OK, "print", self.folder / "ours.ar", language=FRENCH).stdout)
        self.assertEqual(self.agreement(OK, "diff", self.folder / "ours.en",
                                        self.folder / "ours.fr").stdout, "")

    def test_what_cannot_be_written_or_printed_is_said(self):
        alone = self.agreement(USAGE, "new", "--parties", "BEN")
        self.assertIn("at least two parties", alone.stderr)
        unknown = self.agreement(USAGE, "print", TEMPLATE, "--language", "de")
        self.assertIn("This language is not known", unknown.stderr)
        self.agreement(NOT_FOUND, "print", self.folder / "nothing.en")

    def test_every_error_has_its_place_rule_and_remedy(self):
        path = self.changed("parties BEN TGO", "parties BEN XXQ")
        line = TEMPLATE.read_text(encoding="utf-8").splitlines().index("parties BEN TGO") + 1
        checked = self.answer(FINDINGS, "check", path)
        self.assertFalse(checked["ok"])
        self.assertNotIn("hash", checked)
        self.assertEqual(checked["errors"][0],
                         {"line": line, "column": 13, "rule": "treaty.party-without-key"})
        self.assertIn("treaty.not-a-party", [one["rule"] for one in checked["errors"]])
        said = self.agreement(FINDINGS, "check", path).stderr
        self.assertIn(f":{line}:13: The annex gives no key for this party. Add a line", said)
        self.assertNotIn("The annex", self.agreement(FINDINGS, "check", path,
                                                     language=FRENCH).stderr)
        for verb in ("analyse", "table", "print"):
            self.agreement(FINDINGS, verb, path)

    def test_a_difference_is_shown_line_by_line(self):
        path = self.changed("silence 60 days", "silence 30 days")
        shown = self.agreement(FINDINGS, "diff", TEMPLATE, path).stdout.splitlines()
        self.assertEqual(shown, ["- silence 60 days", "+ silence 30 days"])
        self.assertEqual(self.answer(FINDINGS, "diff", TEMPLATE, path),
                         {"header": {"removed": ["silence 60 days"], "added": ["silence 30 days"]}})
        self.assertEqual(self.answer(OK, "diff", TEMPLATE, TEMPLATE), {})
        wide = self.write("wide.en", WIDE)
        moved = self.write("moved.en", WIDE.replace("  share", "  never share vehicle\n  share"))
        clauses = self.answer(FINDINGS, "diff", wide, moved)["clauses"]
        self.assertEqual([(one["change"], one.get("old_id"), one["id"]) for one in clauses],
                         [("added", None, "1.1"), ("moved", "1.1", "1.2")])
        self.agreement(NOT_FOUND, "diff", TEMPLATE, self.folder / "nothing.en")

    def test_a_clause_that_never_applies_is_found_and_a_wide_text_has_no_finding(self):
        wide = self.write("wide.en", WIDE)
        found = self.answer(OK, "analyse", wide)
        self.assertEqual((found["decided"], found["findings"]), (True, []))
        self.assertGreater(found["questions"], 0)
        path = self.write("never.en", WIDE + "  share person where category is object.seize "
                                             "among parties for border-check by copy\n")
        findings = self.answer(FINDINGS, "analyse", path)["findings"]
        self.assertIn(("never-applies", "1.2"),
                      [(one["finding"], one["clause"]["clause"]) for one in findings])
        self.assertIn("wide 1, 1.2: no record fits this clause",
                      self.agreement(FINDINGS, "analyse", path).stdout)
        self.assertIn("aucune fiche", self.agreement(FINDINGS, "analyse", path,
                                                     language=FRENCH).stdout)
        bad = self.agreement(FAILED, "analyse", wide, "--on", "2026-13-01")
        self.assertIn("This day does not exist", bad.stderr)

    def test_a_table_names_the_clause_and_obeys_national_rules(self):
        table = self.answer(OK, "table", TEMPLATE, *FEW)
        self.assertEqual(table["parties"], [["BEN", "TGO"]])
        cells = {one["category"]: one for one in table["cells"]}
        self.assertEqual(cells["wanted.arrest"], {"category": "wanted.arrest", "clauses": ["1.1"],
                                                  "from": 0, "to": 0, "mode": "copy",
                                                  "when": "sometimes"})
        self.assertEqual(cells["object.seize"]["clauses"], ["1.3"])
        self.assertNotIn("entry.refusal", cells)
        shown = self.agreement(OK, "table", TEMPLATE, *FEW, language=FRENCH).stdout
        self.assertRegex(shown, r"wanted\.arrest +copie +sous conditions +1\.1\n")
        rules = self.write("rules.en", "national rules of BEN version 1\n"
                                       "never share record where category is object.*\n")
        table = self.answer(OK, "table", TEMPLATE, *FEW, "--national", rules)
        seized = [(table["parties"][one["from"]], table["parties"][one["to"]])
                  for one in table["cells"] if one["category"] == "object.seize"]
        self.assertEqual(seized, [(["TGO"], ["BEN"])])
        self.agreement(FINDINGS, "table", TEMPLATE, "--national", TEMPLATE)

    def test_two_texts_are_compared_with_a_record_that_shows_it(self):
        wide = self.write("wide.en", WIDE)
        self.assertEqual(self.answer(OK, "compare", wide, wide)["differences"], [])
        narrow = self.write("narrow.en", WIDE + "  never share vehicle\n")
        difference = self.answer(FINDINGS, "compare", wide, narrow)["differences"][0]
        self.assertEqual((difference["change"], difference["example"]["kind"]),
                         ("lost", "vehicle"))
        self.assertEqual(difference["before"], {"agreement": "wide", "version": 1, "clause": "1.1"})
        said, says = difference["said_before"], difference["says_after"]
        self.assertEqual((said["outcome"], says["outcome"]), ("share", "deny"))
        self.assertIn("gets less (wide 1, 1.1", self.agreement(FINDINGS, "compare", wide,
                                                              narrow).stdout)
        self.agreement(USAGE, "compare", wide)

    def test_a_record_is_simulated_before_anyone_has_signed(self):
        asked = ("simulate", TEMPLATE, "--record", CAR, "--from", "BEN")
        item = self.answer(OK, *asked)["items"][0]
        decision = item["decision"]
        self.assertEqual((item["to"], decision["outcome"], decision["basis"]["clause"]),
                         ("TGO", "share", "1.3"))
        self.assertEqual([one["result"] for one in item["steps"] if one["clause"] == "1.3"],
                         ["matched"])
        self.assertEqual(item["remedies"], [])
        refused = self.answer(OK, *asked, "--to", "TGO", "--purpose", "immigration")["items"][0]
        self.assertEqual((refused["decision"]["outcome"], refused["decision"]["reason"]),
                         ("deny", "no-clause"))
        self.assertTrue(refused["remedies"])
        french = self.agreement(OK, *asked, language=FRENCH).stdout
        self.assertNotIn("It goes.", french)
        self.assertIn("template-model 1, clause 1.3", french)
        self.agreement(USAGE, *asked, "--mode", "fax")
        self.agreement(USAGE, "simulate", TEMPLATE, "--from", "BEN")
        self.agreement(FAILED, "simulate", TEMPLATE, "--from", "BEN", "--record", TEMPLATE)

    def test_nothing_goes_on_a_day_before_the_text_is_in_force(self):
        asked = ("simulate", TEMPLATE, "--record", CAR, "--from", "BEN", "--on")
        self.assertIn("2026-09-01", TEMPLATE.read_text(encoding="utf-8"))
        outcomes = [self.answer(OK, *asked, day)["items"][0]["decision"]["outcome"]
                    for day in ("2026-08-31", "2026-09-01")]
        self.assertEqual(outcomes, ["deny", "share"])
        cells = [len(self.answer(OK, "table", TEMPLATE, "--on", day, *FEW)["cells"])
                 for day in ("2026-08-31", "2026-09-01")]
        self.assertEqual(cells[0], 0)
        self.assertGreater(cells[1], 0)


if __name__ == "__main__":
    unittest.main()
