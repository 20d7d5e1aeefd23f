#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "catalogue/identity.h"
#include "test_record.h"

static uint8_t memory[1 << 18];

#define PERSON(surname, given, born, sex)                                                      \
    "{\"kind\":\"person\",\"statements\":["                                                    \
    "{\"attribute\":\"name\",\"value\":{\"parts\":[{\"type\":\"surname\",\"text\":\"" surname  \
    "\"},{\"type\":\"given\",\"text\":\"" given "\"}]}},"                                      \
    "{\"attribute\":\"birth-date\",\"value\":{\"from\":\"" born "\",\"to\":\"" born "\"}},"    \
    "{\"attribute\":\"sex\",\"value\":{\"code\":\"" sex "\"}}]}"

#define CAR(vin, make)                                                                         \
    "{\"kind\":\"vehicle\",\"statements\":["                                                   \
    "{\"attribute\":\"vin\",\"value\":{\"number\":\"" vin "\"}},"                              \
    "{\"attribute\":\"type\",\"value\":{\"code\":\"car\"}},"                                   \
    "{\"attribute\":\"make\",\"value\":{\"text\":\"" make "\"}}]}"

#define PLATE(number, country)                                                                 \
    "{\"kind\":\"vehicle\",\"statements\":[{\"attribute\":\"plate\",\"value\":{"               \
    "\"number\":\"" number "\",\"country\":\"" country "\"}}]}"

static enum same compare(const char *a, const char *b)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json one = text_json(&arena, a);
    struct json other = text_json(&arena, b);
    struct identity left;
    struct identity right;
    assert_false(failed(identity_keys(&one, &arena, &left)));
    assert_false(failed(identity_keys(&other, &arena, &right)));
    return identity_compare(&left, &right);
}

#define KNOWN PERSON("MAÏGA", "Aïssata", "1990-02-03", "F")

static void a_person_is_surname_forename_birth_date_and_sex(void **state)
{
    (void)state;
    assert_int_equal(compare(KNOWN, PERSON("Maiga", "AISSATA", "1990-02-03", "F")), SAME_YES);
    assert_int_equal(compare(KNOWN, PERSON("Maiga", "Aissatou", "1990-02-03", "F")), SAME_NO);
    assert_int_equal(compare(KNOWN, PERSON("Diallo", "Aissata", "1990-02-03", "F")), SAME_NO);
    assert_int_equal(compare(KNOWN, PERSON("Maiga", "Aissata", "1990-02-04", "F")), SAME_NO);
    assert_int_equal(compare(KNOWN, PERSON("Maiga", "Aissata", "1990-02-03", "M")), SAME_NO);
    assert_int_equal(compare(KNOWN, PERSON("Aissata", "Maiga", "1990-02-03", "F")), SAME_NO);
}

static void what_is_not_known_makes_no_key(void **state)
{
    static const char nobody[] = "{\"kind\":\"person\",\"statements\":[]}";
    static const char about[] =
        "{\"kind\":\"person\",\"statements\":[{\"attribute\":\"name\",\"value\":{\"full\":\"A\"}},"
        "{\"attribute\":\"birth-date\",\"value\":{\"from\":\"1990-01-01\",\"to\":\"1990-12-31\"}},"
        "{\"attribute\":\"sex\",\"value\":{\"code\":\"F\"}}]}";
    (void)state;
    assert_int_equal(compare(nobody, nobody), SAME_NO);
    assert_int_equal(compare(about, about), SAME_NO);
}

static void a_misused_identity_is_somebody_elses(void **state)
{
    static const char victim[] =
        "{\"kind\":\"person\",\"statements\":[{\"attribute\":\"name\",\"set\":\"misused\","
        "\"value\":{\"parts\":[{\"type\":\"surname\",\"text\":\"MAIGA\"},{\"type\":\"given\","
        "\"text\":\"AISSATA\"}]}},{\"attribute\":\"birth-date\",\"value\":{\"from\":"
        "\"1990-02-03\",\"to\":\"1990-02-03\"}},{\"attribute\":\"sex\",\"value\":{\"code\":"
        "\"F\"}}]}";
    (void)state;
    assert_int_equal(compare(KNOWN, victim), SAME_NO);
}

static void a_vehicle_is_its_vin_or_its_plate_and_country(void **state)
{
    (void)state;
    assert_int_equal(compare(CAR("1HGCM82633A004352", "Honda"), CAR("1hgcm82633a004352", "HONDA")),
                     SAME_YES);
    assert_int_equal(compare(CAR("1HGCM82633A004352", "Honda"), CAR("1HGCM82633A004353", "Honda")),
                     SAME_NO);
    assert_int_equal(compare(PLATE("MAI-000-XA", "NGA"), PLATE("mai 000 xa", "NGA")), SAME_YES);
    assert_int_equal(compare(PLATE("MAI-000-XA", "NGA"), PLATE("MAI-000-XA", "NER")), SAME_NO);
}

static void one_vin_on_two_makes_is_a_suspicion_of_a_clone(void **state)
{
    (void)state;
    assert_int_equal(compare(CAR("1HGCM82633A004352", "Honda"), CAR("1HGCM82633A004352", "Toyota")),
                     SAME_CLONE);
}

#define THING(kind, attribute, number)                                                         \
    "{\"kind\":\"" kind "\",\"statements\":[{\"attribute\":\"" attribute                       \
    "\",\"value\":{\"number\":\"" number "\"}},{\"attribute\":\"type\",\"value\":{\"code\":"   \
    "\"x\"}}]}"

static void aircraft_boats_and_containers_have_their_own_keys(void **state)
{
    (void)state;
    assert_int_equal(compare(THING("aircraft", "aircraft-registration", "5N-ABC"),
                             THING("aircraft", "aircraft-registration", "5NABC")),
                     SAME_YES);
    assert_int_equal(compare(THING("vessel", "hull", "H1"), THING("vessel", "hull", "H2")),
                     SAME_NO);
    assert_int_equal(compare(THING("vessel", "hull", "H1"), THING("vessel", "hull", "h-1")),
                     SAME_YES);
    assert_int_equal(compare(THING("container", "container-number", "CSQU3054383"),
                             THING("container", "container-number", "CSQU 305438 3")),
                     SAME_YES);
    assert_int_equal(compare(THING("vessel", "hull", "H1"), THING("aircraft", "hull", "H1")),
                     SAME_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_is_surname_forename_birth_date_and_sex),
        cmocka_unit_test(what_is_not_known_makes_no_key),
        cmocka_unit_test(a_misused_identity_is_somebody_elses),
        cmocka_unit_test(a_vehicle_is_its_vin_or_its_plate_and_country),
        cmocka_unit_test(one_vin_on_two_makes_is_a_suspicion_of_a_clone),
        cmocka_unit_test(aircraft_boats_and_containers_have_their_own_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
