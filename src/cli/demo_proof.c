/* Scenes 7 to 10: a cut, a member that leaves, who looked, and a byte that was changed. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/demo.h"
#include "ledger/proof_file.h"
#include "shell/clock.h"
#include "shell/files.h"

enum { CUT_RECORDS = 200, STORE_FILE_MAX = 96 << 20 };

static struct text none(void)
{
    return TEXT("");
}

/* -- cut ---------------------------------------------------------------------------------- */

static void set_text_member(struct demo *demo, struct json *object, const char *name,
                            struct text value)
{
    json_set_text(demo->cli->arena, object, name, value);
}

/* One invented stolen car. */
static struct json car(struct demo *demo, int number)
{
    struct arena *arena = demo->cli->arena;
    char plate[16];
    int len = snprintf(plate, sizeof(plate), "DMO-%03d-XX", number);
    struct text shown = arena_copy_text(arena, (struct text){ plate, (size_t)len });
    static const char template[] =
        "{\"alerts\":[{\"action\":\"seize\",\"category\":\"object.seize\",\"decision\":{"
        "\"authority\":\"Demo Court\",\"date\":\"2026-05-01\",\"kind\":\"report\",\"number\":"
        "\"DEMO\"},\"id\":\"a1\",\"offences\":[{\"mapped\":{\"code\":\"PTS\",\"list\":\"offence\","
        "\"version\":\"6.00\"},\"penalty_death\":false,\"penalty_max_months\":120}],\"reason\":"
        "\"Stolen\",\"recipients\":{\"never\":[]},\"review\":\"2027-05-01\",\"subject\":["
        "\"none-known\"],\"unit\":\"abuja-bureau\",\"valid\":{\"from\":\"2026-05-01\",\"until\":"
        "\"2030-05-01\"}}],\"demo:invented\":true,\"kind\":\"vehicle\",\"owner\":\"NGA\","
        "\"schema\":1,\"unit\":\"abuja-bureau\",\"statements\":[{\"attribute\":\"plate\","
        "\"basis\":\"fact\",\"id\":\"s1\",\"source\":{\"reference\":\"demo\",\"unit\":"
        "\"abuja-bureau\"},\"value\":{\"country\":\"NGA\",\"number\":\"X\"}}]}";
    struct json record = json_null();
    if (failed(json_parse(bytes_of(template, sizeof(template) - 1), arena, &record)))
        return json_null();
    for (uint32_t i = 0; i < record.count; i++) {
        if (!text_is(record.members[i].name, "statements"))
            continue;
        struct json *statement = &record.members[i].value.items[0];
        for (uint32_t j = 0; j < statement->count; j++) {
            if (text_is(statement->members[j].name, "value"))
                set_text_member(demo, &statement->members[j].value, "number", shown);
        }
    }
    return record;
}

bool scene_cut(struct demo *demo)
{
    int64_t before = demo_status(demo, NER, "searchable");
    demo_node_kill(&demo->nodes[NER], SIGKILL);
    demo_line(demo, "demo.killed", demo->nodes[NER].name, none(), none());
    for (int i = 0; i < CUT_RECORDS; i++) {
        struct json body = json_object();
        struct json answer;
        size_t mark = demo->cli->arena->used;
        json_set(demo->cli->arena, &body, "record", car(demo, i));
        if (!demo_post(demo, NGA, CHIEF, TEXT("/v1/records"), &body, &answer))
            return false;
        arena_rewind(demo->cli->arena, mark);
    }
    demo_line(demo, "demo.meanwhile", demo_number(demo, CUT_RECORDS), none(), none());
    struct err e = demo_node_start(demo, &demo->nodes[NER]);
    if (failed(e)) {
        (void)cli_fail(demo->cli, e, none());
        return false;
    }
    int64_t begun = clock_monotonic_us();
    if (demo_settle(demo, NGA, NER) < 0)
        return false;
    int64_t us = clock_monotonic_us() - begun;
    int64_t after = demo_status(demo, NER, "searchable");
    demo_line(demo, "demo.caught-up", demo_ms(demo, us), demo_number(demo, after - before),
              demo_number(demo, before + CUT_RECORDS - after));
    return after - before == CUT_RECORDS; /* I4: none lost, none twice */
}

/* -- leaving ------------------------------------------------------------------------------ */

static bool wait_for(struct demo *demo, enum demo_member who, int64_t wanted)
{
    int64_t until = clock_monotonic_ms() + 10000;
    while (clock_monotonic_ms() < until) {
        if (demo_status(demo, who, "searchable") == wanted)
            return true;
        (void)usleep(5000);
    }
    return false;
}

/* How many records of its own a member has: what is left when every copy has gone. */
static int64_t own_records(struct demo *demo, enum demo_member who)
{
    (void)demo;
    return who == NGA ? 74 + CUT_RECORDS : 73;
}

bool scene_leaving(struct demo *demo)
{
    struct json body = json_object();
    struct json answer;
    int64_t held = demo_status(demo, TCD, "searchable");
    int64_t elsewhere = demo_status(demo, CMR, "searchable");
    struct text path = demo_join(demo, "/v1/agreements/", demo->agreement, "/withdraw");
    if (!demo_post(demo, TCD, CHIEF, path, &body, &answer))
        return false;
    int64_t own = own_records(demo, TCD);
    if (!wait_for(demo, TCD, own))
        return false;
    demo_line(demo, "demo.left", demo->nodes[TCD].name, demo_number(demo, held - own), none());
    int64_t until = clock_monotonic_ms() + 10000;
    int64_t now = elsewhere;
    while (now == elsewhere && clock_monotonic_ms() < until) {
        now = demo_status(demo, CMR, "searchable");
        (void)usleep(5000);
    }
    if (demo_settle(demo, NGA, CMR) < 0)
        return false;
    (void)usleep(200000);
    now = demo_status(demo, CMR, "searchable");
    demo_line(demo, "demo.erased-there", demo->nodes[CMR].name,
              demo_number(demo, elsewhere - now), none());
    return now < elsewhere;
}

/* -- who looked --------------------------------------------------------------------------- */

bool scene_audit(struct demo *demo)
{
    struct json found;
    struct text path = demo_join(demo, "/v1/audit?record=", demo->wanted, "");
    if (!demo_get(demo, BEN, path, &found))
        return false;
    const struct json *items = json_get(&found, "items");
    for (size_t i = 0; i < json_count(items) && i < 3; i++) {
        const struct json *one = json_item(items, i);
        struct text reference = json_get_text(json_get(one, "reference"), "post");
        if (reference.len == 0)
            reference = text_slice(json_get_text(json_get(one, "reference"), "case"), 0, 12);
        demo_line(demo, "demo.looked", json_get_text(one, "user"), json_get_text(one, "purpose"),
                  reference.len > 0 ? reference : TEXT("-"));
    }
    demo_line(demo, "demo.audited", demo_number(demo, (int64_t)json_count(items)), none(), none());
    return json_count(items) >= 2;
}

/* -- proof -------------------------------------------------------------------------------- */

/* Where the bytes of `needle` stand in the file; 0 when nowhere. */
static size_t find_bytes(const char *path, struct bytes needle, struct arena *arena)
{
    struct bytes file;
    size_t mark = arena->used;
    size_t at = 0;
    if (failed(files_read(path, STORE_FILE_MAX, arena, &file)))
        return 0;
    const uint8_t *hit = memmem(file.data, file.len, needle.data, needle.len);
    at = hit == NULL ? 0 : (size_t)(hit - file.data);
    arena_rewind(arena, mark);
    return at;
}

static bool flip_byte(const char *path, size_t at)
{
    uint8_t byte = 0;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool done = fd >= 0 && pread(fd, &byte, 1, (off_t)at) == 1;
    byte ^= 1;
    done = done && pwrite(fd, &byte, 1, (off_t)at) == 1 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return done;
}

/* The commitment of the journal entry that disclosed the wanted person's record: from its proof
 * file. */
static bool entry_of(struct demo *demo, int64_t number, struct hash *out)
{
    struct json answer;
    struct proof_file file;
    struct text path =
        demo_join(demo, "/v1/ledger/proof?entry=", demo_number(demo, number), "");
    if (!demo_get(demo, NGA, path, &answer))
        return false;
    struct text proof = json_get_text(&answer, "proof");
    if (failed(proof_file_parse(text_bytes(proof), demo->cli->arena, &file)))
        return false;
    *out = file.entry;
    return !file.hollow;
}

static bool change_a_byte(struct demo *demo, int64_t number)
{
    char path[DEMO_PATH_MAX + 64];
    struct hash entry;
    if (!entry_of(demo, number, &entry))
        return false;
    demo_node_kill(&demo->nodes[NGA], SIGTERM);
    (void)snprintf(path, sizeof(path), "%s/store/store.db", demo->nodes[NGA].dir);
    size_t at = find_bytes(path, BYTES_OF(entry.bytes), demo->cli->arena);
    if (at == 0 || !flip_byte(path, at + 200)) /* inside the sealed opening behind it */
        return false;
    return !failed(demo_node_start(demo, &demo->nodes[NGA]));
}

/* What a partner holds of Nigeria's feed: its root is the head that Nigeria signed. */
static bool partner_holds(struct demo *demo, enum demo_member who)
{
    struct json ledger;
    if (!demo_get(demo, who, TEXT("/v1/ledger"), &ledger))
        return false;
    const struct json *held = json_get(&ledger, "held");
    for (size_t i = 0; i < json_count(held); i++) {
        const struct json *one = json_item(held, i);
        int64_t size = 0;
        if (!text_is(json_get_text(one, "partner"), "NGA"))
            continue;
        (void)json_get_integer(one, "size", &size);
        demo_line(demo, "demo.partner-holds", demo->nodes[who].name, demo_number(demo, size),
                  text_slice(json_get_text(one, "root"), 0, 16));
        return true;
    }
    return false;
}

bool scene_proof(struct demo *demo)
{
    struct json answer;
    struct json body = json_object();
    struct json deliveries;
    int64_t damaged = 0;
    int64_t entries = 0;
    int64_t entry = 0;
    struct text path = demo_join(demo, "/v1/records/", demo->wanted, "/deliveries");
    if (!demo_get(demo, NGA, path, &deliveries))
        return false;
    const struct json *items = json_get(&deliveries, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        if (text_is(json_get_text(json_item(items, i), "partner"), "BEN"))
            (void)json_get_integer(json_item(items, i), "entry", &entry);
    }
    if (entry == 0 || !change_a_byte(demo, entry) ||
        !demo_post(demo, NGA, CHIEF, TEXT("/v1/ledger/verify"), &body, &answer))
        return false;
    (void)json_get_integer(&answer, "damaged", &damaged);
    (void)json_get_integer(&answer, "entries", &entries);
    const struct json *finding = json_item(json_get(&answer, "findings"), 0);
    int64_t leaf = 0;
    (void)json_get_integer(finding, "leaf", &leaf);
    if (damaged < 1)
        return false;
    demo_line(demo, "demo.damaged", demo_number(demo, entries), demo_number(demo, leaf + 1),
              text_literal(text_say(demo->cli->lang, "demo.feed-of-ben")));
    return partner_holds(demo, NER) && partner_holds(demo, BEN);
}
