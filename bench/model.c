/* Cost of one of the demo's invented records: JSON, the model's check and view, a partner's view.
 * Reads the file that COMITY_RECORDS names, else demo/data/nga.ndjson (run it from the source). */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "measure.h"
#include "model/redact.h"

enum { ROUNDS = 30, MEMORY = 16 << 20, INPUT_MAX = 8 << 20 };

static uint8_t memory[MEMORY];
static uint8_t input[INPUT_MAX];

struct cost {
    double json_us, parse_us, redact_us;
    size_t count;
};

static void must(struct err e)
{
    if (failed(e)) {
        fprintf(stderr, "%s\n", e.rule);
        exit(1);
    }
}

static void measure(struct bytes line, struct cost *cost)
{
    static struct findings findings;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json json;
    struct json view;
    struct record record;
    bool all[RECORD_ALERTS_MAX];
    memset(all, true, sizeof(all));
    struct redaction rules = { .alerts = all };
    findings_init(&findings, &arena);
    double start = measure_us(CLOCK_MONOTONIC);
    must(json_parse(line, &arena, &json));
    double read = measure_us(CLOCK_MONOTONIC);
    must(record_parse(&json, &arena, &findings, &record));
    double parsed = measure_us(CLOCK_MONOTONIC);
    must(record_redact(&record, &rules, &arena, &view));
    cost->json_us += read - start;
    cost->parse_us += parsed - read;
    cost->redact_us += measure_us(CLOCK_MONOTONIC) - parsed;
    cost->count++;
}

int main(void)
{
    const char *path = getenv("COMITY_RECORDS");
    FILE *file = fopen(path != NULL ? path : "demo/data/nga.ndjson", "rb");
    if (file == NULL) {
        perror("bench-model");
        return 1;
    }
    size_t len = fread(input, 1, sizeof(input), file);
    fclose(file);
    struct cost cost = { 0 };
    for (int round = 0; round < ROUNDS; round++) {
        size_t at = 0;
        while (at < len) {
            const uint8_t *end = memchr(input + at, '\n', len - at);
            size_t stop = end == NULL ? len : (size_t)(end - input);
            measure(bytes_of(input + at, stop - at), &cost);
            at = stop + 1;
        }
    }
    if (cost.count == 0)
        return 1;
    double count = (double)cost.count;
    printf("M1.record_bytes %.0f B\n", (double)len * ROUNDS / count);
    printf("M1.json_us %.1f us\n", cost.json_us / count);
    printf("M1.record_parse_us %.1f us\n", cost.parse_us / count);
    printf("M1.record_redact_us %.1f us\n", cost.redact_us / count);
    return 0;
}
