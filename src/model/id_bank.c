#include "model/id_checks.h"

enum {
    CARD_LEN_MIN = 8,
    CARD_LEN_MAX = 19,
    LEI_LEN = 20,
    BANKNOTE_LEN = 12,
    BIC_LEN = 8,
    BIC_BRANCH_LEN = 11
};
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

void id_check_card(struct id_work *w)
{
    if (!checkdigit_text_in(w->key, DIGITS_10)) {
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
        return;
    }
    if (w->key.len < CARD_LEN_MIN || w->key.len > CARD_LEN_MAX) {
        id_say(w, IDENTIFIER_WRONG_LENGTH);
        return;
    }
    struct text body = text_slice(w->key, 0, w->key.len - 1);
    id_judge_digit(w, body.len, luhn_digit(body, DIGITS_10));
}

/* Two check digits at the end; an offer only when one of them is wrong, for otherwise the fault may
 * as well lie elsewhere. */
void id_check_lei(struct id_work *w)
{
    if (!id_demand(w, LEI_LEN, DIGITS_36))
        return;
    char digits[2];
    iso7064_97_digits(text_slice(w->key, 0, LEI_LEN - 2), digits);
    bool first = digits[0] == w->key.data[LEI_LEN - 2];
    bool second = digits[1] == w->key.data[LEI_LEN - 1];
    id_say(w, first && second ? IDENTIFIER_VALID : IDENTIFIER_WRONG_DIGIT);
    if (first != second)
        id_offer_digit(w, first ? LEI_LEN - 1 : LEI_LEN - 2, digits[first ? 1 : 0]);
}

/* ISO 9362: institution, country, place, branch. */
void id_check_bic(struct id_work *w)
{
    if (w->key.len != BIC_LEN && w->key.len != BIC_BRANCH_LEN)
        id_say(w, IDENTIFIER_WRONG_LENGTH);
    else if (!checkdigit_text_in(w->key, DIGITS_36) ||
             !checkdigit_text_in(text_slice(w->key, 4, 2), LETTERS))
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else if (!identifier_country_known(text_slice(w->key, 4, 2)))
        id_say(w, IDENTIFIER_UNKNOWN);
}

/* Sum of digits and of the letters' ASCII codes is a multiple of 9; the last digit is 1 to 9. */
static void banknote_judge(struct id_work *w)
{
    unsigned sum = 0;
    for (size_t i = 0; i < BANKNOTE_LEN - 1; i++) {
        char c = w->key.data[i];
        sum += (unsigned)(c <= '9' ? c - '0' : c);
    }
    id_judge_digit(w, BANKNOTE_LEN - 1, (char)('0' + (9 - sum % 9)));
}

void id_check_banknote(struct id_work *w)
{
    if (!id_demand(w, BANKNOTE_LEN, DIGITS_36))
        return;
    /* series 1: a letter and 11 digits; series 2: two letters and 10 */
    if (!checkdigit_text_in(text_slice(w->key, 2, BANKNOTE_LEN), DIGITS_10) ||
        checkdigit_value(w->key.data[0], LETTERS) < 0)
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else if (checkdigit_value(w->key.data[0], "DEFGHJLMNPRSTUVWXYZ") < 0)
        id_say(w, IDENTIFIER_UNKNOWN); /* no central bank or printer has this letter */
    else
        banknote_judge(w);
}
