#!/usr/bin/python3
"""A search that stands: what comes in later is told, judged, and forgotten with its question."""
import json
import unittest

from comity_node import nodes, person, until

FOR = ("--purpose", "missing-persons", "--ref", "case=2026-17")
CHECK = ("--purpose", "border-check", "--ref", "post=seme-krake", "--ref", "lane=2")
DENIED, NONE = 4, 3


class Watch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = nodes("NGA")
        cls.node = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)

    def put(self, number, **more):
        record = json.dumps(person("NGA", number, **more))
        return self.node.json("record", "put", "-", stdin=record)["id"]

    def stand(self, *words):
        answer = self.node.json("search", *words)
        self.assertRegex(answer["watch"], "^[0-9a-f]{32}$")
        return answer["watch"]

    def found(self, watch, count):
        """What it has found, when there are so many."""
        def look():
            list_ = self.node.json("watch", "show", watch)["found"]
            return list_ if len(list_) == count else None
        return until(look, f"{count} found by {watch}")

    def test_a_later_record_is_told_explained_and_judged(self):
        before = self.put(1, family="Oyelaran", given="Babatunde")
        watch = self.stand("Babatunde Oyelaran", "--birth", "1985-03-02", *FOR, "--watch",
                           "--days", "60", "--note", "brother of the missing")
        later = self.put(2, family="Oyelaran", given="Babatunde")
        self.put(3, family="Nobodyelse", given="Quentin")
        one = self.found(watch, 1)[0]
        self.assertEqual(one["record"], later)
        self.assertNotEqual(one["record"], before)
        self.assertEqual((one["state"], one["band"]), ("new", "strong"))
        self.assertEqual(one["now"]["score"], one["score"])
        self.assertTrue(one["card"]["alerts"])
        news = self.node.json("watch", "list", "--news", "true")
        self.assertIn(watch, [item["watch"] for item in news["items"]])
        self.assertIn(later, self.node.ok("watch", "show", watch))
        audit = self.node.json("audit", "record", later)["items"]
        self.assertIn("watch.match", [line["kind"] for line in audit])
        self.assertEqual(audit[-1]["purpose"], "missing-persons")  # the look of watch show
        self.node.ok("watch", "judge", watch, "--record", later, "--verdict", "same")
        self.assertEqual(self.found(watch, 1)[0]["state"], "same")
        news = self.node.json("watch", "list", "--news", "true")
        self.assertNotIn(watch, [item["watch"] for item in news["items"]])
        self.node.ok("watch", "renew", watch, "--days", "90", "--reason", "still missing")
        self.node.ok("watch", "end", watch, "--reason", "found")
        self.assertEqual(self.node.run("watch", "show", watch).returncode, NONE)

    def test_it_goes_on_over_a_restart(self):
        watch = self.stand("Chukwuemeka Restarted", *FOR, "--watch")
        first = self.put(4, family="Restarted", given="Chukwuemeka")
        self.found(watch, 1)
        self.node.stop()
        self.node.start()
        second = self.put(5, family="Restartet", given="Chukwuemeka")
        self.assertEqual({one["record"] for one in self.found(watch, 2)}, {first, second})
        list_ = self.node.json("watch", "list")
        until(lambda: self.node.json("watch", "list")["unscreened"] == 0, "all is screened")
        self.assertIn(watch, [item["watch"] for item in list_["items"]])

    def test_a_check_that_is_over_is_not_asked_again(self):
        before = self.node.json("status")["journal"]
        done = self.node.run("search", "Somebody Travelling", *CHECK, "--recheck")
        self.assertEqual(done.returncode, DENIED)
        self.assertIn("purpose", done.stderr)
        self.assertEqual(self.node.json("status")["journal"], before)
        self.node.ok("search", "Somebody Travelling", *CHECK)

    def test_a_recheck_of_an_application_tells_of_strong_matches_alone(self):
        question = ("Halima Applicantova", "--birth", "1991-07-20", "--purpose", "immigration",
                    "--ref", "file=7")
        recheck = self.stand(*question, "--recheck")
        wider = self.stand(*question, "--recheck", "--least", "possible")
        self.put(6, family="Applicantova", given="Zsuzsanna", born="1991-07-20")
        strong = self.put(7, family="Applicantova", given="Halima", born="1991-07-20")
        self.found(wider, 2)
        self.assertEqual([one["record"] for one in self.found(recheck, 1)], [strong])
        self.assertEqual(self.node.json("watch", "list", "--kind", "standing", "--unit",
                                        "no-such-unit")["items"], [])


if __name__ == "__main__":
    unittest.main()
