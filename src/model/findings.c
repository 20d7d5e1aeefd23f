#include "model/findings.h"

void findings_init(struct findings *f, struct arena *arena)
{
    f->arena = arena;
    f->count = 0;
    f->errors = 0;
    f->warnings = 0;
}

static void add(struct findings *f, struct finding finding)
{
    if (finding.severity == SEVERITY_ERROR)
        f->errors++;
    else
        f->warnings++;
    if (f->count == FINDINGS_MAX)
        return;
    finding.pointer = arena_copy_text(f->arena, finding.pointer);
    finding.correction = arena_copy_text(f->arena, finding.correction);
    f->list[f->count++] = finding;
}

void findings_add(struct findings *f, struct text pointer, const char *rule, enum severity severity)
{
    add(f, (struct finding){ pointer, rule, severity, { NULL, 0 } });
}

void findings_offer(struct findings *f, struct text pointer, const char *rule,
                    struct text correction)
{
    add(f, (struct finding){ pointer, rule, SEVERITY_WARNING, correction });
}
