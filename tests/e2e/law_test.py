#!/usr/bin/python3
"""Three nodes under one law that changes: signed, ratified, reserved, objected to, suspended,
replaced and left; what each act does to what they hold. -v prints the trace."""
import json
import sys
import unittest

from comity_node import nodes, person, until

FOR = ("--purpose", "criminal-investigation", "--ref", "case=2026-17")
MEMBERS = ("NGA", "NER", "TCD")
TEXT = """agreement basin version {version}
title en "Basin", fr "Bassin"
parties NGA NER TCD
in force when all parties have ratified
withdrawal at once, data erased
{replaces}
article 1 en "Wanted persons", fr "Personnes recherchées"
  share person where category is wanted.arrest
    among parties for criminal-investigation by copy
    answer urgent within 8 hours, otherwise within 3 days
article 2 en "Missing persons", fr "Personnes disparues"
  share person where category is {second}
    among parties for criminal-investigation by copy

annex
"""
RESERVATION = "reservation of TCD to article 2\n  never share person where nationality is TCD\n"


def say(*words):
    if "-v" in sys.argv or "--verbose" in sys.argv:
        print("   ", *words, file=sys.stderr)


class Law(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = nodes(*MEMBERS)
        cls.all = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)
        cls.nga, cls.ner, cls.tcd = cls.all
        cls.hash = cls.put_everywhere(1, "", "missing.protect")

    @classmethod
    def put_everywhere(cls, version, replaces, second):
        text = TEXT.format(version=version, replaces=replaces, second=second)
        for node in cls.all:
            text += f'  party {node.member} key {node.root} at "127.0.0.1:{node.partners}"\n'
        return [node.ok("agreement", "put", "-", stdin=text).strip() for node in cls.all][0]

    @classmethod
    def carry(cls, hash_):
        """By hand, as before the first line exists: each takes in what the others have signed."""
        for node in cls.all:
            carried = node.ok("agreement", "export", hash_)
            for other in cls.all:
                if other is not node:
                    other.ok("agreement", "receive", "-", stdin=carried)

    def act(self, node, *words, hash_=None, **more):
        out = node.ok("agreement", words[0], hash_ or self.hash, *words[1:], **more)
        say(f"{node.member}: agreement {' '.join(words)}")
        return out

    def put(self, node, number, family, **more):
        record = person(node.member, number, family=family, **more)
        made = node.json("record", "put", "-", stdin=json.dumps(record))["id"]
        say(f"{node.member}: puts {family} {made}")
        return made

    def hits(self, node, family):
        return [hit for hit in node.json("search", family, *FOR)["hits"]
                if not hit["record"].startswith(node.member)]

    def arrives(self, node, family):
        hit = until(lambda: self.hits(node, family), f"{family} at {node.member}")[0]
        say(f"{node.member}: holds {family} under {hit['basis']['agreement'][:12]} "
            f"{hit['basis']['clause']}")
        return hit

    def goes(self, node, family):
        until(lambda: not self.hits(node, family), f"{family} gone at {node.member}")
        say(f"{node.member}: {family} is erased")

    def status(self, node, hash_=None):
        return node.json("agreement", "status", hash_ or self.hash)

    def takes_effect(self, hash_):
        for node in self.all:
            until(lambda: "kept_out" not in self.status(node, hash_),
                  f"{hash_[:12]} in force at {node.member}")
        say(f"{hash_[:12]} is in force on all three nodes")

    def knows(self, node, member, act, hash_=None):
        hash_ = hash_ or self.hash
        until(lambda: any(one["act"] == act and one["party"] == member for one in
                          node.json("agreement", "show", hash_)["events"]),
              f"{act} of {member} at {node.member}")

    def test_1_signed_reserved_and_ratified(self):
        for node in self.all:
            self.act(node, "sign")
        self.assertEqual(self.status(self.nga)["kept_out"], "treaty.own-consent-missing")
        refused = self.tcd.run("agreement", "accede", self.hash)
        self.assertIn("open to accession", refused.stderr)
        bad = self.tcd.run("agreement", "reserve", self.hash, "-",
                           stdin=RESERVATION.replace("article 2", "article 9"))
        self.assertIn("no such article", bad.stderr)
        self.act(self.tcd, "reserve", "-", stdin=RESERVATION)
        for node in self.all:
            self.act(node, "ratify")
        self.carry(self.hash)
        self.takes_effect(self.hash)
        late = self.tcd.run("agreement", "reserve", self.hash, "-",
                            stdin=RESERVATION.replace("article 2", "article 1"))
        self.assertEqual(late.returncode, 5, late.stderr)
        shown = self.nga.ok("agreement", "status", self.hash)
        self.assertIn("Reservation of TCD to 2", shown)
        for line in shown.splitlines():
            say(line)

    def test_2_an_objection_leaves_the_narrowing(self):
        self.act(self.ner, "object", "--against", "TCD")
        self.knows(self.tcd, "NER", "object")
        self.put(self.nga, 1, "BASINTEST")
        self.arrives(self.ner, "BASINTEST")
        self.arrives(self.tcd, "BASINTEST")

    def test_3_a_suspension_keeps_and_lets_nothing_new_through(self):
        self.act(self.ner, "suspend", "--against", "NGA")
        self.knows(self.nga, "NER", "suspend")
        self.put(self.nga, 2, "PAUSETEST")
        self.arrives(self.tcd, "PAUSETEST")
        self.assertEqual(self.hits(self.ner, "PAUSETEST"), [])
        self.assertEqual(self.hits(self.ner, "BASINTEST")[0]["standing"], "suspended")
        self.act(self.ner, "resume", "--against", "NGA")
        self.assertNotIn("standing", self.hits(self.ner, "BASINTEST")[0])
        self.arrives(self.ner, "PAUSETEST")

    def test_4_a_dispute_stops_one_clause(self):
        self.act(self.nga, "dispute", "--clause", "1.1", "--against", "TCD")
        self.knows(self.tcd, "NGA", "dispute")
        self.put(self.nga, 3, "CLAUSETEST")
        self.arrives(self.ner, "CLAUSETEST")
        self.assertEqual(self.hits(self.tcd, "CLAUSETEST"), [])
        self.act(self.nga, "settle", "--clause", "1.1", "--against", "TCD")
        self.arrives(self.tcd, "CLAUSETEST")

    def test_5_a_next_version_takes_over(self):
        amended = self.nga.ok("agreement", "amend", self.hash)
        self.assertIn("replaces basin version 1", amended)
        Law.next = self.put_everywhere(2, "replaces basin version 1\n", "missing.child")
        self.act(self.nga, "ratify", hash_=Law.next)
        self.act(self.ner, "ratify", hash_=Law.next)
        self.carry(Law.next)
        self.assertEqual(self.status(self.nga, Law.next)["kept_out"],
                         "treaty.amendment-not-accepted")
        self.act(self.tcd, "ratify", hash_=Law.next)
        self.takes_effect(Law.next)
        for node in (self.ner, self.tcd):
            until(lambda: self.hits(node, "BASINTEST")[0]["basis"]["agreement"] == Law.next,
                  f"the new basis at {node.member}")
            say(f"{node.member}: BASINTEST now rests on {Law.next[:12]}")

    def test_6_who_leaves_takes_what_it_held_along(self):
        self.put(self.tcd, 1, "LEAVETEST")
        self.arrives(self.nga, "LEAVETEST")
        self.act(self.tcd, "withdraw", hash_=Law.next)
        self.goes(self.tcd, "BASINTEST")
        self.goes(self.nga, "LEAVETEST")
        self.goes(self.ner, "LEAVETEST")
        self.assertEqual(len(self.hits(self.ner, "BASINTEST")), 1)
        self.assertEqual(self.status(self.tcd, Law.next)["kept_out"], "treaty.we-have-left")
        for node in self.all:
            self.assertEqual(node.json("ledger", "verify")["damaged"], 0)
        say("the ledgers of all three nodes are whole")


if __name__ == "__main__":
    unittest.main()
