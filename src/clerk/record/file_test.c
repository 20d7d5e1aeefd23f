/* Attachments: a photo goes where its record goes, and nowhere else, and away with it. */
#include "test_pact.h"

#include "clerk/apply.h"
#include "clerk/record/file.h"

enum { PHOTO_LEN = 3000 };

static struct bytes photo_bytes(size_t len, uint8_t salt)
{
    uint8_t *bytes = arena_take(&arena, len);
    assert_non_null(bytes);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(i * 31 + i / 251 + salt);
    return bytes_of(bytes, len);
}

static struct text name_of(struct bytes file)
{
    struct hash hash = hash_of(file);
    return hex_format(&arena, BYTES_OF(hash.bytes));
}

/* A wanted person whose statement s2 shows attachment f1; `handling` is that statement's. */
static struct reply put_with(struct bytes file, const char *role, const char *handling)
{
    return office_try(
        &ben, "officer", VERB_RECORD_PUT,
        "{\"record\":{\"schema\":1,\"id\":\"" ID_A "\",\"owner\":\"BEN\",\"kind\":\"person\","
        "\"unit\":\"registry\",\"classification\":\"restricted\",\"statements\":["
        "{\"id\":\"s1\",\"attribute\":\"name\",\"value\":{\"full\":\"Zinsou Marguerite\"},"
        "\"source\":{\"unit\":\"registry\",\"reference\":\"file 1\"},\"basis\":\"fact\"},"
        "{\"id\":\"s2\",\"attribute\":\"photo\",\"value\":{\"attachment\":\"f1\"},%s"
        "\"source\":{\"unit\":\"registry\",\"reference\":\"file 1\"},\"basis\":\"fact\"},"
        "{\"id\":\"s3\",\"attribute\":\"birth-date\",\"value\":{\"from\":\"1980-03-04\","
        "\"to\":\"1980-03-04\",\"quality\":\"exact\"},"
        "\"source\":{\"unit\":\"registry\",\"reference\":\"file 1\"},\"basis\":\"fact\"}],"
        "\"attachments\":[{\"id\":\"f1\",\"role\":\"%s\",\"type\":\"image/png\",\"size\":%zu,"
        "\"sha256\":\"%.64s\"}],"
        "\"alerts\":[{\"id\":\"a1\",\"category\":\"wanted.arrest\",\"action\":\"arrest\","
        "\"reason\":\"an example\",\"subject\":[\"suspect\"],\"valid\":{\"from\":\"2020-01-01\"},"
        "\"review\":\"2027-06-01\",\"recipients\":{\"never\":[\"x-nobody\"]}}]}}",
        handling, role, file.len, name_of(file).data);
}

static struct reply upload(struct office *office, struct bytes file)
{
    struct json body = test_json("{\"record\":\"" ID_A "\",\"attachment\":\"f1\"}");
    struct command command = test_command(office, "officer", VERB_BLOB_PUT, &body);
    command.blob = file;
    return office_command(office, command);
}

static struct err read_at(struct office *office, struct bytes file, struct text *out)
{
    struct record_key key;
    must(record_key_view(office->clerk, store_view(office->store), TEXT(ID_A), &arena, &key));
    return file_read(office->clerk, store_view(office->store), &key, name_of(file), &arena, out);
}

static void assert_held(struct office *office, struct bytes file)
{
    struct text data;
    must(read_at(office, file, &data));
    assert_true(text_equal(data, base64_format(&arena, file)));
}

static void assert_absent(struct office *office, struct bytes file)
{
    struct text data;
    struct err e = read_at(office, file, &data);
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_int_equal(office_rows(office, TABLE_FILE), 0);
}

/* -- what travels ------------------------------------------------------------------------- */

static void a_photo_travels_with_its_record(void **state)
{
    (void)state;
    struct bytes photo = photo_bytes(PHOTO_LEN, 1);
    (void)reply_good(put_with(photo, "photo", ""), __LINE__);
    (void)reply_good(upload(&ben, photo), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1); /* one frame has both */
    assert_held(&ben, photo);
    assert_held(&ner, photo);
    assert_int_equal(office_number(&ben, &ner), 0);
    rebuilt_alike(&ben);
    rebuilt_alike(&ner);
    assert_held(&ner, photo);
}

static void a_photo_that_comes_later_is_sent_after_it_once(void **state)
{
    (void)state;
    struct bytes photo = photo_bytes(PHOTO_LEN, 2);
    (void)reply_good(put_with(photo, "photo", ""), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_absent(&ner, photo);
    (void)reply_good(upload(&ben, photo), __LINE__);
    uint64_t journal = office_journal(&ben);
    (void)reply_good(upload(&ben, photo), __LINE__); /* again: nothing new */
    assert_int_equal(office_journal(&ben), journal);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_held(&ner, photo);
    assert_int_equal(office_number(&ben, &ner), 0);
}

static void a_photo_whose_statement_is_held_back_stays_at_home(void **state)
{
    (void)state;
    struct bytes photo = photo_bytes(PHOTO_LEN, 3);
    (void)reply_good(put_with(photo, "photo", "\"handling\":[\"local\"],"), __LINE__);
    (void)reply_good(upload(&ben, photo), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_held(&ben, photo);
    assert_absent(&ner, photo); /* I1 */
    assert_int_equal(office_mentions(&ner, (const char *)name_of(photo).data), 0);
}

static void what_is_no_photo_stays_at_home(void **state)
{
    (void)state;
    struct bytes original = photo_bytes(FILE_BYTES_MAX, 4);
    (void)reply_good(put_with(original, "original", ""), __LINE__);
    (void)reply_good(upload(&ben, original), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_held(&ben, original); /* the longest that is taken */
    assert_absent(&ner, original);
    rebuilt_alike(&ben);
}

/* -- what is refused ---------------------------------------------------------------------- */

static void bytes_that_the_record_does_not_name_are_refused(void **state)
{
    (void)state;
    struct bytes photo = photo_bytes(PHOTO_LEN, 5);
    reply_refused(upload(&ben, photo), "clerk.no-such-record");
    (void)reply_good(put_with(photo, "photo", ""), __LINE__);
    reply_refused(upload(&ben, photo_bytes(PHOTO_LEN, 6)), "clerk.file-differs");
    for (size_t len = 0; len < photo.len; len += 7)
        reply_refused(upload(&ben, bytes_of(photo.data, len)), "clerk.file-differs");
    reply_refused(upload(&ben, photo_bytes(FILE_BYTES_MAX + 1, 5)), "clerk.file-too-long");
    assert_absent(&ben, photo);
    (void)office_send(&ben, &ner);
    reply_refused(upload(&ner, photo), "clerk.not-the-owner"); /* I2 */
}

static struct err check(const char *sha256, struct text data)
{
    struct act act = { .arena = &arena };
    struct json body = test_json("{\"record\":{\"attachments\":[]},\"attachments\":[]}");
    struct json record = json_object();
    struct json list = json_array();
    struct json carried = json_array();
    struct json named = json_object();
    struct json sent = json_object();
    struct text name = name_of(photo_bytes(PHOTO_LEN, 7));
    json_set_text(&arena, &named, "sha256", name);
    json_set_text(&arena, &named, "role", TEXT("photo"));
    json_push(&arena, &list, named);
    json_set(&arena, &record, "attachments", list);
    json_set(&arena, &body, "record", record);
    json_set_text(&arena, &sent, "sha256", sha256 == NULL ? name : text_literal(sha256));
    json_set_text(&arena, &sent, "data", data);
    json_push(&arena, &carried, sent);
    json_set(&arena, &body, "attachments", carried);
    return files_check(&act, &body);
}

static void a_partner_s_bytes_are_what_their_hash_says(void **state)
{
    (void)state;
    struct bytes photo = photo_bytes(PHOTO_LEN, 7);
    struct text whole = base64_format(&arena, photo);
    must(check(NULL, whole));
    for (size_t len = 0; len < whole.len; len++)
        assert_string_equal(check(NULL, text_slice(whole, 0, len)).rule, "clerk.file-differs");
    struct text other = base64_format(&arena, photo_bytes(PHOTO_LEN, 8));
    assert_string_equal(check(NULL, other).rule, "clerk.file-differs");
    assert_string_equal(check("00", whole).rule, "clerk.file-differs");
    struct text long_one = base64_format(&arena, photo_bytes(RECORD_PHOTO_BYTES_MAX + 1, 7));
    assert_true(failed(check(NULL, long_one)));
}

/* -- what goes ---------------------------------------------------------------------------- */

static void an_erased_record_takes_its_photo_along_on_both_sides(void **state)
{
    (void)state;
    struct bytes photo = photo_bytes(PHOTO_LEN, 9);
    char part[41] = { 0 };
    memcpy(part, base64_format(&arena, photo).data + 400, 40);
    (void)reply_good(put_with(photo, "photo", ""), __LINE__);
    (void)reply_good(upload(&ben, photo), __LINE__);
    (void)office_send(&ben, &ner);
    assert_true(office_mentions(&ben, part) > 0 && office_mentions(&ner, part) > 0);
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court order\"}");
    (void)office_send(&ben, &ner);
    assert_absent(&ben, photo);
    assert_absent(&ner, photo);
    assert_int_equal(office_mentions(&ben, part), 0); /* I6: no row, no opening */
    assert_int_equal(office_mentions(&ner, part), 0);
    rebuilt_alike(&ner);
}

static void a_withdrawn_record_takes_the_copy_s_photo_along(void **state)
{
    (void)state;
    struct bytes photo = photo_bytes(PHOTO_LEN, 10);
    char part[41] = { 0 };
    memcpy(part, base64_format(&arena, photo).data + 400, 40);
    (void)reply_good(put_with(photo, "photo", ""), __LINE__);
    (void)reply_good(upload(&ben, photo), __LINE__);
    (void)office_send(&ben, &ner);
    (void)office_do(&ben, "officer", VERB_RECORD_WITHDRAW, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"found\"}");
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_absent(&ner, photo);
    assert_int_equal(office_mentions(&ner, part), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(a_photo_travels_with_its_record),
        TEST_OF(a_photo_that_comes_later_is_sent_after_it_once),
        TEST_OF(a_photo_whose_statement_is_held_back_stays_at_home),
        TEST_OF(what_is_no_photo_stays_at_home),
        TEST_OF(bytes_that_the_record_does_not_name_are_refused),
        TEST_OF(a_partner_s_bytes_are_what_their_hash_says),
        TEST_OF(an_erased_record_takes_its_photo_along_on_both_sides),
        TEST_OF(a_withdrawn_record_takes_the_copy_s_photo_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
