#include "truth.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const sim_categories[SIM_CATEGORIES] = { "wanted.arrest", "wanted.locate",
                                                     "missing.protect", "check", "police-record" };
const char *const sim_levels[SIM_LEVELS] = { "unclassified", "restricted", "confidential" };
static const char *const actions[SIM_CATEGORIES] = { "arrest", "locate", "protect", "check",
                                                     "inform" };

const char *member_name(unsigned member)
{
    static const char *const names[SIM_MEMBERS_MAX] = { "NGA", "NER", "TCD", "CMR", "BEN", "TGO" };
    assert(member < SIM_MEMBERS_MAX);
    return names[member];
}

bool law_signed(const struct law *law)
{
    for (unsigned i = 0; i < SIM_MEMBERS_MAX; i++)
        if ((law->parties >> i & 1) != 0 && !law->has_signed[i])
            return false;
    return true;
}

static bool binds(const struct law *law, unsigned a, unsigned b)
{
    return law_signed(law) && (law->parties >> a & 1) != 0 && (law->parties >> b & 1) != 0 &&
           !law->has_left[a] && !law->has_left[b];
}

bool law_joins(const struct law *law, unsigned a, unsigned b)
{
    for (unsigned kind = 0; kind < 2; kind++)
        if (law->stops[kind][a][b].open || law->stops[kind][b][a].open ||
            law->stops[kind][a][SIM_MEMBERS_MAX].open || law->stops[kind][b][SIM_MEMBERS_MAX].open)
            return false;
    return binds(law, a, b) && (law->next == NULL || !binds(law->next, a, b));
}

bool law_covers(const struct law *law, unsigned from, unsigned to, const struct version *version)
{
    return from != to && (law->categories >> version->category & 1) != 0 &&
           version->level <= law->ceiling && (version->only == 0 || (version->only >> to & 1) != 0);
}

enum truth_view truth_view(const struct truth *truth, unsigned from, unsigned to,
                           const struct sim_record *record)
{
    unsigned whole = 0;
    unsigned without = 0;
    if (record->state != RECORD_LIVE)
        return VIEW_NOTHING;
    for (size_t i = 0; i < SIM_LAWS_MAX; i++) {
        const struct law *law = &truth->laws[i];
        if (!law_joins(law, from, to) || !law_covers(law, from, to, record_last(record)))
            continue;
        *(law->withholds ? &without : &whole) += 1;
    }
    if (whole > 0 && without > 0)
        return VIEW_EITHER; /* which of two clauses is the basis is the product's choice */
    return whole > 0 ? VIEW_WHOLE : without > 0 ? VIEW_WITHOUT_PHONE : VIEW_NOTHING;
}

const struct version *record_version(const struct sim_record *record, uint64_t number)
{
    for (unsigned i = 0; i < record->count; i++)
        if (record->versions[i].number == number)
            return &record->versions[i];
    return NULL;
}

struct sim_record *truth_find(struct truth *truth, unsigned owner, const char *id, size_t len)
{
    for (unsigned i = 0; i < truth->record_count[owner]; i++) {
        struct sim_record *record = &truth->records[owner][i];
        if (strlen(record->id) == len && memcmp(record->id, id, len) == 0)
            return record;
    }
    return NULL;
}

struct page {
    char *out;
    size_t size;
    size_t len;
};

static void page_add(struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void page_add(struct page *page, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int len = vsnprintf(page->out + page->len, page->size - page->len, format, list);
    va_end(list);
    assert(len >= 0 && (size_t)len < page->size - page->len);
    page->len += (size_t)len;
}

size_t law_text(const struct law *law, unsigned number, unsigned members, const char keys[][65],
                char *out, size_t size)
{
    struct page page = { out, size, 0 };
    bool next = law->old != NULL;
    page_add(&page, "agreement sim-%u version %u\ntitle \"Simulated\"\nparties",
             next ? number - SIM_LAWS_FIRST + 1 : number, next ? 2 : 1);
    for (unsigned i = 0; i < members; i++)
        if ((law->parties >> i & 1) != 0)
            page_add(&page, " %s", member_name(i));
    page_add(&page, "\nin force when all parties have signed\n");
    if (next)
        page_add(&page, "replaces sim-%u version 1\n", number - SIM_LAWS_FIRST + 1);
    page_add(&page,
             "classification up to %s\n\n"
             "article 1 \"Alerts\"\n  share person where category in (",
             sim_levels[law->ceiling]);
    const char *comma = "";
    for (unsigned i = 0; i < SIM_CATEGORIES; i++) {
        if ((law->categories >> i & 1) == 0)
            continue;
        page_add(&page, "%s%s", comma, sim_categories[i]);
        comma = ", ";
    }
    page_add(&page, ")\n    among parties for criminal-investigation by copy\n");
    if (law->withholds)
        page_add(&page, "    withhold field phone\n");
    page_add(&page, "    answer urgent within 8 hours, otherwise within 3 days\n\nannex\n");
    for (unsigned i = 0; i < members; i++)
        if ((law->parties >> i & 1) != 0)
            page_add(&page, "  party %s key %s\n", member_name(i), keys[i]);
    return page.len;
}

static void statement_add(struct page *page, const char *id, const char *attribute,
                          const char *value)
{
    page_add(page,
             "{\"id\":\"%s\",\"attribute\":\"%s\",\"value\":%s,"
             "\"source\":{\"unit\":\"registry\",\"reference\":\"file 1\"},\"basis\":\"fact\"}",
             id, attribute, value);
}

size_t version_text(const struct version *version, unsigned owner, const char *id, char *out,
                    size_t size)
{
    struct page page = { out, size, 0 };
    char value[128];
    page_add(&page, "{\"schema\":1,");
    page_add(&page, "\"id\":\"%s\",", id);
    page_add(&page,
             "\"owner\":\"%s\",\"kind\":\"person\",\"unit\":\"registry\","
             "\"classification\":\"%s\",\"statements\":[",
             member_name(owner), sim_levels[version->level]);
    snprintf(value, sizeof value, "{\"full\":\"INVENTED Person %llu\"}",
             (unsigned long long)version->serial);
    statement_add(&page, "s1", "name", value);
    page_add(&page, ",");
    snprintf(value, sizeof value,
             "{\"from\":\"19%02llu-05-17\",\"to\":\"19%02llu-05-17\","
             "\"quality\":\"exact\"}",
             (unsigned long long)(50 + version->serial % 40),
             (unsigned long long)(50 + version->serial % 40));
    statement_add(&page, "s2", "birth-date", value);
    if (version->phone) {
        page_add(&page, ",");
        snprintf(value, sizeof value, "{\"number\":\"+2279%07llu\"}",
                 (unsigned long long)(version->serial % 10000000));
        statement_add(&page, "s3", "phone", value);
    }
    page_add(&page,
             "],\"alerts\":[{\"id\":\"a1\",\"category\":\"%s\",\"action\":\"%s\","
             "\"reason\":\"simulated\",\"subject\":[\"suspect\"],"
             "\"valid\":{\"from\":\"2020-01-01\"},\"review\":\"2040-01-01\","
             "\"classification\":\"%s\",\"recipients\":{",
             sim_categories[version->category], actions[version->category],
             sim_levels[version->level]);
    if (version->only == 0) {
        page_add(&page, "\"never\":[\"x-nobody\"]");
    } else {
        page_add(&page, "\"only\":[");
        const char *comma = "";
        for (unsigned i = 0; i < SIM_MEMBERS_MAX; i++) {
            if ((version->only >> i & 1) == 0)
                continue;
            page_add(&page, "%s\"%s\"", comma, member_name(i));
            comma = ",";
        }
        page_add(&page, "]");
    }
    page_add(&page, "}}]}");
    return page.len;
}
