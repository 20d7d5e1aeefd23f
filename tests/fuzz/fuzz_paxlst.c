/* Any bytes as a passenger list: it ends, in bounds, and tells of no more persons than bytes. */
#include <stdlib.h>

#include "import/paxlst.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[1 << 20];
    struct paxlst list = paxlst_over(bytes_of(data, size), (struct date){ 2026, 11, 23 });
    struct arena arena = arena_over(memory, sizeof(memory));
    struct paxlst_person person;
    struct err e;
    for (size_t told = 0; paxlst_next(&list, &arena, &person, &e); told++) {
        if (told > size || person.document_count > PAXLST_DOCUMENTS_MAX ||
            (person.has_birth && !date_valid(person.birth)))
            abort();
        if (arena.full)
            arena_reset(&arena);
    }
    return 0;
}
