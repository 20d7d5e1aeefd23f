/* Told in a trace when a view is wrong at the end. Here alone the product's own verdicts are read.
 */
#include <stdio.h>

#include "clerk/exchange/logs.h"
#include "clerk/law/rules.h"
#include "oracle_parts.h"

/* In a trace: what the holder refused and parks of the owner's feed. */
static void verdicts_print(struct world *world, unsigned owner, unsigned holder)
{
    struct line line;
    struct err e = line_open(world->nodes[holder].clerk, store_view(world->nodes[holder].store),
                             text_literal(member_name(owner)), &world->arena, &line);
    if (failed(e) || !world->config.trace)
        return;
    printf("%s holds %llu frames of %s\n", member_name(holder),
           (unsigned long long)line.theirs.frontier.size, member_name(owner));
    for (size_t i = 0; i < line.theirs.refused_count; i++)
        printf("  refused %llu: %.*s\n", (unsigned long long)line.theirs.refused[i].number,
               (int)line.theirs.refused[i].rule.len, line.theirs.refused[i].rule.data);
    for (size_t i = 0; i < line.theirs.parked_count; i++)
        printf("  parked %llu: %.*s\n", (unsigned long long)line.theirs.parked[i].number,
               (int)line.theirs.parked[i].rule.len, line.theirs.parked[i].rule.data);
}

/* In a trace: every frame about the record, as the owner's feed has it. */
static void frames_print(struct world *world, unsigned owner, unsigned holder,
                         const struct sim_record *record)
{
    struct line line;
    struct batch batch;
    const struct node *node = &world->nodes[owner];
    struct err e = line_open(node->clerk, store_view(node->store),
                             text_literal(member_name(holder)), &world->arena, &line);
    if (failed(e) || !world->config.trace || line.numbered == 0 || line.numbered > BATCH_FRAMES_MAX)
        return;
    e = feed_frames(node->clerk, line.view, line.log, 1, line.numbered, &world->arena, &batch);
    for (uint32_t i = 0; !failed(e) && i < batch.count; i++) {
        struct frame frame;
        if (batch.frames[i].hollow) {
            printf("  frame %u hollow\n", i + 1);
            continue;
        }
        if (failed(frame_parse(batch.frames[i].content, &world->arena, &frame)) ||
            !text_is(frame_subject(&frame), record->id))
            continue;
        printf("  frame %u: %.*s\n", i + 1, (int)batch.frames[i].content.len,
               (const char *)batch.frames[i].content.data);
    }
}

static void laws_print(const struct world *world)
{
    for (unsigned i = 0; world->config.trace && i < SIM_LAWS_MAX; i++) {
        const struct law *law = &world->truth.laws[i];
        printf("law %u %.8s categories %x ceiling %u:", i, law->hash, law->categories,
               law->ceiling);
        for (unsigned k = 0; k < world->config.nodes; k++)
            if ((law->parties >> k & 1) != 0)
                printf(" %s%s%s", member_name(k), law->has_signed[k] ? " signed" : "",
                       law->has_left[k] ? " left" : "");
        printf("\n");
    }
}

/* In a trace: what the owner's node says of a record that the holder should have. */
static void decision_print(struct world *world, unsigned owner, unsigned holder,
                           const struct sim_record *record)
{
    const struct node *node = &world->nodes[owner];
    struct store_rows rows = oracle_records(world, node);
    for (size_t i = 0; world->config.trace && i < rows.count; i++) {
        struct json row = oracle_row(world, rows.rows[i].value);
        const struct json *content = json_get(&row, "record");
        if (!text_is(json_get_text(content, "id"), record->id))
            continue;
        struct rules_question question = { .from = text_literal(member_name(owner)),
                                           .to = text_literal(member_name(holder)),
                                           .record = content,
                                           .as_of = node_now(world, node) };
        struct json json;
        struct bytes bytes;
        struct err e = rules_explain(clerk_rules(node->clerk), &question, &world->arena, &json);
        if (!failed(e))
            e = json_format_pretty(&json, &world->arena, &bytes);
        if (!failed(e))
            printf("%.*s\n", (int)bytes.len, (const char *)bytes.data);
    }
}

void oracle_explain(struct world *world, unsigned owner, unsigned holder,
                    const struct sim_record *record)
{
    if (!world->config.trace)
        return;
    laws_print(world);
    verdicts_print(world, owner, holder);
    frames_print(world, owner, holder, record);
    decision_print(world, owner, holder, record);
}
