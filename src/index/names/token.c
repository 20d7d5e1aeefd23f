#include "index/names/token.h"

#include <assert.h>

#include "index/score/distance.h"
#include "index/score/score.h"

enum {
    APART_NEAR = 40, /* percent of the letters in which tight folds may differ */
    APART_FAR = 68,
    APART_FAR_LONG = TOKEN_APART_MAX, /* more than two consonants agree, or the only one */
    APART_FAR_EDIT = 60,
    SOUND_LEAST = 5, /* percent: like, however little it says */
    SPLIT_SLACK = 3  /* letters by which two words may differ from the one they make */
};

struct near { /* the nearest pair of forms */
    unsigned distance;
    unsigned len; /* of the shorter */
    unsigned longer;
};

/* The weight is in percent until token_weigh. */
static struct likeness exact_of(int32_t percent, const char *rule)
{
    return (struct likeness){ .weight = (int16_t)percent, .exact = true, .rule = rule };
}

static struct likeness close_of(int32_t percent, const char *rule)
{
    return (struct likeness){ .weight = (int16_t)percent, .rule = rule };
}

static struct likeness heard_as(int32_t percent, const char *rule)
{
    return (struct likeness){ .weight = (int16_t)percent, .script = true, .rule = rule };
}

static struct likeness edit_of(int32_t percent, const char *rule)
{
    return (struct likeness){ .weight = (int16_t)percent, .edit = true, .rule = rule };
}

static const struct likeness nothing = { .rule = "" };

static struct likeness better(struct likeness a, struct likeness b)
{
    return b.weight > a.weight ? b : a;
}

static struct near nearest(const struct letters *a, size_t a_count, const struct letters *b,
                           size_t b_count, unsigned max)
{
    struct near best = { DISTANCE_FAR, 0, 0 };
    for (size_t i = 0; i < a_count; i++) {
        struct pattern pattern;
        pattern_make(&a[i], &pattern);
        for (size_t k = 0; k < b_count; k++) {
            unsigned distance = pattern_distance(&pattern, b[k].at, b[k].len, max);
            unsigned len = a[i].len < b[k].len ? a[i].len : b[k].len;
            unsigned longer = a[i].len < b[k].len ? b[k].len : a[i].len;
            if (distance < best.distance || (distance == best.distance && len > best.len))
                best = (struct near){ distance, len, longer };
        }
    }
    return best;
}

static struct likeness compare_classes(const struct score_table *score, const struct token *a,
                                       const struct token *b)
{
    struct likeness best = nothing;
    for (size_t i = 0; i < a->class_count; i++) {
        for (size_t k = 0; k < b->class_count; k++) {
            if (a->classes[i].id != b->classes[k].id)
                continue;
            switch ((enum class_kind)a->classes[i].kind) {
            case CLASS_SAME:
                best = better(best, exact_of(score->synonym, "name.synonym"));
                break;
            case CLASS_CROSS:
                best = better(best, close_of(score->other_language, "name.other-language"));
                break;
            case CLASS_NICKNAME:
                best = better(best, close_of(score->nickname, "name.nickname"));
                break;
            }
        }
    }
    return best;
}

/* The form ends in -ta, -tu, -t: an Arabic feminine, whatever its vowel. */
static bool is_feminine(const struct letters *form)
{
    size_t end = form->len;
    while (end > 0 && strchr("aeiou", form->at[end - 1]) != NULL)
        end--;
    return end >= 5 && form->at[end - 1] == 't';
}

/* Of forms whose stems agree: the last letter is a in both or in none. */
static bool ends_alike(const struct letters *a, const struct letters *b)
{
    return (a->at[a->len - 1] == 'a') == (b->at[b->len - 1] == 'a') ||
           (is_feminine(a) && is_feminine(b));
}

/* One habit of administrations or languages: French and English Sahel, Hausa, Fulfulde, Zarma. */
static struct likeness compare_stems(const struct score_table *score, const struct token *a,
                                     const struct token *b)
{
    struct likeness best = nothing;
    struct letters theirs[FORMS_MAX];
    for (size_t k = 0; k < b->form_count; k++)
        fold_stem(&b->form[k], &b->tight[k], &theirs[k]);
    for (size_t i = 0; i < a->form_count; i++) {
        struct letters ours;
        fold_stem(&a->form[i], &a->tight[i], &ours);
        for (size_t k = 0; k < b->form_count && ours.len >= STEM_MIN; k++) {
            if (!letters_equal(&ours, &theirs[k]))
                continue;
            int32_t here = score->habit[ours.len < HABIT_LEN_MAX ? ours.len : HABIT_LEN_MAX];
            bool alike = ends_alike(&a->form[i], &b->form[k]);
            here = alike || here < score->other_gender ? here : score->other_gender;
            best = better(best, close_of(here, "name.habit"));
        }
    }
    return best;
}

/* The only difference is a last a: Jamilu, Jamila; Mario, Maria; Karim, Karima. */
static bool is_other_gender(const struct letters *a, const struct letters *b)
{
    const struct letters *longer = a->len >= b->len ? a : b;
    const struct letters *shorter = a->len >= b->len ? b : a;
    if (shorter->len < 3 || longer->len > shorter->len + 1)
        return false;
    size_t common = shorter->len == longer->len ? shorter->len - 1u : shorter->len;
    if (memcmp(longer->at, shorter->at, common) != 0)
        return false;
    if (common == shorter->len)
        return longer->at[common] == 'a';
    char ours = longer->at[common];
    char theirs = shorter->at[common];
    return (ours == 'a' && strchr("iou", theirs) != NULL) ||
           (theirs == 'a' && strchr("iou", ours) != NULL);
}

static unsigned edit_len(unsigned len)
{
    return len < EDIT_LEN_MAX ? len : EDIT_LEN_MAX;
}

static struct likeness compare_tight_edit(const struct score_table *score, const struct token *a,
                                          const struct token *b)
{
    struct near tight = nearest(a->tight, a->form_count, b->tight, b->form_count, 1);
    if (tight.distance != 1 || tight.len < TIGHT_EDIT_MIN)
        return nothing;
    return edit_of(score->one_edit[edit_len(tight.len)] + score->near_spelling,
                   "name.near-spelling");
}

static struct likeness compare_edits(const struct score_table *score, const struct token *a,
                                     const struct token *b)
{
    struct likeness best = nothing;
    struct near raw = nearest(a->form, a->form_count, b->form, b->form_count, 2);
    if (raw.distance == 1 && raw.len >= RAW_EDIT_MIN)
        best = edit_of(score->one_edit[edit_len(raw.len)], "name.one-edit");
    if (best.weight > score->other_gender && is_other_gender(&a->form[0], &b->form[0]))
        return edit_of(score->other_gender, "name.one-edit");
    if (raw.distance == 2 && raw.longer >= RAW_TWO_EDITS_MIN)
        best = edit_of(score->two_edits[edit_len(raw.len)], "name.two-edits");
    return better(best, compare_tight_edit(score, a, b));
}

static bool forms_meet(const struct letters *a, size_t a_count, const struct letters *b,
                       size_t b_count)
{
    for (size_t i = 0; i < a_count; i++) {
        for (size_t k = 0; k < b_count; k++) {
            if (a[i].len > 0 && letters_equal(&a[i], &b[k]))
                return true;
        }
    }
    return false;
}

/* The longest skeleton that both have; 0: none. */
static unsigned common_skeleton(const struct skeletons *a, const struct skeletons *b)
{
    unsigned longest = 0;
    for (size_t i = 0; i < a->count; i++) {
        for (size_t k = 0; k < b->count; k++) {
            const struct letters *one = &a->at[i];
            if (one->len > longest && letters_equal(one, &b->at[k]))
                longest = one->len;
        }
    }
    return longest;
}

/* One script: what sounds the same and is not written too differently. */
static struct likeness compare_sound(const struct score_table *score, const struct token *a,
                                     const struct token *b)
{
    if (common_skeleton(&a->skeletons, &b->skeletons) < SOUND_MIN)
        return nothing;
    struct near tight = nearest(a->tight, a->form_count, b->tight, b->form_count, FORM_MAX);
    return close_of(tight.distance <= token_sound_far(tight.len) ? score->sound : 0, "name.sound");
}

static bool shapes_meet(const struct token *a, const struct token *b, enum sound family)
{
    struct letters ours[SHAPES_MAX];
    struct letters theirs[SHAPES_MAX];
    size_t our_count = token_shapes(a, family, ours);
    return forms_meet(ours, our_count, theirs, token_shapes(b, family, theirs));
}

/* How far the tight folds lie apart at least, in percent of the longer. */
static unsigned tight_apart(const struct token *a, const struct token *b)
{
    unsigned best = 100;
    for (size_t i = 0; i < a->form_count; i++) {
        const struct letters *one = &a->tight[i];
        struct pattern pattern;
        pattern_make(one, &pattern);
        for (size_t k = 0; k < b->form_count; k++) {
            const struct letters *other = &b->tight[k];
            unsigned longer = one->len > other->len ? one->len : other->len;
            unsigned distance = pattern_distance(&pattern, other->at, other->len, FORM_MAX);
            unsigned apart = longer > 0 ? 100 * distance / longer : 100;
            best = apart < best ? apart : best;
        }
    }
    return best;
}

/* One or two syllables: a name of the script's own language more often than a foreign one, and what
 * it shares with a foreign one is little. */
static bool is_brief(const struct token *token)
{
    return token->codes.count <= 2 &&
           (token->script == SCRIPT_HAN || token->script == SCRIPT_HANGUL);
}

/* Two scripts: the consonants decide, the vowels may not lie too far apart. The limits were chosen
 * on half 0 of the mined pairs: they cost 1 to 3 % of the true ones and spare half of the others.
 */
static struct likeness compare_skeletons(const struct score_table *score, const struct token *a,
                                         const struct token *b)
{
    enum sound family =
        script_is_east(a->script) || script_is_east(b->script) ? SOUND_EAST : SOUND_WEST;
    const struct skeletons *ours = family == SOUND_EAST ? &a->syllables : &a->skeletons;
    const struct skeletons *theirs = family == SOUND_EAST ? &b->syllables : &b->skeletons;
    unsigned common = common_skeleton(ours, theirs);
    unsigned apart = tight_apart(a, b);
    if (common >= SKELETON_MIN) {
        int32_t percent = common > 2 ? score->sound_script : score->sound_script_short;
        percent += apart < APART_NEAR ? 0 : score->sound_script_apart;
        bool doubtful = common <= 2 || apart >= APART_NEAR;
        percent += doubtful && (is_brief(a) || is_brief(b)) ? score->sound_script_brief : 0;
        unsigned far = common > 2 ? APART_FAR_LONG : APART_FAR;
        percent = percent > SOUND_LEAST ? percent : SOUND_LEAST;
        return heard_as(apart < far ? percent : 0, "name.sound-script");
    }
    struct near near = nearest(ours->at, ours->count, theirs->at, theirs->count, 1);
    if (near.distance == 1 && near.len >= SKELETON_EDIT_MIN)
        return heard_as(apart < APART_FAR_EDIT ? score->near_script : 0, "name.near-script");
    if (apart < APART_FAR_LONG && shapes_meet(a, b, family)) {
        bool brief = is_brief(a) || is_brief(b);
        return heard_as(brief ? score->shape_brief : score->shape_script, "name.sound-script");
    }
    return nothing;
}

static struct likeness compare_initial(const struct score_table *score, const struct token *a,
                                       const struct token *b)
{
    for (size_t i = 0; i < a->form_count; i++) {
        for (size_t k = 0; k < b->form_count; k++) {
            if (a->form[i].at[0] == b->form[k].at[0])
                return close_of(score->initial, "name.initial");
        }
    }
    return nothing;
}

/* Same letters, same romanisation, same name, same sound by rule: no edit needed. */
static struct likeness compare_whole(const struct score_table *score, const struct token *a,
                                     const struct token *b)
{
    bool latin = a->script == SCRIPT_LATIN && b->script == SCRIPT_LATIN;
    struct likeness best = nothing;
    if (a->mixed != b->mixed && forms_meet(a->form, a->form_count, b->form, b->form_count))
        return exact_of(score->diacritics, "name.look-alike");
    if (forms_meet(a->form, a->form_count, b->form, b->form_count))
        return exact_of(score->diacritics, latin ? "name.diacritics" : "name.romanised");
    if (forms_meet(a->tight, a->form_count, b->tight, b->form_count))
        best = exact_of(score->spelling, latin ? "name.spelling" : "name.romanised");
    return better(best, compare_classes(score, a, b));
}

struct likeness token_likeness(const struct score_table *score, const struct token *a,
                               const struct token *b)
{
    assert(!a->initial && !b->initial);
    if (codes_equal(&a->codes, &b->codes))
        return (struct likeness){
            .weight = (int16_t)score->same, .exact = true, .same = true, .rule = "name.same"
        };
    struct likeness whole = compare_whole(score, a, b);
    if (a->word == WORD_HONORIFIC && b->word == WORD_HONORIFIC)
        return better(whole, compare_stems(score, a, b)); /* Alhaji, El Hadj */
    if (a->word != WORD_NAME || b->word != WORD_NAME)
        return whole;
    struct likeness edits = compare_edits(score, a, b);
    if (whole.weight >= edits.weight && whole.weight > 0)
        return whole;
    bool cross = a->script != b->script;
    struct likeness stems = compare_stems(score, a, b);
    bool east = script_is_east(a->script) || script_is_east(b->script);
    if (east && stems.weight > score->shape_script)
        stems.weight = (int16_t)score->shape_script; /* of syllables a stem says little */
    edits = better(edits, stems);
    return better(edits, cross ? compare_skeletons(score, a, b) : compare_sound(score, a, b));
}

struct likeness token_heard(const struct score_table *score, const struct token *a,
                            const struct token *b)
{
    if (a->word != WORD_NAME || b->word != WORD_NAME)
        return nothing;
    return a->script != b->script ? compare_skeletons(score, a, b) : compare_sound(score, a, b);
}

struct likeness token_weigh(const struct score_table *score, struct likeness percent,
                            const struct token *a, const struct token *b)
{
    int32_t weight = a->weight < b->weight ? a->weight : b->weight;
    bool known = a->weight < WEIGHT_RARE && b->weight < WEIGHT_RARE;
    percent.rarity = (uint8_t)weight;
    if (percent.edit && known)
        weight = weight * score->edit_known / 100;
    percent.weight = (int16_t)(weight * percent.weight / 100);
    return percent;
}

struct likeness token_compare(const struct score_table *score, const struct token *a,
                              const struct token *b)
{
    if (!a->initial && !b->initial)
        return token_weigh(score, token_likeness(score, a, b), a, b);
    if (!codes_equal(&a->codes, &b->codes))
        return compare_initial(score, a, b);
    struct likeness same = exact_of(score->initial, "name.initial");
    same.same = true;
    return same;
}

struct likeness token_likeness_joined(const struct score_table *score, const struct token *joined,
                                      const struct token *b)
{
    if (codes_equal(&joined->codes, &b->codes) || joined->word != WORD_NAME || b->word != WORD_NAME)
        return token_likeness(score, joined, b);
    struct likeness whole = compare_whole(score, joined, b);
    return whole.weight > 0 ? whole : compare_tight_edit(score, joined, b);
}

struct likeness token_compare_joined(const struct score_table *score, const struct token *joined,
                                     const struct token *b)
{
    if (joined->initial || b->initial)
        return nothing;
    return token_weigh(score, token_likeness_joined(score, joined, b), joined, b);
}

struct likeness token_compare_split(const struct score_table *score, const struct token *whole,
                                    const struct token *first, const struct token *second)
{
    if (whole->form_count == 0 || first->form_count == 0 || second->form_count == 0)
        return nothing;
    const struct letters *form = &whole->form[0];
    int longer = first->form[0].len + second->form[0].len - form->len;
    if (longer > SPLIT_SLACK || longer < -SPLIT_SLACK ||
        first->form[0].at[0] != form->at[0]) /* most end here */
        return nothing;
    for (uint8_t cut = 2; cut + 2 <= form->len; cut++) {
        struct letters left = { 0 };
        struct letters right = { 0 };
        struct letters tight_left;
        struct letters tight_right;
        letters_add(&left, form->at, cut);
        letters_add(&right, form->at + cut, (size_t)(form->len - cut));
        fold_tight(&left, &tight_left);
        fold_tight(&right, &tight_right);
        if (letters_equal(&tight_left, &first->tight[0]) &&
            letters_equal(&tight_right, &second->tight[0]))
            return (struct likeness){ .weight = (int16_t)(whole->weight * score->split / 100),
                                      .rarity = whole->weight,
                                      .exact = true,
                                      .rule = "name.joined" };
    }
    return nothing;
}
