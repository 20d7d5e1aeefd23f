/* What the tests of wording/ share: one arena, texts that use every word, parse and print. */
#ifndef COMITY_WORDING_WORDING_TEST_H
#define COMITY_WORDING_WORDING_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/encode.h"
#include "wording/words.h"

enum { ARENA_BYTES = 24 << 20 };

static struct arena arena;

static int arena_open(void **state)
{
    (void)state;
    arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    return arena.data == NULL;
}

static int arena_close(void **state)
{
    (void)state;
    free(arena.data);
    return 0;
}

/* Every keyword stands in one of these, in the canonical form. */
static const char everything[] =
    "agreement all-words version 2\n"
    "title en \"Every \\\"word\\\"\", fr \"Tous les mots\"\n"
    "implements \"A treaty\" dated 2012-05-23 depositary \"Chad\" authentic en fr ar, text sha256 "
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
    "parties NGA NER x-mnjtf TCD\n"
    "group sahel NER, TCD\n"
    "group lake x-mnjtf\n"
    "open to accession by TCD\n"
    "in force from 2027-03-01 when 2 parties have signed after 30 days\n"
    "applied provisionally by NGA, NER\n"
    "until 2032-03-01 renewed every 5 years unless notice of 6 months\n"
    "withdrawal with notice of 12 months, data kept\n"
    "amended by 3 parties\n"
    "replaces all-words version 1, old-words version 7\n"
    "prevails over some-words, fewer-words\n"
    "classification up to restricted\n"
    "silence 1 day\n"
    "offences of NGA (terrorism.*, fraud)\n"
    "offences of NER (terrorism)\n"
    "marking of NGA restricted \"RESTRICTED\"\n"
    "marking of NER restricted \"DIFFUSION RESTREINTE\"\n"
    "\n"
    "article 1\n"
    "  share person, vehicle where category in (wanted.arrest, missing.*) and "
    "(subject is minor or not nationality is NER) unless warning is armed\n"
    "    by NGA, sahel to x-mnjtf for criminal-investigation, counter-terrorism by copy "
    "reciprocally\n"
    "    for use by police, prosecutor\n"
    "    at most 1000000 per day\n"
    "    classification up to unclassified\n"
    "    withhold field phone, address\n"
    "    on condition no-onward\n"
    "    retain 1 year, review every 1 month, warn before deletion 1 week, extend with reason\n"
    "    when achieved delete within 30 days\n"
    "    offline at most 72 hours\n"
    "    answer urgent within 1 hour, otherwise within 1 week, counted from received\n"
    "    suspended by clarification, translation\n"
    "    refusal on political-offence, own-law\n"
    "    under \"Article 3(2)\"\n"
    "  share record where grading in (4x4.source.A, 4x4.source.B) and age under 21 and "
    "classification up to restricted\n"
    "    among parties for missing-persons by hit\n"
    "    at most 5 per hour\n"
    "    retain 2 years, review every 3 months\n"
    "    answer within 2 weeks, counted from match\n"
    "  share person where handling is H1 and action in (arrest, locate) and unit is border-north "
    "and maximum penalty at least 1 year and sentence at least 4 months\n"
    "    among sahel, x-mnjtf for criminal-investigation by request\n"
    "    at most 20 per week\n"
    "  share person where dual criminality and not third-party data or urgent case\n"
    "    among NGA, lake for criminal-investigation by copy\n"
    "    at most 100 per year\n"
    "\n"
    "article 2 \"Rest\"\n"
    "  ask trace\n"
    "    among parties for criminal-investigation reciprocally\n"
    "    at most 9 per month\n"
    "    answer urgent within 8 hours, otherwise within 3 days\n"
    "  never share person with NGA where penalty may be death unless assurance no-death-penalty\n"
    "    under \"Article 7\"\n"
    "  never share person where note protected-from is that party or kind is person\n"
    "  never share field biometric where subject is witness\n"
    "  never use for targeting\n"
    "  coarsen field birth-date to year where subject is victim\n"
    "  coarsen field death-date to month among NGA, NER\n"
    "  coarsen field address, birth-place to country by NGA to sahel\n"
    "  coarsen field name, occupation to initials\n"
    "  release by legal-office where offence is terrorism\n"
    "  release by two persons\n"
    "  duty of legal-office, ministry \"Judge proportionality.\" with sahel where category is "
    "wanted.*\n"
    "    under \"INTERPOL, article 3\"\n"
    "\n"
    "reservation of NER to article 2\n"
    "  never share person where note refugee-status\n"
    "\n"
    "reservation of NER to clause 1.2\n"
    "  not bound\n"
    "\n"
    "annex\n"
    "  party NGA key 0000000000000000000000000000000000000000000000000000000000000001\n"
    "  party NER key 0000000000000000000000000000000000000000000000000000000000000002 "
    "at \"ner.example:8443\" contact sirene signs foreign-ministry\n"
    "  party x-mnjtf key 0000000000000000000000000000000000000000000000000000000000000003\n"
    "  party TCD key 0000000000000000000000000000000000000000000000000000000000000004\n";

static const char everything_national[] =
    "national rules of BEN version 1\n"
    "never share person with NGA where nationality is BEN\n"
    "    under \"Law 2017-20\"\n"
    "duty of prosecutor \"Judge whether the offence is political.\" where urgent case\n"
    "coarsen field birth-date to year\n"
    "halt TCD\n"
    "effect of wanted.arrest from NGA is reduced to identify call duty-magistrate\n"
    "effect of wanted.* from NER, TCD is as asked\n"
    "effect of missing.child from any party is for specialists only\n"
    "effect of entry.* from any party is not shown\n"
    "effect of * from any party is held\n";

static const char when_all[] =
    "agreement a version 1\nparties NGA NER\n"
    "in force when all parties have signed\nwithdrawal at once, data erased\n"
    "amended by all parties\nsilence 2 days\n\narticle 1\n";

static const char when_ratified[] =
    "agreement a version 1\nparties NGA NER\n"
    "in force when all parties have ratified after 1 month\nwithdrawal at once, data kept\n"
    "amended by all parties\nsilence 2 days\n\narticle 1\n";

static const char when_two_ratified[] = "agreement a version 1\nparties NGA NER TCD\n"
                                        "in force from 2027-01-01 when 2 parties have ratified\n"
                                        "withdrawal with notice of 1 year, data erased\n"
                                        "amended by 2 parties\nsilence 90 days\n\narticle 1\n";

/* These, and `everything`. */
static const char *const canonical[] = { everything, when_all, when_ratified, when_two_ratified };
enum { CANONICAL = sizeof(canonical) / sizeof(canonical[0]) };

static inline struct treaty parse_text(struct text text)
{
    struct treaty treaty;
    struct treaty_errors errors;
    struct err e = treaty_parse(text, LANGUAGE_ANY, &arena, &errors, &treaty);
    if (failed(e)) {
        struct text_place place = treaty_place(text, e.at);
        fail_msg("%u:%u %s", place.line, place.column, e.rule);
    }
    return treaty;
}

static inline struct text print_text(const struct treaty *treaty, enum language language)
{
    struct text text;
    assert_false(failed(treaty_print(treaty, language, &arena, &text)));
    assert_false(failed(text_parse(text_bytes(text), &text)));
    return text;
}

static inline struct hash hash_of_treaty(const struct treaty *treaty)
{
    struct hash hash;
    assert_false(failed(treaty_hash(treaty, &arena, &hash)));
    return hash;
}

static inline void assert_text(struct text text, struct text expected)
{
    if (!text_equal(text, expected))
        fail_msg("got\n%.*s\ninstead of\n%.*s", (int)text.len, text.data, (int)expected.len,
                 expected.data);
}

#endif
