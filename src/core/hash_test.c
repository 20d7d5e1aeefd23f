#include "core/hash.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/encode.h"

/* FIPS 180-4 examples (NIST's one-block and two-block messages) and the empty message. */
static void test_gives_the_examples_of_fips_180(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    };
    for (size_t i = 0; i < 3; i++) {
        struct hash want;
        assert_false(failed(hex_parse(text_literal(pairs[i][1]), want.bytes, HASH_LEN)));
        struct bytes in = text_bytes(text_literal(pairs[i][0]));
        struct hash got = hash_of(in);
        assert_true(hash_equal(&got, &want));
        struct hasher h;
        hasher_init(&h);
        for (size_t k = 0; k < in.len; k++)
            hasher_add(&h, bytes_of(in.data + k, 1));
        hasher_add(&h, bytes_of(NULL, 0));
        got = hasher_end(&h);
        assert_true(hash_equal(&got, &want));
        got.bytes[31] ^= 1;
        assert_false(hash_equal(&got, &want));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gives_the_examples_of_fips_180),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
