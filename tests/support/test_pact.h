/* Two nodes under one agreement, BEN the owner and NER the finder; and the comparison of a node's
 * rows before and after a rebuild. */
#ifndef COMITY_TESTS_TEST_PACT_H
#define COMITY_TESTS_TEST_PACT_H

#include "clerk/exchange/disclose.h"
#include "test_clerk.h"

#define ID_A "BEN-01ARZ3NDEKTSV4RRFFQ69G5FAV"
#define ID_B "BEN-01ARZ3NDEKTSV4RRFFQ69G5FAW"

static const struct test_person adult = { ID_A, "Zinsou Marguerite", "1980-03-04",
                                          "wanted.arrest" };
static struct office ben;
static struct office ner;
static struct text pact;

/* The agreement put at both, not yet signed. */
static inline struct text draft_put(const char *name)
{
    struct text hash = { NULL, 0 };
    struct office *both[] = { &ben, &ner };
    struct text keys[] = { hex_format(&arena, BYTES_OF(ben.config.root_key)),
                           hex_format(&arena, BYTES_OF(ner.config.root_key)) };
    for (size_t i = 0; i < 2; i++) {
        struct json body = office_do(
            both[i], "chief", VERB_INSTRUMENT_PUT,
            "{\"text\":\"agreement %s version 1\\ntitle \\\"Pact\\\"\\nparties BEN NER\\n"
            "in force when all parties have signed\\nclassification up to restricted\\n\\n"
            "article 1 \\\"Alerts\\\"\\n"
            "  share person where category in (wanted.arrest, missing.child)\\n"
            "    among parties for criminal-investigation by copy\\n"
            "    answer urgent within 1 hour, otherwise within 24 hours\\n"
            "  release by two persons where age under 18\\n\\nannex\\n"
            "  party BEN key %.64s\\n  party NER key %.64s\\n\"}",
            name, keys[0].data, keys[1].data);
        hash = json_get_text(&body, "hash");
    }
    return hash;
}

static inline void sign_all(struct text hash)
{
    (void)reply_good(office_event(&ben, &ben, hash, "sign"), __LINE__);
    (void)reply_good(office_event(&ner, &ner, hash, "sign"), __LINE__);
    (void)reply_good(office_event(&ben, &ner, hash, "sign"), __LINE__);
    (void)reply_good(office_event(&ner, &ben, hash, "sign"), __LINE__);
}

static inline int pact_begin(void **state)
{
    int bad = test_begin(state);
    office_open(&ben, "BEN");
    office_open(&ner, "NER");
    pact = draft_put("pact");
    sign_all(pact);
    office_introduce(&ben, &ner);
    office_introduce(&ner, &ben);
    office_tick(&ben);
    office_tick(&ner);
    (void)office_send(&ben, &ner); /* what was signed, which the other knows */
    (void)office_send(&ner, &ben);
    return bad;
}

static inline int pact_end(void **state)
{
    (void)state;
    office_close(&ben);
    office_close(&ner);
    return 0;
}

/* -- a partner that lies ------------------------------------------------------------------ */

/* Appends a frame to NER's feed for BEN as if NER's clerk had wanted it. */
static inline void office_lie(struct office *from, struct office *to, enum frame_kind kind,
                              const char *body)
{
    struct chance chance = { .seed = { 5 }, .drawn = from->seeds++ << 8 };
    struct caller by = { .roles = ROLE_BIT_NODE };
    struct act act = { .clerk = from->clerk, .store = from->store, .arena = &arena, .now = now,
                       .chance = &chance, .by = &by };
    struct partner partner;
    char basis[256];
    size_t len = 0;
    must(member_code_parse(from->code, &by.who.member));
    by.who.user = TEXT("node");
    (void)snprintf(basis, sizeof(basis),
                   "{\"agreement\":\"%.64s\",\"version\":1,\"clause\":\"1.1\"}", pact.data);
    struct json basis_json = test_json(basis);
    struct outgoing outgoing = { .kind = kind, .body = test_json(body) };
    if (frame_kind_has_basis(kind))
        outgoing.basis_opt = &basis_json;
    must(store_begin(from->store));
    must(partner_get(&act, to->code, &partner));
    must(frame_number(&act, &partner, &outgoing, &len));
    must(store_commit(from->store));
}

/* -- a rebuild ---------------------------------------------------------------------------- */

struct tables {
    struct store_rows rows[STORE_TABLES];
};

static inline void tables_read(struct office *office, struct tables *out)
{
    for (int t = 0; t < STORE_TABLES; t++) {
        struct store_range range = { .table = (enum store_table)t, .limit = STORE_READ_MAX };
        must(store_scan(store_view(office->store), &range, &arena, &out->rows[t]));
    }
}

static inline void tables_equal(const struct tables *a, const struct tables *b)
{
    for (int t = 0; t < STORE_TABLES; t++) {
        const struct store_rows *x = &a->rows[t];
        const struct store_rows *y = &b->rows[t];
        if (x->count != y->count)
            fail_msg("%s: %zu rows, then %zu", store_table_name((enum store_table)t), x->count,
                     y->count);
        for (size_t i = 0; i < x->count; i++) {
            if (!bytes_equal(x->rows[i].key, y->rows[i].key) ||
                !bytes_equal(x->rows[i].value, y->rows[i].value))
                fail_msg("%s: row %zu differs: %.*s / %.*s",
                         store_table_name((enum store_table)t), i,
                         (int)x->rows[i].value.len, (const char *)x->rows[i].value.data,
                         (int)y->rows[i].value.len, (const char *)y->rows[i].value.data);
        }
    }
}

static inline void rebuilt_alike(struct office *office)
{
    static struct tables before;
    static struct tables after;
    void *memory = malloc(16 << 20);
    struct arena scratch = arena_over(memory, 16 << 20);
    tables_read(office, &before);
    must(clerk_rebuild(office->clerk, &scratch));
    free(memory);
    tables_read(office, &after);
    tables_equal(&before, &after);
}

#define TEST_OF(name) cmocka_unit_test_setup_teardown(name, pact_begin, pact_end)

#endif
