/* A host for tests: remembers what it holds and what was refused. */
#ifndef COMITY_IMPORT_TEST_SINK_H
#define COMITY_IMPORT_TEST_SINK_H

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "import/import.h"
#include "test_files.h"

enum { SINK_MAX = 16384 };

struct held {
    struct record_id id;
    struct hash hash;
    uint32_t line;
    uint32_t writes;
};

struct sink {
    struct held held[SINK_MAX];
    size_t count;
    struct import_refusal refusal; /* the last */
    char field[64];
    size_t withdrawn;
    struct err answer; /* what accept gives */
    char first[8192];  /* canonical bytes of the last draft */
};

static inline struct held *sink_find(struct sink *s, const struct record_id *id)
{
    for (size_t i = 0; i < s->count; i++) {
        if (record_id_compare(&s->held[i].id, id) == 0)
            return &s->held[i];
    }
    return NULL;
}

static inline struct err sink_accept(void *context, const struct json *draft, uint32_t line)
{
    static uint8_t memory[4 << 20];
    struct sink *s = context;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes bytes;
    struct record_id id;
    if (failed(s->answer))
        return s->answer;
    assert_false(failed(record_id_parse(json_get_text(draft, "id"), &id)));
    assert_false(failed(json_format(draft, &arena, &bytes)));
    snprintf(s->first, sizeof(s->first), "%.*s", (int)bytes.len, (const char *)bytes.data);
    struct held *held = sink_find(s, &id);
    if (held == NULL) {
        assert_true(s->count < SINK_MAX);
        held = &s->held[s->count++];
        *held = (struct held){ .id = id };
    }
    held->hash = hash_of(bytes);
    held->line = line;
    held->writes++;
    return err_none();
}

static inline bool sink_lookup(void *context, const struct record_id *id, struct hash *out)
{
    struct held *held = sink_find(context, id);
    if (held != NULL)
        *out = held->hash;
    return held != NULL;
}

static inline bool sink_next(void *context, size_t *at, struct record_id *out)
{
    struct sink *s = context;
    if (*at >= s->count)
        return false;
    *out = s->held[(*at)++].id;
    return true;
}

/* Marks only: the engine is in the midst of a walk over what is held. */
static inline struct err sink_withdraw(void *context, const struct record_id *id)
{
    struct sink *s = context;
    struct held *held = sink_find(s, id);
    assert_non_null(held);
    held->line = 0;
    s->withdrawn++;
    return err_none();
}

static inline void sink_sweep(struct sink *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (s->held[i].line != 0)
            s->held[kept++] = s->held[i];
    }
    s->count = kept;
}

static inline void sink_refuse(void *context, const struct import_refusal *refusal)
{
    struct sink *s = context;
    s->refusal = *refusal;
    snprintf(s->field, sizeof(s->field), "%.*s", (int)refusal->field.len, refusal->field.data);
}

static inline struct import_host sink_host(struct sink *s, const char *owner, const char *unit)
{
    struct import_host host = { .sink = s,
                                .unit = text_literal(unit),
                                .accept = sink_accept,
                                .lookup_opt = sink_lookup,
                                .next_held_opt = sink_next,
                                .withdraw_opt = sink_withdraw,
                                .refuse_opt = sink_refuse };
    assert_false(failed(member_code_parse(text_literal(owner), &host.owner)));
    return host;
}

#endif
