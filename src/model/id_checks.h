/* Inside the identifiers: what a check is given and how it answers. */
#ifndef COMITY_MODEL_ID_CHECKS_H
#define COMITY_MODEL_ID_CHECKS_H

#include "model/checkdigit.h"
#include "model/identifiers.h"

struct id_work {
    struct text key; /* not empty; ASCII letters and digits unless the plate is not Latin */
    struct text as_seen;
    struct text country; /* that gave it; empty: unknown */
    struct arena *arena;
    struct identifier_check *out; /* verdict is unchecked, key set */
};

void id_say(struct id_work *w, enum identifier_verdict verdict);
/* Offers the key with `digit` at `at`. */
void id_offer_digit(struct id_work *w, size_t at, char digit);
/* Offers `value`, copied. */
void id_offer(struct id_work *w, struct text value);
/* Compares the character at `at`: valid, or wrong with the offer. */
void id_judge_digit(struct id_work *w, size_t at, char digit);
/* False, having said what is wrong, unless the key has `len` characters all in `alphabet`. */
bool id_demand(struct id_work *w, size_t len, const char *alphabet);

void id_check_vin(struct id_work *w);
void id_check_imei(struct id_work *w);
void id_check_imsi(struct id_work *w);
void id_check_phone(struct id_work *w);
void id_check_card(struct id_work *w);
void id_check_iban(struct id_work *w);
void id_check_bic(struct id_work *w);
void id_check_lei(struct id_work *w);
void id_check_banknote(struct id_work *w);
void id_check_container(struct id_work *w);
void id_check_imo(struct id_work *w);
void id_check_mmsi(struct id_work *w);
void id_check_icao24(struct id_work *w);
void id_check_plate(struct id_work *w);
void id_check_email(struct id_work *w);
void id_check_website(struct id_work *w);
void id_check_domain(struct id_work *w);
void id_check_crypto(struct id_work *w);
void id_check_national(struct id_work *w);

#endif
