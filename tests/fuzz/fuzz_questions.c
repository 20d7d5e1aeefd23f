/* Any bytes as a file of questions (cli/batch.h); the first byte says what for. It ends, its lines
 * come in order, and what is no broken line is an object that question_parse takes or refuses. */
#include <stdlib.h>

#include "cli/batch.h"
#include "index/question.h"

enum { MEMORY = 16 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct date today = { 2026, 11, 23 };
static struct bytes file;

/* What batch.c needs of the command line. */
struct err cli_read(struct cli *cli, struct text path, size_t max, struct bytes *out)
{
    (void)cli;
    (void)path;
    *out = file;
    return file.len > max ? err_make(ERR_LIMIT, "cli.too-large") : err_none();
}

int cli_fail(struct cli *cli, struct err e, struct text subject)
{
    (void)cli;
    (void)subject;
    if (e.rule[0] == '\0')
        abort();
    return CLI_FAILED;
}

struct text cli_sentence(struct cli *cli, struct text id)
{
    (void)cli;
    return id;
}

static void check_line(const struct batch *batch, const struct batch_line *line,
                       struct arena *arena)
{
    static struct question question;
    struct text place;
    if (failed(line->err)) {
        if (line->err.rule[0] == '\0')
            abort();
        return;
    }
    if (line->json.kind != JSON_OBJECT)
        abort();
    if (batch->use != BATCH_SEARCH)
        return;
    struct err e = question_parse(&line->json, today, arena, &question, &place);
    if (failed(e) && e.rule[0] == '\0')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[MEMORY];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct cli cli = { .arena = &arena };
    struct batch batch;
    struct batch_line line;
    int code = CLI_OK;
    if (size == 0)
        return 0;
    file = bytes_of(data + 1, size - 1);
    enum batch_use use = data[0] % 2 == 0 ? BATCH_SEARCH : BATCH_COMPARE;
    if (!batch_open(&cli, TEXT("file"), use, &batch, &code)) {
        if (code == CLI_OK)
            abort();
        return 0;
    }
    size_t mark = arena.used;
    uint32_t last = 0;
    for (size_t count = 0; batch_next(&cli, &batch, &line); count++) {
        if (count > size || line.line < last)
            abort();
        last = line.line;
        check_line(&batch, &line, &arena);
        arena_rewind(&arena, mark);
    }
    return 0;
}
