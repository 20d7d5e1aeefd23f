/* Budgets: failed log-ins an hour and searches a day, per user. In memory: a restart begins them
 * anew, the access entries do not. */
#include <string.h>

#include "node/parts.h"

static struct budget *slot(struct node *node, struct text user, struct instant now)
{
    struct budget *oldest = &node->budgets[0];
    for (size_t i = 0; i < NODE_BUDGETS_MAX; i++) {
        struct budget *one = &node->budgets[i];
        if (one->len == user.len && memcmp(one->user, user.data, user.len) == 0)
            return one;
        if (instant_before(one->hour, oldest->hour))
            oldest = one;
    }
    *oldest = (struct budget){ .hour = now, .day = now, .len = (uint8_t)user.len };
    memcpy(oldest->user, user.data, user.len);
    return oldest;
}

static void roll(struct budget *budget, struct instant now)
{
    if (now.ms - budget->hour.ms >= INSTANT_HOUR) {
        budget->hour = now;
        budget->failures = 0;
    }
    if (now.ms - budget->day.ms >= INSTANT_DAY) {
        budget->day = now;
        budget->searches = 0;
    }
}

struct err budget_login(struct node *node, struct text user, struct instant now)
{
    struct text name = text_slice(user, 0, SLUG_MAX);
    pthread_mutex_lock(&node->session_lock);
    struct budget *budget = slot(node, name, now);
    roll(budget, now);
    bool spent = budget->failures >= config_number(&node->config, CONFIG_USERS_LOGINS);
    pthread_mutex_unlock(&node->session_lock);
    return spent ? err_make(ERR_DENIED, "front.too-many-logins") : err_none();
}

void budget_login_failed(struct node *node, struct text user, struct instant now)
{
    struct text name = text_slice(user, 0, SLUG_MAX);
    pthread_mutex_lock(&node->session_lock);
    struct budget *budget = slot(node, name, now);
    roll(budget, now);
    budget->failures++;
    pthread_mutex_unlock(&node->session_lock);
}

struct err budget_search(struct node *node, struct text user, size_t count,
                         struct instant now)
{
    struct text name = text_slice(user, 0, SLUG_MAX);
    pthread_mutex_lock(&node->session_lock);
    struct budget *budget = slot(node, name, now);
    roll(budget, now);
    int64_t after = budget->searches + (int64_t)count;
    bool spent = after > config_number(&node->config, CONFIG_USERS_SEARCHES);
    if (!spent)
        budget->searches = after;
    pthread_mutex_unlock(&node->session_lock);
    return spent ? err_make(ERR_DENIED, "front.too-many-searches") : err_none();
}
