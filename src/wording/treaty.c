#include "wording/treaty.h"

struct text_place treaty_place(struct text text, uint32_t at)
{
    struct text_place place = { 1, 1 };
    for (uint32_t i = 0; i < at && i < text.len; i++) {
        uint8_t byte = (uint8_t)text.data[i];
        if (byte == '\n') {
            place.line++;
            place.column = 1;
        } else if ((byte & 0xc0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

bool treaty_language_parse(struct text tag, enum language *out)
{
    static const char *const tags[LANGUAGES] = {
        [LANGUAGE_EN] = "en", [LANGUAGE_FR] = "fr", [LANGUAGE_AR] = "ar"
    };
    for (enum language i = LANGUAGE_EN; i < LANGUAGES; i++) {
        if (text_is(tag, tags[i])) {
            *out = i;
            return true;
        }
    }
    return false;
}

bool codes_have(struct codes codes, struct text code)
{
    for (uint32_t i = 0; i < codes.count; i++) {
        if (text_equal(codes.items[i], code))
            return true;
    }
    return false;
}

bool treaty_has_party(const struct treaty *treaty, struct text member)
{
    return codes_have(treaty->parties, member);
}

const struct annex_entry *treaty_annex_find(const struct treaty *treaty, struct text member)
{
    for (uint32_t i = 0; i < treaty->annex_count; i++) {
        if (text_equal(treaty->annex[i].party, member))
            return &treaty->annex[i];
    }
    return NULL;
}

const struct clause *treaty_clause_find(const struct treaty *treaty, struct text id)
{
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        for (uint32_t j = 0; j < treaty->articles[i].count; j++) {
            if (text_equal(treaty->articles[i].clauses[j].id, id))
                return &treaty->articles[i].clauses[j];
        }
    }
    return NULL;
}

const struct group *treaty_group_find(const struct treaty *treaty, struct text name)
{
    for (uint32_t i = 0; i < treaty->group_count; i++) {
        if (text_equal(treaty->groups[i].name, name))
            return &treaty->groups[i];
    }
    return NULL;
}

bool treaty_names(const struct treaty *treaty, struct codes names, struct text member)
{
    if (names.count == 0)
        return treaty_has_party(treaty, member);
    if (codes_have(names, member))
        return true;
    for (uint32_t i = 0; i < names.count; i++) {
        const struct group *group = treaty_group_find(treaty, names.items[i]);
        if (group != NULL && codes_have(group->members, member))
            return true;
    }
    return false;
}

static uint32_t push_distinct(struct codes members, struct text out[TREATY_PARTIES_MAX],
                              uint32_t count)
{
    for (uint32_t i = 0; i < members.count; i++) {
        struct codes known = { out, count };
        if (count < TREATY_PARTIES_MAX && !codes_have(known, members.items[i]))
            out[count++] = members.items[i];
    }
    return count;
}

uint32_t treaty_members_of(const struct treaty *treaty, struct codes names,
                           struct text out[TREATY_PARTIES_MAX])
{
    uint32_t count = 0;
    if (names.count == 0)
        return push_distinct(treaty->parties, out, 0);
    for (uint32_t i = 0; i < names.count; i++) {
        const struct group *group = treaty_group_find(treaty, names.items[i]);
        struct codes members =
            group != NULL ? group->members : (struct codes){ &names.items[i], 1 };
        count = push_distinct(members, out, count);
    }
    return count;
}

static bool excluded(const struct treaty *treaty, struct text member, uint16_t article,
                     uint32_t clause)
{
    for (uint32_t i = 0; i < treaty->reservation_count; i++) {
        const struct reservation *reservation = &treaty->reservations[i];
        if (reservation->not_bound && text_equal(reservation->party, member) &&
            reservation->article == article &&
            (reservation->clause == 0 || reservation->clause == clause))
            return true;
    }
    return false;
}

struct err treaty_check_enter(const struct treaty *treaty, struct text self)
{
    for (uint32_t i = 0; treaty_has_party(treaty, self) && i < treaty->article_count; i++) {
        const struct article *article = &treaty->articles[i];
        for (uint32_t j = 0; j < article->count; j++) {
            const struct clause *clause = &article->clauses[j];
            if (clause->kind == CLAUSE_SHARE && clause->mode == MODE_HIT &&
                (treaty_names(treaty, clause->from, self) ||
                 treaty_names(treaty, clause->to, self)) &&
                !excluded(treaty, self, article->number, j + 1))
                return err_at(ERR_UNAVAILABLE, clause->at, "treaty.hit-not-yet");
        }
    }
    return err_none();
}

uint32_t span_hours(struct span span)
{
    static const uint32_t hours[SPAN_UNITS] = {
        [SPAN_HOUR] = 1,        [SPAN_DAY] = 24,        [SPAN_WEEK] = 7 * 24,
        [SPAN_MONTH] = 30 * 24, [SPAN_YEAR] = 365 * 24,
    };
    return span.count * hours[span.unit];
}
