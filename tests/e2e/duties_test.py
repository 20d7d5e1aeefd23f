#!/usr/bin/python3
"""Data protection over two nodes: a person's request through the owner, a note of inaccuracy, a
report of use, a legal hold, and what is past its period."""
import json
import unittest

from comity_node import nodes, person, until
from exchange_test import AGREEMENT, FOR

DUTIES = AGREEMENT.replace("on condition contact-owner", "on condition contact-owner, report-use")
NOT_FOUND, CONFLICT, FINDINGS = 3, 5, 6


class Duties(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = nodes("NGA", "NER")
        cls.nga, cls.ner = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)
        text = DUTIES.format(nga=cls.nga.root, ner=cls.ner.root, nga_port=cls.nga.partners,
                             ner_port=cls.ner.partners)
        cls.hash = cls.nga.ok("agreement", "put", "-", stdin=text).strip()
        cls.nga.ok("agreement", "sign", cls.hash)
        cls.ner.ok("agreement", "receive", "-", stdin=cls.nga.ok("agreement", "export", cls.hash))
        cls.ner.ok("agreement", "sign", cls.hash)
        cls.nga.ok("agreement", "receive", "-", stdin=cls.ner.ok("agreement", "export", cls.hash))

    def put(self, number, family, **more):
        record = person("NGA", number, family=family)
        record.update(more)
        return self.nga.json("record", "put", "-", stdin=json.dumps(record))["id"]

    def hits(self, node, family):
        return node.json("search", family, *FOR)["hits"]

    def arrived(self, number, family):
        record = self.put(number, family)
        until(lambda: self.hits(self.ner, family), f"{family} at NER")
        return record

    def gone(self, node, family):
        until(lambda: not self.hits(node, family), f"{family} gone at {node.member}")

    def asked_of(self, record):
        """The request that NGA got about its record."""
        def found():
            for one in self.nga.json("subject", "list")["items"]:
                if one["side"] == "owner" and one["state"] == "open":
                    if record in self.nga.json("subject", "show", one["subject"])["records"]:
                        return one["subject"]
            return None
        return until(found, "the request at NGA")

    def test_an_erasure_is_asked_for_here_granted_there_and_done_in_both(self):
        record = self.arrived(1, "ERASETEST")
        request = self.ner.json("subject", "open", "Erasetest Amadou", "--kind", "erasure",
                                "--language", "fr", "--record", record)["subject"]
        self.ner.ok("subject", "forward", request, "--record", record)
        asked = self.asked_of(record)
        shown = self.nga.ok("subject", "show", asked)
        self.assertNotIn("Erasetest", shown)  # the owner learns which record, not who asks
        self.nga.ok("subject", "answer", asked, "--outcome", "granted")
        self.gone(self.nga, "ERASETEST")
        self.gone(self.ner, "ERASETEST")
        until(lambda: self.ner.json("subject", "show", request)["state"] == "answered",
              "the owner's answer")
        self.assertIn("à l'examen", self.ner.ok("subject", "letter", request))
        self.ner.ok("subject", "close", request)
        letter = self.ner.ok("subject", "letter", request)
        self.assertIn("sont effacées", letter)
        self.assertIn("are erased", self.ner.ok("subject", "letter", request, "--language", "en"))
        self.assertIn("Erasetest Amadou", letter)

    def test_a_refusal_that_says_nothing_says_nothing(self):
        record = self.arrived(2, "SECRETTEST")
        request = self.ner.json("subject", "open", "Secrettest Amadou", "--kind", "access",
                                "--record", record)["subject"]
        self.ner.ok("subject", "forward", request, "--record", record)
        asked = self.asked_of(record)
        self.nga.ok("subject", "answer", asked, "--outcome", "refused", "--ground",
                    "neither-confirmed-nor-denied")
        until(lambda: self.ner.json("subject", "show", request)["state"] == "answered",
              "the owner's answer")
        self.ner.ok("subject", "close", request)
        letter = self.ner.ok("subject", "letter", request)
        self.assertIn("neither confirm nor deny", letter)
        self.assertNotIn("NGA", letter)

    def test_whoever_received_what_is_wrong_is_told_until_it_is_corrected(self):
        record = self.arrived(3, "WRONGTEST")
        self.nga.ok("record", "inaccurate", record, "--ground", "inaccurate", "--statement", "s2")
        hit = until(lambda: [h for h in self.hits(self.ner, "WRONGTEST") if "inaccurate" in h],
                    "the note at NER")[0]
        self.assertEqual(hit["inaccurate"]["statement"], "s2")
        line = until(lambda: [one for one in self.nga.json("record", "deliveries", record)["items"]
                              if one.get("note") == "known"], "NER's acknowledgement")[0]
        self.assertEqual(line["note_days"], 0)
        corrected = person("NGA", 3, family="WRONGTEST", born="1986-04-03")
        self.put(3, "WRONGTEST", id=record, statements=corrected["statements"])
        until(lambda: [h for h in self.hits(self.ner, "WRONGTEST") if "inaccurate" not in h],
              "the corrected version at NER")

    def test_a_hold_takes_it_from_search_here_and_there(self):
        record = self.arrived(4, "HOLDTEST")
        self.nga.ok("record", "hold", record, "--reason", "court file 7", "--until", "2029-01-01")
        self.gone(self.nga, "HOLDTEST")
        self.gone(self.ner, "HOLDTEST")
        shown = self.nga.json("record", "show", record, *FOR)
        self.assertEqual(shown["hold"]["reason"], "court file 7")
        refused = self.nga.run("record", "erase", record, "--reason", "x")
        self.assertEqual(refused.returncode, CONFLICT)
        held = self.nga.json("record", "due", "--days", "3000")["items"]
        self.assertIn(("hold-ends", record), [(one["duty"], one["id"]) for one in held])
        self.nga.ok("record", "release-hold", record)
        until(lambda: self.hits(self.ner, "HOLDTEST"), "HOLDTEST back at NER")

    def test_what_is_past_its_period_is_erased_by_itself(self):
        alert = dict(person("NGA", 5)["alerts"][0],
                     valid={"from": "2026-01-01", "until": "2026-02-01"})
        record = self.put(5, "ENDEDTEST", alerts=[alert])
        self.gone(self.nga, "ENDEDTEST")
        done = self.nga.run("record", "show", record, *FOR)
        self.assertEqual(done.returncode, NOT_FOUND)
        again = self.nga.run("record", "put", "-", stdin=json.dumps(
            dict(person("NGA", 5, family="ENDEDTEST"), id=record)))
        self.assertEqual(again.returncode, CONFLICT)  # erased is erased

    def test_the_owner_sees_every_look_and_use_and_who_has_it(self):
        record = self.arrived(6, "WHOTEST")
        def used():
            lines = self.nga.json("audit", "who", record)["items"]
            return [one for one in lines if one["kind"] == "use.report"]
        report = until(used, "the report of use")[0]
        self.assertEqual((report["partner"], report["purpose"]), ("NER", "criminal-investigation"))
        who = self.nga.json("audit", "who", record)
        kinds = {one["kind"] for one in who["items"]}
        self.assertLessEqual({"record.put", "disclose.record"}, kinds)
        self.assertEqual(who["recipients"][0]["partner"], "NER")
        self.assertIn("use.report", self.nga.ok("audit", "who", record))

    def test_a_look_of_a_protected_name_is_odd(self):
        self.nga.ok("audit", "protect", "--name", "Protégé Célèbre")
        self.hits(self.nga, "CELEBRE Protege")
        odd = self.nga.json("audit", "odd")["items"]
        self.assertIn(["protected"], [one["reasons"] for one in odd])

    def test_an_export_is_complete_and_a_changed_one_is_not(self):
        self.put(7, "EXPORTTEST")
        text = self.nga.ok("audit", "export", "--from", "2020-01-01", "--to", "2100-01-01")
        self.assertNotIn("EXPORTTEST Amadou", text)  # no record's content
        self.assertIn("Complete", self.nga.ok("audit", "check", "-", stdin=text))
        lines = text.splitlines(keepends=True)
        head = json.loads(lines[0])
        del head["items"][3]
        for broken in (lines[:-1], [json.dumps(head) + "\n"] + lines[1:],
                       [lines[0].replace("criminal-investigation", "missing-persons")]
                       + lines[1:]):
            if "".join(broken) != text:
                done = self.nga.run("audit", "check", "-", stdin="".join(broken))
                self.assertEqual(done.returncode, FINDINGS)

    def test_a_breach_names_counts_and_whom_to_tell(self):
        self.arrived(8, "BREACHTEST")
        found = self.ner.json("audit", "breach", "--since", "2026-01-01")
        self.assertIn("NGA", {one["owner"] for one in found["items"]})
        notice = self.ner.ok("audit", "breach", "--since", "2026-01-01", language="fr")
        self.assertIn("72 heures", notice)
        self.assertIn("NGA", notice)
        self.assertNotIn("BREACHTEST", notice)
        lost = self.nga.json("audit", "breach", "--since", "2026-01-01", "--partner", "NER")
        self.assertEqual({one["owner"] for one in lost["items"]}, {"NGA"})

    def test_a_week_that_is_not_over_is_not_drawn(self):
        done = self.nga.run("audit", "sample", "--week", "2100-01-01")
        self.assertEqual(done.returncode, CONFLICT)


if __name__ == "__main__":
    unittest.main()
