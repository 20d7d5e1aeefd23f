/* Check digit systems: Luhn (ISO/IEC 7812-1 annex B) over any alphabet, the pure and hybrid systems
 * of ISO/IEC 7064, Damm and Verhoeff. Texts hold characters of the alphabet only (asserted);
 * checkdigit_text_in() asks first. */
#ifndef COMITY_MODEL_CHECKDIGIT_H
#define COMITY_MODEL_CHECKDIGIT_H

#include "core/bytes.h"

#define DIGITS_10 "0123456789"
#define DIGITS_16 "0123456789ABCDEF"
#define DIGITS_36 "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS_37 "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
#define DIGITS_11 "0123456789X"

bool checkdigit_text_in(struct text t, const char *alphabet);
/* Place of the first character outside the alphabet; t.len when there is none. */
size_t checkdigit_span(struct text t, const char *alphabet);
/* Value of a character of the alphabet, or -1. */
int checkdigit_value(char c, const char *alphabet);

/* 0 for a text whose last character is its check digit. */
unsigned luhn_sum(struct text t, const char *alphabet);
/* The character to append. */
char luhn_digit(struct text t, const char *alphabet);

/* Pure system of ISO 7064 (MOD 11-2: radix 2, DIGITS_11; MOD 37-2: DIGITS_37): the modulus is the
 * length of the alphabet. The sum is 1 for a text with its check character. */
unsigned iso7064_pure_sum(struct text t, const char *alphabet, unsigned radix);
char iso7064_pure_digit(struct text t, const char *alphabet, unsigned radix);
/* Hybrid system (MOD 11,10: DIGITS_10; MOD 37,36: DIGITS_36); the sum is 1 as well. */
unsigned iso7064_hybrid_sum(struct text t, const char *alphabet);
char iso7064_hybrid_digit(struct text t, const char *alphabet);
/* MOD 97-10 with letters as 10 to 35 (ISO 13616, ISO 17442); 1 is right. */
unsigned iso7064_97_sum(struct text t);
/* The two digits, 02 to 98. */
void iso7064_97_digits(struct text t, char out[static 2]);

/* Over digits: Damm's table of order 10, Verhoeff's of the dihedral group. The sum is 0 for a
 * number with its digit. */
unsigned damm_sum(struct text digits);
char damm_digit(struct text digits);
unsigned verhoeff_sum(struct text digits);
char verhoeff_digit(struct text digits);

#endif
