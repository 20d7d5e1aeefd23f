#!/usr/bin/python3
"""A case from its number to its end: records, notes and searches that stand for it."""
import json
import unittest

from comity_node import nodes, person, until

DENIED, NONE, CONFLICT = 4, 3, 5


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = nodes("NGA")
        cls.node = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)

    def put(self, number, **more):
        record = json.dumps(person("NGA", number, **more))
        return self.node.json("record", "put", "-", stdin=record)["id"]

    def open(self, title, *words):
        number = self.node.json("case", "open", "--title", title, "--purpose",
                                "criminal-investigation", *words)["case"]
        self.assertRegex(number, r"^NGA-20\d\d-\d{5}$")
        return number

    def test_from_the_number_to_the_end(self):
        number = self.open("the lorry at Seme", "--area", "drugs", "--days", "30")
        record = self.put(1, family="Adeyemi", given="Olumide")
        self.node.ok("case", "link", number, "--record", record, "--text", "the driver")
        self.node.ok("case", "note", number, "--kind", "assessment", "--grading", "B2",
                     "--text", "the load was known to the driver")
        watch = self.node.json("search", "Folasade Adeyemi", "--birth", "1985-03-02", "--purpose",
                               "criminal-investigation", "--ref", "case=" + number,
                               "--watch")["watch"]
        later = self.put(2, family="Adeyemi", given="Folasade")
        until(lambda: self.node.json("watch", "show", watch)["found"], "the later one is found")

        shown = self.node.json("case", "show", number)
        self.assertEqual(shown["records"][0]["card"]["record"], record)
        self.assertEqual([one["watch"] for one in shown["watches"]], [watch])
        self.assertEqual([one["what"] for one in shown["history"]],
                         ["case.open", "case.link", "case.note"])
        self.assertEqual(shown["history"][2]["grading"], "B2")
        self.assertIn("the lorry at Seme", self.node.ok("case", "show", number))
        audit = self.node.json("audit", "record", record)["items"]
        self.assertIn("case.link", [line["kind"] for line in audit])
        self.assertEqual(audit[-1]["kind"], "look")  # case show, for the purpose of the case
        self.assertEqual(audit[-1]["purpose"], "criminal-investigation")

        close = ("case", "close", number, "--outcome", "arrested", "--reason", "charged")
        refused = self.node.run(*close)
        self.assertEqual(refused.returncode, CONFLICT)
        self.assertIn("watch judge", refused.stderr)
        self.node.ok("watch", "judge", watch, "--record", later, "--verdict", "same")
        self.node.ok("case", "review", number, "--days", "60", "--reason", "trial in May")
        self.node.ok(*close)
        self.assertEqual(self.node.run("watch", "show", watch).returncode, NONE)
        listed = self.node.json("case", "list", "--state", "closed")["items"]
        self.assertIn((number, "arrested"), [(one["case"], one["outcome"]) for one in listed])
        self.assertEqual(self.node.run("case", "note", number, "--kind", "fact", "--text",
                                       "late").returncode, CONFLICT)
        self.node.ok("case", "reopen", number, "--reason", "an appeal")
        self.assertEqual(self.node.json("case", "show", number)["state"], "open")

    def test_what_is_wrong_is_named_and_changes_nothing(self):
        before = self.node.json("status")["journal"]
        bad = self.node.run("case", "open", "--title", "x", "--purpose", "border-check")
        self.assertNotEqual(bad.returncode, 0)
        self.assertIn("purpose", bad.stderr)
        none = self.node.run("case", "show", "NGA-1999-00001")
        self.assertEqual(none.returncode, NONE)
        self.assertEqual(self.node.json("status")["journal"], before)

    def test_it_survives_a_restart_and_a_long_history(self):
        number = self.open("many notes")
        for i in range(53):
            self.node.ok("case", "note", number, "--kind", "fact", "--text", f"note {i}")
        self.node.stop()
        self.node.start()
        first = self.node.json("case", "show", number)
        second = self.node.json("case", "show", number, "--after", first["after"])
        history = first["history"] + second["history"]
        self.assertEqual(len(history), 54)
        self.assertEqual(history[-1]["text"], "note 52")
        self.assertNotIn("records", second)


if __name__ == "__main__":
    unittest.main()
