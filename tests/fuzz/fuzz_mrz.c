/* What is read is reported on without a crash; its names, written again, read back equal. */
#include <stdlib.h>

#include "model/mrz.h"

static uint8_t memory[1 << 16];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct findings findings;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct date today = { 2026, 11, 22 };
    struct text in;
    struct mrz mrz;
    if (size > 1024 || failed(text_parse(bytes_of(data, size), &in)))
        return 0;
    (void)mrz_transliterate(in, MRZ_UKRAINIAN, &arena);
    if (failed(mrz_parse(in, &arena, &mrz)))
        return 0;
    findings_init(&findings, &arena);
    mrz_report(&mrz, &findings);
    struct when born = mrz_birth(&mrz, today);
    if (born.quality != WHEN_UNKNOWN && date_days(born.from) > date_days(born.to))
        abort();
    struct mrz_fields fields = { .format = MRZ_TD3, .surname = mrz.surname, .given = mrz.given };
    struct text written;
    fields.sex = 'F';
    if (failed(mrz_write(&fields, &arena, &written)) || failed(mrz_parse(written, &arena, &mrz)))
        abort();
    return 0;
}
