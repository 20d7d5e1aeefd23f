#include "model/form.h"

#include "model/record.h"

enum { LOCAL_ID_MAX = 32, LANGUAGE_MAX = 35, DECIMAL_MAX = 38 };

const char *form_text(struct text in, size_t max)
{
    if (in.len > max)
        return "record.text-too-long";
    if (text_trim(in).len == 0)
        return "record.text-blank";
    for (size_t i = 0; i < in.len; i++) {
        unsigned char c = (unsigned char)in.data[i];
        if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
            return "record.control-character";
    }
    return NULL;
}

bool form_date(struct text in)
{
    struct date date;
    return !failed(date_parse(in, &date));
}

bool form_instant(struct text in)
{
    struct instant instant;
    return !failed(instant_parse(in, &instant));
}

bool form_member(struct text in)
{
    struct member_code member;
    return !failed(member_code_parse(in, &member));
}

bool form_record_id(struct text in)
{
    struct record_id id;
    return !failed(record_id_parse(in, &id));
}

static bool in_range(char c, char low, char high)
{
    return c >= low && c <= high;
}

static bool alphanumeric(char c)
{
    return in_range(c, 'a', 'z') || in_range(c, 'A', 'Z') || in_range(c, '0', '9');
}

bool form_decimal(struct text in)
{
    size_t at = in.len > 0 && in.data[0] == '-' ? 1 : 0;
    size_t digits = 0;
    size_t points = 0;
    if (in.len > DECIMAL_MAX)
        return false;
    for (; at < in.len; at++) {
        if (in.data[at] == '.' && digits > 0 && points == 0 && at + 1 < in.len)
            points++;
        else if (in_range(in.data[at], '0', '9'))
            digits++;
        else
            return false;
    }
    return digits > 0;
}

bool form_sha256(struct text in)
{
    for (size_t i = 0; i < in.len; i++) {
        if (!in_range(in.data[i], '0', '9') && !in_range(in.data[i], 'a', 'f'))
            return false;
    }
    return in.len == 64;
}

bool form_script(struct text in)
{
    return in.len == 4 && in_range(in.data[0], 'A', 'Z') && in_range(in.data[1], 'a', 'z') &&
           in_range(in.data[2], 'a', 'z') && in_range(in.data[3], 'a', 'z');
}

/* The form of BCP 47, not its registry. */
bool form_language(struct text in)
{
    size_t part = 0;
    size_t parts = 0;
    if (in.len > LANGUAGE_MAX)
        return false;
    for (size_t i = 0; i < in.len; i++) {
        if (in.data[i] == '-') {
            if (part == 0 || (parts == 0 && part > 3))
                return false;
            parts++;
            part = 0;
        } else if (!alphanumeric(in.data[i]) || ++part > 8 ||
                   (parts == 0 && !in_range(in.data[i], 'a', 'z'))) {
            return false;
        }
    }
    return parts == 0 ? part == 2 || part == 3 : part > 0;
}

bool form_local(struct text in)
{
    return in.len <= LOCAL_ID_MAX && slug_valid(in);
}

bool form_attribute(struct text in)
{
    for (size_t i = 0; i < in.len; i++) {
        if (!in_range(in.data[i], 'a', 'z') && !in_range(in.data[i], '0', '9') &&
            in.data[i] != '-' && in.data[i] != ':')
            return false;
    }
    return in.len > 0 && in.len <= CODE_TEXT_MAX;
}
