#include "node/keeping.h"

#include "shell/clock.h"
#include "shell/random.h"

struct err keeping_birth(struct home *home, struct text secret)
{
    char path[HOME_PATH_MAX + 64];
    struct keeper_birth birth = { .realm = home_realm(home),
                                  .member = member_code_text(&home->member),
                                  .generation = home->generation,
                                  .keep_root = true,
                                  .now = clock_now() };
    struct secret_key next;
    struct sign_secret root_secret;
    struct sign_public root;
    random_bytes(birth.root_seed.bytes, sizeof(birth.root_seed.bytes));
    random_bytes(birth.seed.bytes, sizeof(birth.seed.bytes));
    random_bytes(next.bytes, sizeof(next.bytes));
    birth.next_root = hash_of(BYTES_OF(next.bytes));
    home_path(home, "keeper.state", path);
    struct err e = keeper_file_create(path, &birth, secret);
    if (!failed(e)) {
        sign_keypair(&birth.root_seed, &root_secret, &root);
        memcpy(home->root, root.bytes, sizeof(home->root));
        secret_wipe(&root_secret, sizeof(root_secret));
    }
    secret_wipe(&birth, sizeof(birth));
    return e;
}

struct err keeping_start(const struct home *home, struct text secret, struct keeper **out)
{
    char path[HOME_PATH_MAX + 64];
    home_path(home, "keeper.state", path);
    return keeper_start(path, secret, out);
}

struct err keeping_month(struct keeper *keeper, uint32_t month, struct text retention,
                         struct secret_key *out)
{
    uint8_t memory[16 << 10];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct keeper_question question = { .kind = KEEPER_OPEN_MONTH_KEY };
    struct keeper_answer answer;
    question.month.month = month;
    question.month.retention = retention;
    struct err e = keeper_ask(keeper, &question, &arena, &answer);
    if (e.code == ERR_NOT_FOUND) {
        question.kind = KEEPER_NEW_MONTH_KEY;
        e = keeper_ask(keeper, &question, &arena, &answer);
    }
    if (!failed(e))
        *out = answer.month.key;
    secret_wipe(memory, sizeof(memory));
    return e;
}
