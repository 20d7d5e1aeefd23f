/* usage: record_check <records.ndjson
 * One line out for each line in: "ok WARNINGS", or "refused RULE POINTER" of the first error.
 * Exit 1 when one was refused. For the tests and the generator of invented records. */
#include <stdio.h>
#include <stdlib.h>

#include "model/record.h"

static uint8_t memory[16 << 20];

/* The first error among the findings, or NULL. */
static const struct finding *first_error(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->list[i].severity == SEVERITY_ERROR)
            return &f->list[i];
    }
    return NULL;
}

static bool check_line(struct bytes line)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json json;
    struct record record;
    static struct findings findings;
    findings_init(&findings, &arena);
    struct err e = json_parse(line, &arena, &json);
    if (!failed(e))
        e = record_parse(&json, &arena, &findings, &record);
    if (!failed(e)) {
        printf("ok %zu\n", findings.warnings);
        return true;
    }
    const struct finding *error = first_error(&findings);
    if (error == NULL)
        printf("refused %s\n", e.rule);
    else
        printf("refused %s %.*s\n", error->rule, (int)error->pointer.len, error->pointer.data);
    return false;
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t len = 0;
    int status = 0;
    while ((len = getline(&line, &size, stdin)) > 0) {
        if (line[len - 1] == '\n')
            len--;
        if (!check_line(bytes_of(line, (size_t)len)))
            status = 1;
    }
    free(line);
    return status;
}
