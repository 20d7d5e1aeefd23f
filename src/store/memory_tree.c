#include "store/memory_tree.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A treap whose priorities are hashes of the keys: its shape depends on its content alone. */
struct tree_item {
    atomic_uint refs;
    uint32_t key_len;
    uint32_t value_len;
    uint64_t priority;
    uint8_t data[]; /* key, value */
};

struct tree_node {
    atomic_uint refs;
    struct tree_node *left;
    struct tree_node *right;
    struct tree_item *item;
};

static struct bytes item_key(const struct tree_item *item)
{
    return bytes_of(item->data, item->key_len);
}

static struct bytes item_value(const struct tree_item *item)
{
    return bytes_of(item->data + item->key_len, item->value_len);
}

static uint64_t priority_of(struct bytes key)
{
    uint64_t h = 0xCBF29CE484222325u; /* FNV-1a, then mixed (splitmix64's finaliser) */
    for (size_t i = 0; i < key.len; i++)
        h = (h ^ key.data[i]) * 0x100000001B3u;
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9u;
    h = (h ^ (h >> 27)) * 0x94D049BB133111EBu;
    return h ^ (h >> 31);
}

static struct tree_item *item_make(struct bytes key, struct bytes value)
{
    assert(key.len <= UINT32_MAX && value.len <= UINT32_MAX);
    struct tree_item *item = malloc(sizeof *item + key.len + value.len);
    if (item == NULL)
        return NULL;
    atomic_init(&item->refs, 1);
    item->key_len = (uint32_t)key.len;
    item->value_len = (uint32_t)value.len;
    item->priority = priority_of(key);
    memcpy(item->data, key.data, key.len);
    if (value.len > 0)
        memcpy(item->data + key.len, value.data, value.len);
    return item;
}

static void item_release(struct tree_item *item)
{
    if (atomic_fetch_sub(&item->refs, 1) == 1)
        free(item);
}

struct tree_node *tree_retain(struct tree_node *root_opt)
{
    if (root_opt != NULL)
        atomic_fetch_add(&root_opt->refs, 1);
    return root_opt;
}

void tree_release(struct tree_node *root_own_opt)
{
    struct tree_node *node = root_own_opt;
    while (node != NULL && atomic_fetch_sub(&node->refs, 1) == 1) {
        struct tree_node *right = node->right;
        tree_release(node->left);
        item_release(node->item);
        free(node);
        node = right;
    }
}

static bool pool_fill(struct tree_pool *pool)
{
    while (pool->count < TREE_POOL) {
        struct tree_node *node = malloc(sizeof *node);
        if (node == NULL)
            return false;
        pool->nodes[pool->count++] = node;
    }
    return true;
}

void tree_pool_clear(struct tree_pool *pool)
{
    while (pool->count > 0)
        free(pool->nodes[--pool->count]);
}

static struct tree_node *pool_take(struct tree_pool *pool, struct tree_item *item)
{
    assert(pool->count > 0);
    struct tree_node *node = pool->nodes[--pool->count];
    atomic_init(&node->refs, 1);
    node->left = NULL;
    node->right = NULL;
    node->item = item;
    return node;
}

/* A node that nobody else sees, in place of `node`. T1 */
static struct tree_node *own(struct tree_pool *pool, struct tree_node *node)
{
    if (atomic_load(&node->refs) == 1)
        return node;
    struct tree_node *copy = pool_take(pool, node->item);
    atomic_fetch_add(&node->item->refs, 1);
    copy->left = tree_retain(node->left);
    copy->right = tree_retain(node->right);
    tree_release(node);
    return copy;
}

static struct tree_node *put(struct tree_pool *pool, struct tree_node *node, struct tree_item *item)
{
    if (node == NULL)
        return pool_take(pool, item);
    node = own(pool, node);
    int order = bytes_compare(item_key(item), item_key(node->item));
    if (order == 0) {
        item_release(node->item);
        node->item = item;
        return node;
    }
    if (order < 0) {
        struct tree_node *left = node->left = put(pool, node->left, item);
        if (left->item->priority <= node->item->priority)
            return node;
        node->left = left->right;
        left->right = node;
        return left;
    }
    struct tree_node *right = node->right = put(pool, node->right, item);
    if (right->item->priority <= node->item->priority)
        return node;
    node->right = right->left;
    right->left = node;
    return right;
}

struct err tree_put(struct tree_pool *pool, struct tree_node **root, struct bytes key,
                    struct bytes value)
{
    struct tree_item *item = pool_fill(pool) ? item_make(key, value) : NULL;
    if (item == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    *root = put(pool, *root, item);
    return err_none();
}

/* All of `a` stands before all of `b`. */
static struct tree_node *merge(struct tree_pool *pool, struct tree_node *a, struct tree_node *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? b : a;
    if (a->item->priority > b->item->priority) {
        a = own(pool, a);
        a->right = merge(pool, a->right, b);
        return a;
    }
    b = own(pool, b);
    b->left = merge(pool, a, b->left);
    return b;
}

static struct tree_node *delete (struct tree_pool *pool, struct tree_node *node, struct bytes key)
{
    assert(node != NULL); /* tree_delete has found it */
    node = own(pool, node);
    int order = bytes_compare(key, item_key(node->item));
    if (order < 0) {
        node->left = delete (pool, node->left, key);
        return node;
    }
    if (order > 0) {
        node->right = delete (pool, node->right, key);
        return node;
    }
    struct tree_node *rest = merge(pool, node->left, node->right);
    node->left = NULL;
    node->right = NULL;
    tree_release(node);
    return rest;
}

struct err tree_delete(struct tree_pool *pool, struct tree_node **root, struct bytes key)
{
    struct bytes value = { NULL, 0 };
    if (!tree_get(*root, key, &value))
        return err_none();
    if (!pool_fill(pool))
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    *root = delete (pool, *root, key);
    return err_none();
}

bool tree_get(const struct tree_node *root_opt, struct bytes key, struct bytes *value_out)
{
    const struct tree_node *node = root_opt;
    while (node != NULL) {
        int order = bytes_compare(key, item_key(node->item));
        if (order == 0) {
            *value_out = item_value(node->item);
            return true;
        }
        node = order < 0 ? node->left : node->right;
    }
    return false;
}

static bool walk_node(const struct tree_node *node, const struct tree_walk *walk)
{
    if (node == NULL)
        return true;
    struct bytes key = item_key(node->item);
    bool above_low = bytes_compare(key, walk->low) >= 0;
    bool below_high = bytes_compare(key, walk->high) < 0;
    const struct tree_node *first = walk->reverse ? node->right : node->left;
    const struct tree_node *second = walk->reverse ? node->left : node->right;
    if ((walk->reverse ? below_high : above_low) && !walk_node(first, walk))
        return false;
    if (above_low && below_high && !walk->visit(walk->context, key, item_value(node->item)))
        return false;
    return !(walk->reverse ? above_low : below_high) || walk_node(second, walk);
}

void tree_walk(const struct tree_node *root_opt, const struct tree_walk *walk)
{
    (void)walk_node(root_opt, walk);
}
