/* Any bytes as a question get a readable answer and end nothing (K3); what parses as a question
 * or an answer is written again to the same bytes. */
#include <stdlib.h>

#include "seal/keeper.h"

static uint8_t memory[4 << 20];
static struct keeper_state keeper;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void create(void)
{
    const struct keeper_birth birth = { .realm = TEXT("demo"),
                                        .member = TEXT("BEN"),
                                        .generation = 1,
                                        .root_seed = { { 1 } },
                                        .seed = { { 2 } },
                                        .keep_root = true,
                                        .now = { 1795313640000 } };
    struct arena arena = arena_over(memory, sizeof(memory));
    if (failed(keeper_create(&birth, &arena, &keeper)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    const struct keeper_tick tick = { { 1795313650000 }, { { 3 } } };
    struct bytes in = bytes_of(data, size);
    struct keeper_question question;
    struct keeper_answer answer;
    struct bytes again;
    bool changed = false;
    if (keeper.generation == 0)
        create();
    if (!failed(keeper_question_parse(in, &question)) &&
        !failed(keeper_question_format(&question, &arena, &again)) && !bytes_equal(in, again))
        abort();
    (void)failed(keeper_answer_parse(in, &answer));
    struct bytes out = keeper_step(&keeper, in, &tick, &arena, &changed);
    if (failed(keeper_answer_parse(out, &answer)) || (failed(answer.err) && changed))
        abort();
    return 0;
}
