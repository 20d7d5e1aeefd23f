#include "model/mrz_layout.h"

/* The second line of TD2, TD3, both visas and the Slovak card begins alike. */
#define SECOND_LINE                                                                               \
    [FIELD_KIND] = { 0, 0, 2 }, [FIELD_ISSUER] = { 0, 2, 3 }, [FIELD_NUMBER] = { 1, 0, 9 },       \
    [FIELD_NUMBER_CHECK] = { 1, 9, 1 }, [FIELD_NATIONALITY] = { 1, 10, 3 },                       \
    [FIELD_BIRTH] = { 1, 13, 6 }, [FIELD_BIRTH_CHECK] = { 1, 19, 1 }, [FIELD_SEX] = { 1, 20, 1 }, \
    [FIELD_EXPIRY] = { 1, 21, 6 }, [FIELD_EXPIRY_CHECK] = { 1, 27, 1 }

const struct mrz_layout mrz_layouts[MRZ_FORMATS] = {
    [MRZ_TD1] = {
        .lines = 3, .width = 30, .long_number = true, .prefix = "",
        .fields = {
            [FIELD_KIND] = { 0, 0, 2 }, [FIELD_ISSUER] = { 0, 2, 3 }, [FIELD_NUMBER] = { 0, 5, 9 },
            [FIELD_NUMBER_CHECK] = { 0, 14, 1 }, [FIELD_OPTIONAL] = { 0, 15, 15 },
            [FIELD_BIRTH] = { 1, 0, 6 }, [FIELD_BIRTH_CHECK] = { 1, 6, 1 },
            [FIELD_SEX] = { 1, 7, 1 }, [FIELD_EXPIRY] = { 1, 8, 6 },
            [FIELD_EXPIRY_CHECK] = { 1, 14, 1 }, [FIELD_NATIONALITY] = { 1, 15, 3 },
            [FIELD_OPTIONAL2] = { 1, 18, 11 }, [FIELD_COMPOSITE_CHECK] = { 1, 29, 1 },
            [FIELD_NAMES] = { 2, 0, 30 },
        },
        .composite = { { 0, 5, 25 }, { 1, 0, 7 }, { 1, 8, 7 }, { 1, 18, 11 } },
    },
    [MRZ_TD2] = {
        .lines = 2, .width = 36, .long_number = true, .prefix = "",
        .fields = {
            SECOND_LINE, [FIELD_NAMES] = { 0, 5, 31 }, [FIELD_OPTIONAL] = { 1, 28, 7 },
            [FIELD_COMPOSITE_CHECK] = { 1, 35, 1 },
        },
        .composite = { { 1, 0, 10 }, { 1, 13, 7 }, { 1, 21, 14 } },
    },
    [MRZ_TD3] = {
        .lines = 2, .width = 44, .prefix = "",
        .fields = {
            SECOND_LINE, [FIELD_NAMES] = { 0, 5, 39 }, [FIELD_OPTIONAL] = { 1, 28, 14 },
            [FIELD_OPTIONAL_CHECK] = { 1, 42, 1 }, [FIELD_COMPOSITE_CHECK] = { 1, 43, 1 },
        },
        .composite = { { 1, 0, 10 }, { 1, 13, 7 }, { 1, 21, 22 } },
    },
    [MRZ_VISA_A] = {
        .lines = 2, .width = 44, .visa = true, .prefix = "V",
        .fields = {
            SECOND_LINE, [FIELD_NAMES] = { 0, 5, 39 }, [FIELD_OPTIONAL] = { 1, 28, 16 },
        },
    },
    [MRZ_VISA_B] = {
        .lines = 2, .width = 36, .visa = true, .prefix = "V",
        .fields = {
            SECOND_LINE, [FIELD_NAMES] = { 0, 5, 31 }, [FIELD_OPTIONAL] = { 1, 28, 8 },
        },
    },
    /* arrêté du 30 avril 1987: twelve digits, given names on the second line, no expiry */
    [MRZ_FRENCH_CARD] = {
        .lines = 2, .width = 36, .prefix = "IDFRA",
        .fields = {
            [FIELD_KIND] = { 0, 0, 2 }, [FIELD_ISSUER] = { 0, 2, 3 }, [FIELD_NAMES] = { 0, 5, 25 },
            [FIELD_OPTIONAL] = { 0, 30, 6 }, [FIELD_NUMBER] = { 1, 0, 12 },
            [FIELD_NUMBER_CHECK] = { 1, 12, 1 }, [FIELD_GIVEN] = { 1, 13, 14 },
            [FIELD_BIRTH] = { 1, 27, 6 }, [FIELD_BIRTH_CHECK] = { 1, 33, 1 },
            [FIELD_SEX] = { 1, 34, 1 }, [FIELD_COMPOSITE_CHECK] = { 1, 35, 1 },
        },
        .composite = { { 0, 0, 36 }, { 1, 0, 35 } },
    },
    [MRZ_SLOVAK_CARD] = {
        .lines = 2, .width = 34, .prefix = "",
        .fields = {
            SECOND_LINE, [FIELD_NAMES] = { 0, 5, 29 }, [FIELD_OPTIONAL] = { 1, 28, 6 },
        },
    },
};
