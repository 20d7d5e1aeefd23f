#include "model/code.h"
#include "model/mrz.h"

static void report_digits(const struct mrz *mrz, struct findings *findings)
{
    static const char *const pointers[MRZ_CHECKS] = {
        [MRZ_CHECK_NUMBER] = "/number",       [MRZ_CHECK_BIRTH] = "/birth",
        [MRZ_CHECK_EXPIRY] = "/expiry",       [MRZ_CHECK_OPTIONAL] = "/optional",
        [MRZ_CHECK_COMPOSITE] = "/composite",
    };
    for (size_t i = 0; i < MRZ_CHECKS; i++) {
        const struct mrz_check *check = &mrz->checks[i];
        if (!check->present || check->right)
            continue;
        struct text digit = arena_copy_text(findings->arena, (struct text){ &check->expected, 1 });
        findings_offer(findings, text_literal(pointers[i]), "mrz.wrong-digit", digit);
    }
}

static void report_date(struct text written, const char *pointer, struct when when,
                        struct findings *findings)
{
    if (written.len > 0 && when.quality == WHEN_UNKNOWN && !text_is(written, "<<<<<<"))
        findings_add(findings, text_literal(pointer), "mrz.no-such-date", SEVERITY_WARNING);
}

static void report_state(struct text code, const char *pointer, struct findings *findings)
{
    if (code_find(CODE_COUNTRY, code) == CODE_RAW)
        findings_add(findings, text_literal(pointer), "mrz.unknown-state", SEVERITY_WARNING);
}

void mrz_report(const struct mrz *mrz, struct findings *findings)
{
    /* a day by which all years lie in one century, of which every fourth year is a leap year:
     * whether the date exists at all is asked here, not when it was */
    struct date far = { 2099, 12, 31 };
    report_digits(mrz, findings);
    report_date(mrz->birth, "/birth", mrz_birth(mrz, far), findings);
    report_date(mrz->expiry, "/expiry", mrz_birth(&(struct mrz){ .birth = mrz->expiry }, far),
                findings);
    report_state(mrz->issuer, "/issuer", findings);
    if (!text_equal(mrz->nationality, mrz->issuer))
        report_state(mrz->nationality, "/nationality", findings);
}
