/* BEN the owner, NER the holder; an agreement with a period, a silence and reports of use. */
#ifndef COMITY_TESTS_TEST_DUTY_H
#define COMITY_TESTS_TEST_DUTY_H

#include "clerk/apply.h"
#include "test_pact.h"

static inline struct text duty_draft(void)
{
    struct text hash = { NULL, 0 };
    struct office *both[] = { &ben, &ner };
    struct text keys[] = { hex_format(&arena, BYTES_OF(ben.config.root_key)),
                           hex_format(&arena, BYTES_OF(ner.config.root_key)) };
    for (size_t i = 0; i < 2; i++) {
        struct json body = office_do(
            both[i], "chief", VERB_INSTRUMENT_PUT,
            "{\"text\":\"agreement duty version 1\\ntitle \\\"Duty\\\"\\nparties BEN NER\\n"
            "in force when all parties have signed\\nclassification up to restricted\\n"
            "silence 20 days\\n\\narticle 1 \\\"Alerts\\\"\\n"
            "  share person where category in (wanted.arrest, missing.child)\\n"
            "    among parties for criminal-investigation by copy\\n"
            "    on condition report-use\\n    retain 60 days, review every 10 days\\n\\nannex\\n"
            "  party BEN key %.64s\\n  party NER key %.64s\\n\"}",
            keys[0].data, keys[1].data);
        hash = json_get_text(&body, "hash");
    }
    return hash;
}

static inline int duty_begin(void **state)
{
    int bad = test_begin(state);
    office_open(&ben, "BEN");
    office_open(&ner, "NER");
    pact = duty_draft();
    sign_all(pact);
    office_introduce(&ben, &ner);
    office_introduce(&ner, &ben);
    office_tick(&ben);
    office_tick(&ner);
    (void)office_send(&ben, &ner);
    (void)office_send(&ner, &ben);
    return bad;
}

/* The row of a record; false when there is none. */
static inline bool duty_row(struct office *at, const char *id, struct json *out)
{
    struct record_key record;
    struct text copy = arena_copy_text(&arena, text_literal(id));
    must(record_key_view(at->clerk, store_view(at->store), copy, &arena, &record));
    struct row_key key = key_record(&record);
    return !failed(view_get(store_view(at->store), TABLE_RECORD, &key, &arena, out));
}

static inline void days_pass(int days)
{
    now = instant_plus(now, days * INSTANT_DAY);
    office_tick(&ben);
    office_tick(&ner);
}

#define DUTY_TEST(name) cmocka_unit_test_setup_teardown(name, duty_begin, pact_end)

#endif
