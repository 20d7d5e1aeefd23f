#!/usr/bin/python3
"""An edition of the catalogue at work: shown in two languages, refusing, making an alert wait."""
import json
import unittest

from comity_node import nodes, person, until

FOR = ("--purpose", "criminal-investigation", "--ref", "case=2026-17")
SEX = {"id": "s3", "attribute": "sex", "basis": "fact", "value": {"code": "M"},
       "source": {"unit": "headquarters", "reference": "file 1"}}


def sought(number, category, action, **alert):
    record = person("NGA", number, family="ATTENTETEST", given="Moussa")
    record["statements"].append(SEX)
    record["alerts"][0].update(category=category, action=action, review="2026-12-01", **alert)
    return record


class Catalogue(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = nodes("NGA")
        cls.node = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)

    def under(self, edition):
        self.node.stop()
        conf = self.node.dir / "comity.conf"
        kept = conf.read_text().split("[catalogue]")[0]
        conf.write_text(f"{kept}[catalogue]\nedition = {edition}\n")
        self.node.start()

    def put(self, record, *more):
        return self.node.run("record", "put", "-", *more, stdin=json.dumps(record))

    def test_the_rules_are_shown_in_the_readers_language(self):
        english = self.node.ok("catalogue", "show", "wanted.arrest", "--edition", "sis")
        french = self.node.ok("catalogue", "show", "wanted.arrest", "--edition", "sis",
                              language="fr_NE.UTF-8")
        self.assertIn("copy of the decision", english)
        self.assertIn("goes in at once", english)
        self.assertIn("copie de la décision", french)
        self.assertIn("mandat d’arrêt européen", french)
        listed = self.node.ok("catalogue", "list", "--edition", "sis")
        self.assertIn("wanted.unknown", listed)
        self.assertIn("15 days", listed)
        self.assertIn("(u)", listed)
        self.assertEqual(self.node.json("catalogue", "list")["edition"], "general")

    def test_an_unknown_edition_is_said_with_its_remedy(self):
        done = self.node.run("catalogue", "list", "--edition", "moon")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no edition moon", done.stderr)

    def test_what_is_missing_is_named_and_what_waits_goes_in(self):
        self.under("sis")
        record = sought(41, "missing.child", "protect")
        done = self.put(record)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("case_type", done.stderr)
        self.assertIn("The category needs the type of the case", done.stderr)
        self.under("lake-chad")
        self.assertEqual(self.put(sought(42, "check", "check", check="discreet")).returncode, 0)
        made = self.put(sought(43, "missing.locate", "locate"))
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("has priority over a standing alert", made.stderr)
        waiter = made.stdout.split()[0]
        waiting = self.node.json("record", "waiting")["items"]
        self.assertEqual([one["record"] for one in waiting], [waiter])
        card = self.node.json("record", "show", waiter, *FOR)
        blocker = card["waiting"][0]["behind"][0]["record"]
        self.node.ok("record", "withdraw", blocker)
        until(lambda: not self.node.json("record", "waiting")["items"],
              lambda: "the alert still waits")
        card = self.node.json("record", "show", waiter, *FOR)
        self.assertEqual([one["category"] for one in card["alerts"]], ["missing.locate"])


if __name__ == "__main__":
    unittest.main()
