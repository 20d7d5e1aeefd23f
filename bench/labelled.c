#include "labelled.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void *need(void *memory)
{
    if (memory == NULL) {
        perror("bench: memory");
        exit(1);
    }
    return memory;
}

static void succeed(struct err e)
{
    if (failed(e)) {
        fprintf(stderr, "bench: %s\n", e.rule);
        exit(1);
    }
}

/* -- tables ------------------------------------------------------------------------------------ */

static char *read_all(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    size_t room = 1 << 20;
    size_t got = 1;
    if (file == NULL)
        return NULL;
    char *bytes = need(malloc(room));
    for (*len = 0; got > 0; *len += got) {
        if (room - *len < 1 << 16)
            bytes = need(realloc(bytes, room *= 2));
        got = fread(bytes + *len, 1, room - *len, file);
    }
    fclose(file);
    return bytes;
}

bool table_open(struct table *table, const char *below, char separator)
{
    const char *base = getenv("COMITY_SHARED");
    char path[4096] = "";
    size_t len = 0;
    snprintf(path, sizeof path, "%s/%s", base == NULL ? "" : base, below);
    char *bytes = base == NULL ? NULL : read_all(path, &len);
    if (bytes == NULL) {
        fprintf(stderr, "skipped: no %s in COMITY_SHARED\n", below);
        return false;
    }
    size_t room = 6 * len + (1 << 16);
    table->arena = arena_over(need(malloc(room)), room);
    uint8_t *own = arena_take(&table->arena, len);
    memcpy(need(own), bytes, len);
    free(bytes);
    table->reader = csv_over(bytes_of(own, len), separator, false);
    table->row.count = 0;
    return true;
}

bool table_next(struct table *table)
{
    succeed(csv_next(&table->reader, &table->arena, &table->row));
    return table->row.count > 0;
}

struct text table_field(const struct table *table, size_t i)
{
    return i < table->row.count ? table->row.fields[i] : (struct text){ 0 };
}

void table_again(struct table *table)
{
    table->reader.at = 0;
}

void table_close(struct table *table)
{
    free(table->arena.data);
    table->arena = (struct arena){ 0 };
}

struct index_birth labelled_birth(struct text in)
{
    int part[3] = { 0 };
    size_t count = 0;
    for (size_t i = 0; i < in.len; i++) {
        if (in.data[i] == '-' && count < 2)
            count++;
        else if (in.data[i] >= '0' && in.data[i] <= '9' && part[count] < 1000)
            part[count] = part[count] * 10 + in.data[i] - '0';
        else
            return (struct index_birth){ 0 };
    }
    if (part[0] < 1 || part[0] > 9998)
        return (struct index_birth){ 0 };
    struct date day = { (int16_t)part[0], (uint8_t)part[1], (uint8_t)part[2] };
    return count == 2 ? index_birth_exact(day) : index_birth_year(part[0]);
}

/* -- index ------------------------------------------------------------------------------------- */

static void *grow(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    *room = *room * 2 + 1024;
    return need(realloc(array, *room * size));
}

/* Until the index is built, a document's number is where its names begin. */
void bench_index_add_name(struct bench_index *index, const struct index_name *name,
                          struct index_birth birth, bool same_as_last)
{
    index->names = grow(index->names, index->name_count, &index->name_room, sizeof *index->names);
    index->docs = grow(index->docs, index->count, &index->room, sizeof *index->docs);
    index->names[index->name_count] = *name;
    if (same_as_last)
        index->docs[index->count - 1].name_count++;
    else
        index->docs[index->count++] =
            (struct index_doc){ .number = index->name_count, .birth = birth, .name_count = 1 };
    index->name_count++;
}

void bench_index_add(struct bench_index *index, struct text name, struct index_birth birth,
                     bool same_as_last)
{
    struct index_name whole = { .full = name };
    bench_index_add_name(index, &whole, birth, same_as_last);
}

void bench_index_build(struct bench_index *index)
{
    for (size_t i = 0; i < index->count; i++) {
        index->docs[i].names = &index->names[index->docs[i].number];
        index->docs[i].number = i + 1;
    }
    size_t room = index_build_room(index->docs, index->count);
    index->arena = arena_over(need(malloc(room)), room);
    struct bytes bytes;
    succeed(index_build(index->docs, index->count, &index->arena, &bytes));
    succeed(index_open(bytes, &index->segment));
    struct index_query any = { 0 };
    room = index_search_room(&index->segment, 1, &any);
    index->scratch = arena_over(need(malloc(room)), room);
}

bool bench_index_search(struct bench_index *index, const struct index_query *query,
                        struct index_answer *out)
{
    struct index_filter filter = { 0 };
    arena_reset(&index->scratch);
    *out = (struct index_answer){ 0 };
    struct err e = index_search(&index->segment, 1, &filter, query, &index->scratch, out);
    if (failed(e) && e.code != ERR_INVALID)
        succeed(e);
    return !failed(e) && !out->too_common;
}

enum index_band bench_index_band(const struct index_answer *answer, uint64_t number)
{
    for (size_t i = 0; i < answer->hit_count; i++) {
        if (answer->hits[i].doc == number)
            return answer->hits[i].band;
    }
    return INDEX_NONE;
}

void bench_index_free(struct bench_index *index)
{
    free(index->docs);
    free(index->names);
    free(index->arena.data);
    free(index->scratch.data);
    *index = (struct bench_index){ 0 };
}

/* -- pairs ------------------------------------------------------------------------------------- */

struct index_hit labelled_compare(struct text query, struct text name, uint16_t kind)
{
    static uint8_t memory[1 << 20];
    struct arena arena = arena_over(memory, sizeof memory);
    struct index_query asked = { .name.full = query };
    struct index_name names = { .full = name };
    struct index_doc doc = { .number = 1, .kind = kind, .names = &names, .name_count = 1 };
    struct index_hit hit = { 0 };
    struct err e = index_compare(&asked, &doc, &arena, &hit);
    if (failed(e) && e.code != ERR_INVALID)
        succeed(e);
    return failed(e) ? (struct index_hit){ 0 } : hit;
}

const struct index_reason *labelled_likeness(const struct index_hit *hit)
{
    const struct index_reason *best = NULL;
    for (size_t i = 0; i < hit->reason_count; i++) {
        const struct index_reason *r = &hit->reasons[i];
        bool like = r->field == INDEX_NAME && r->theirs.len > 0 && r->ours.len > 0 &&
                    (r->relation == INDEX_AGREE || r->relation == INDEX_CLOSE);
        if (like && (best == NULL || r->weight > best->weight))
            best = r;
    }
    return best;
}

/* -- figures ----------------------------------------------------------------------------------- */

void curve_add(struct curve *curve, int32_t score, bool match)
{
    curve->points = grow(curve->points, curve->count, &curve->room, sizeof *curve->points);
    curve->points[curve->count++] = (struct curve_point){ score, match };
}

static int by_score(const void *a, const void *b)
{
    const struct curve_point *x = a;
    const struct curve_point *y = b;
    return (x->score < y->score) - (x->score > y->score);
}

double curve_write(struct curve *curve, const char *folder, const char *name)
{
    char path[4096];
    double best = 0;
    double right = 0;
    double all = 0;
    snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
    FILE *file = need(fopen(path, "w"));
    if (curve->count > 0)
        qsort(curve->points, curve->count, sizeof *curve->points, by_score);
    for (size_t i = 0; i < curve->count; i++)
        all += curve->points[i].match;
    fprintf(file, "score\tprecision\trecall\tf1\n");
    for (size_t i = 0; i < curve->count; i++) {
        int32_t score = curve->points[i].score;
        right += curve->points[i].match;
        if (i + 1 < curve->count && curve->points[i + 1].score == score)
            continue;
        double f1 = 2 * right / (all + (double)(i + 1));
        best = f1 > best ? f1 : best;
        fprintf(file, "%d\t%.4f\t%.4f\t%.4f\n", score, right / (double)(i + 1),
                all > 0 ? right / all : 0, f1);
    }
    fclose(file);
    free(curve->points);
    *curve = (struct curve){ 0 };
    return best;
}

void outcomes_add(struct outcomes *o, bool said, bool truth)
{
    o->right += said && truth;
    o->wrong += said && !truth;
    o->missed += !said && truth;
    o->rejected += !said && !truth;
}

double outcomes_f1(const struct outcomes *o)
{
    return o->right > 0 ? 2 * o->right / (2 * o->right + o->wrong + o->missed) : 0;
}

double mcnemar(size_t only_a, size_t only_b)
{
    size_t total = only_a + only_b;
    size_t few = only_a < only_b ? only_a : only_b;
    double sum = 0;
    for (size_t k = 0; k <= few; k++)
        sum += exp(lgamma((double)total + 1) - lgamma((double)k + 1) -
                   lgamma((double)(total - k) + 1) - (double)total * log(2));
    return sum * 2 < 1 ? sum * 2 : 1;
}
