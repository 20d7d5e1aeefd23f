#include "model/checkdigit.h"

#include <assert.h>

int checkdigit_value(char c, const char *alphabet)
{
    const char *hit = c == 0 ? NULL : strchr(alphabet, c);
    return hit == NULL ? -1 : (int)(hit - alphabet);
}

size_t checkdigit_span(struct text t, const char *alphabet)
{
    size_t i = 0;
    while (i < t.len && checkdigit_value(t.data[i], alphabet) >= 0)
        i++;
    return i;
}

bool checkdigit_text_in(struct text t, const char *alphabet)
{
    return checkdigit_span(t, alphabet) == t.len;
}

static unsigned value_of(char c, const char *alphabet)
{
    int value = checkdigit_value(c, alphabet);
    assert(value >= 0);
    return (unsigned)value;
}

/* `doubled`: whether the last character is. */
static unsigned luhn(struct text t, const char *alphabet, bool doubled)
{
    unsigned n = (unsigned)strlen(alphabet);
    unsigned sum = 0;
    for (size_t i = t.len; i-- > 0; doubled = !doubled) {
        unsigned value = value_of(t.data[i], alphabet) * (doubled ? 2 : 1);
        sum = (sum + value / n + value % n) % n;
    }
    return sum;
}

unsigned luhn_sum(struct text t, const char *alphabet)
{
    return luhn(t, alphabet, false);
}

char luhn_digit(struct text t, const char *alphabet)
{
    unsigned n = (unsigned)strlen(alphabet);
    return alphabet[(n - luhn(t, alphabet, true)) % n];
}

unsigned iso7064_pure_sum(struct text t, const char *alphabet, unsigned radix)
{
    unsigned modulus = (unsigned)strlen(alphabet);
    unsigned sum = 0;
    for (size_t i = 0; i < t.len; i++)
        sum = (sum * radix + value_of(t.data[i], alphabet)) % modulus;
    return sum;
}

char iso7064_pure_digit(struct text t, const char *alphabet, unsigned radix)
{
    unsigned modulus = (unsigned)strlen(alphabet);
    unsigned sum = iso7064_pure_sum(t, alphabet, radix) * radix % modulus;
    return alphabet[(modulus + 1 - sum) % modulus];
}

static unsigned hybrid(struct text t, const char *alphabet)
{
    unsigned n = (unsigned)strlen(alphabet);
    unsigned carry = n;
    for (size_t i = 0; i < t.len; i++) {
        unsigned sum = (carry + value_of(t.data[i], alphabet)) % n;
        carry = (sum == 0 ? n : sum) * 2 % (n + 1);
    }
    return carry;
}

unsigned iso7064_hybrid_sum(struct text t, const char *alphabet)
{
    assert(t.len > 0);
    unsigned n = (unsigned)strlen(alphabet);
    unsigned carry = hybrid(text_slice(t, 0, t.len - 1), alphabet);
    return (carry + value_of(t.data[t.len - 1], alphabet)) % n;
}

char iso7064_hybrid_digit(struct text t, const char *alphabet)
{
    unsigned n = (unsigned)strlen(alphabet);
    return alphabet[(n + 1 - hybrid(t, alphabet) % n) % n];
}

unsigned iso7064_97_sum(struct text t)
{
    unsigned sum = 0;
    for (size_t i = 0; i < t.len; i++) {
        unsigned value = value_of(t.data[i], DIGITS_36);
        sum = (sum * (value < 10 ? 10 : 100) + value) % 97;
    }
    return sum;
}

void iso7064_97_digits(struct text t, char out[static 2])
{
    unsigned digits = 98 - iso7064_97_sum(t) * 100 % 97;
    out[0] = (char)('0' + digits / 10);
    out[1] = (char)('0' + digits % 10);
}

unsigned damm_sum(struct text digits)
{
    static const char table[10][11] = { "0317598642", "7092154863", "4206871359", "1750983426",
                                        "6123045978", "3674209581", "5869720134", "8945362017",
                                        "9438617205", "2581436790" };
    unsigned sum = 0;
    for (size_t i = 0; i < digits.len; i++)
        sum = (unsigned)(table[sum][value_of(digits.data[i], DIGITS_10)] - '0');
    return sum;
}

char damm_digit(struct text digits)
{
    return (char)('0' + damm_sum(digits));
}

/* `from`: place of the last digit, counted from the right. */
static unsigned verhoeff(struct text digits, size_t from)
{
    static const char product[10][11] = { "0123456789", "1234067895", "2340178956", "3401289567",
                                          "4012395678", "5987604321", "6598710432", "7659821043",
                                          "8765932104", "9876543210" };
    static const char turn[8][11] = { "0123456789", "1576283094", "5803796142", "8916043527",
                                      "9453126870", "4286573901", "2793806415", "7046913258" };
    unsigned sum = 0;
    for (size_t i = 0; i < digits.len; i++) {
        unsigned digit = value_of(digits.data[digits.len - 1 - i], DIGITS_10);
        unsigned turned = (unsigned)(turn[(i + from) % 8][digit] - '0');
        sum = (unsigned)(product[sum][turned] - '0');
    }
    return sum;
}

unsigned verhoeff_sum(struct text digits)
{
    return verhoeff(digits, 0);
}

char verhoeff_digit(struct text digits)
{
    static const char inverse[] = "0432156789";
    return inverse[verhoeff(digits, 1)];
}
