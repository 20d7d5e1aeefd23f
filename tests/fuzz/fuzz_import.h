/* What every importer is fuzzed with: a host that counts what passed the model's parser. */
#ifndef COMITY_TESTS_FUZZ_IMPORT_H
#define COMITY_TESTS_FUZZ_IMPORT_H

#include <stdlib.h>

#include "import/import.h"

static inline struct err fuzz_accept(void *sink, const struct json *draft, uint32_t line)
{
    uint32_t *count = sink;
    (*count)++;
    return draft->kind == JSON_OBJECT && line > 0 ? err_none() : (abort(), err_none());
}

/* Of a member or a source, whose code is good. */
static inline struct import_host fuzz_host(struct text owner, uint32_t *count)
{
    struct import_host host = { .sink = count, .unit = TEXT("unit"), .accept = fuzz_accept };
    if (failed(member_code_parse(owner, &host.owner)))
        abort();
    return host;
}

#endif
