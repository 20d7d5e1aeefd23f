#include "shell/term.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unistd.h>

#include "core/writer.h"
#include "shell/clock.h"

enum { TERM_WIDTH = 80, TERM_WIDTH_MAX = 1000, PROGRESS_AFTER_MS = 500, PROGRESS_EVERY_MS = 100 };

static int term_width(int fd)
{
    struct winsize size = { 0 };
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_col <= TERM_WIDTH_MAX)
        return size.ws_col;
    return TERM_WIDTH;
}

struct term term_open(int fd)
{
    bool tty = isatty(fd) == 1;
    const char *no_color = getenv("NO_COLOR");
    const char *name = getenv("TERM");
    bool dumb = !name || strcmp(name, "dumb") == 0;
    return (struct term){
        .fd = fd,
        .tty = tty,
        .colours = tty && !dumb && (!no_color || no_color[0] == '\0'),
        .width = tty ? term_width(fd) : TERM_WIDTH,
        .begun_ms = clock_monotonic_ms(),
    };
}

const char *term_style(const struct term *term, enum term_style style)
{
    static const char *const codes[] = {
        [TERM_PLAIN] = "\033[0m", [TERM_BOLD] = "\033[1m",   [TERM_DIM] = "\033[2m",
        [TERM_RED] = "\033[31m",  [TERM_GREEN] = "\033[32m", [TERM_YELLOW] = "\033[33m",
        [TERM_BLUE] = "\033[34m",
    };
    return term->colours ? codes[style] : "";
}

/* The character at *at, which moves behind it. A text is proved UTF-8. */
static UChar32 next_character(struct text in, size_t *at)
{
    unsigned char first = (unsigned char)in.data[(*at)++];
    if (first < 0x80)
        return first;
    int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    UChar32 c = first & (0x3F >> more);
    for (; more > 0 && *at < in.len; more--)
        c = (c << 6) | ((unsigned char)in.data[(*at)++] & 0x3F);
    return c;
}

static bool is_harmful(UChar32 c)
{
    if (c == '\n' || c == '\t')
        return false;
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029 || c == 0x200E ||
           c == 0x200F || c == 0x061C;
}

struct text term_clean(struct arena *arena, struct text in)
{
    struct writer w = writer_in(arena);
    size_t at = 0;
    while (at < in.len) {
        size_t begin = at;
        if (is_harmful(next_character(in, &at)))
            writer_literal(&w, "\xEF\xBF\xBD");
        else
            writer_text(&w, text_slice(in, begin, at - begin));
    }
    struct bytes out = { NULL, 0 };
    if (failed(writer_keep(&w, arena, &out)))
        return TEXT("");
    return (struct text){ (const char *)out.data, out.len };
}

static size_t char_columns(UChar32 c)
{
    int8_t type = u_charType(c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
        return 0;
    int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_FULLWIDTH || width == U_EA_WIDE ? 2 : 1;
}

size_t term_columns(struct text in)
{
    size_t columns = 0;
    size_t at = 0;
    while (at < in.len)
        columns += char_columns(next_character(in, &at));
    return columns;
}

static size_t cut_at_character(struct text in, size_t len)
{
    while (len > 0 && ((unsigned char)in.data[len] & 0xC0) == 0x80)
        len--;
    return len;
}

void term_progress(struct term *term, struct text label, uint64_t done, uint64_t total)
{
    int64_t now = clock_monotonic_ms();
    if (!term->tty || now - term->begun_ms < PROGRESS_AFTER_MS ||
        now - term->drawn_ms < PROGRESS_EVERY_MS)
        return;
    term->drawn_ms = now;
    size_t room = term->width > 48 ? (size_t)term->width - 48 : 0;
    int len = (int)(label.len < room ? label.len : cut_at_character(label, room));
    if (total > 0)
        dprintf(term->fd, "\r\033[K%.*s %llu/%llu (%llu %%)", len, label.data,
                (unsigned long long)done, (unsigned long long)total,
                (unsigned long long)(done <= total ? done * 100 / total : 100));
    else
        dprintf(term->fd, "\r\033[K%.*s %llu", len, label.data, (unsigned long long)done);
}

void term_progress_end(struct term *term)
{
    if (term->drawn_ms > 0)
        dprintf(term->fd, "\r\033[K");
    term->drawn_ms = 0;
}
