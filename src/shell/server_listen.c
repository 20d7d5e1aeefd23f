/* Sockets are made here and not by libmicrohttpd, so that an error names its cause. */
#include "shell/server_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LISTEN_BACKLOG = 511, HOST_MAX = 256 };

static struct err listen_error(int number)
{
    if (number == EADDRINUSE)
        return err_make(ERR_CONFLICT, "server.port-in-use");
    if (number == EACCES || number == EPERM)
        return err_make(ERR_DENIED, "server.port-forbidden");
    if (number == EADDRNOTAVAIL || number == ENOENT || number == ENOTDIR)
        return err_make(ERR_INVALID, "server.bad-address");
    return err_make(ERR_UNAVAILABLE, "server.no-start");
}

/* getaddrinfo takes 99999 for 34463. */
static bool port_good(const char *port)
{
    size_t len = strspn(port, "0123456789");
    return len > 0 && len <= 5 && port[len] == '\0' && (len < 5 || strcmp(port, "65535") <= 0);
}

/* "host:port" or "[v6]:port" to its two parts. */
static bool split_address(const char *address, char host[static HOST_MAX], const char **port)
{
    const char *colon = strrchr(address, ':');
    if (!colon || colon == address || !port_good(colon + 1))
        return false;
    size_t len = (size_t)(colon - address);
    if (address[0] == '[' && colon[-1] == ']') {
        address++;
        len -= 2;
    } else if (memchr(address, ':', len)) {
        return false;
    }
    if (len == 0 || len >= HOST_MAX)
        return false;
    memcpy(host, address, len);
    host[len] = '\0';
    *port = colon + 1;
    return true;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof(v6));
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

static uint16_t bound_port(int fd)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);
    if (getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        return 0;
    struct sockaddr_in6 v6;
    struct sockaddr_in v4;
    memcpy(&v6, &address, sizeof(v6));
    memcpy(&v4, &address, sizeof(v4));
    return ntohs(address.ss_family == AF_INET6 ? v6.sin6_port : v4.sin_port);
}

static struct err listen_at(struct server_gate *gate, const struct addrinfo *at)
{
    if (gate->setup.kind == SERVER_METRICS && !is_loopback(at->ai_addr))
        return err_make(ERR_INVALID, "server.not-loopback");
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return listen_error(errno);
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, LISTEN_BACKLOG) != 0) {
        struct err e = listen_error(errno);
        close(fd);
        return e;
    }
    gate->fd = fd;
    gate->port = bound_port(fd);
    return err_none();
}

static struct err listen_inet(struct server_gate *gate)
{
    char host[HOST_MAX];
    const char *port = NULL;
    if (!gate->setup.address || !split_address(gate->setup.address, host, &port))
        return err_make(ERR_INVALID, "server.bad-address");
    const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                                    .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, port, &hints, &found) != 0 || !found)
        return err_make(ERR_INVALID, "server.bad-address");
    struct err e = listen_at(gate, found);
    freeaddrinfo(found);
    return e;
}

/* A socket file that nobody listens on was left by a crash. */
static bool is_stale(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool refused = connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 &&
                   errno == ECONNREFUSED;
    close(fd);
    return refused;
}

static struct err bind_unix(int fd, const struct sockaddr_un *address)
{
    const struct sockaddr *at = (const struct sockaddr *)address;
    if (bind(fd, at, sizeof(*address)) == 0)
        return err_none();
    if (errno != EADDRINUSE)
        return listen_error(errno);
    struct stat info;
    bool socket_file = lstat(address->sun_path, &info) == 0 && S_ISSOCK(info.st_mode);
    if (!socket_file || !is_stale(address))
        return err_make(ERR_CONFLICT, "server.socket-in-use");
    if (unlink(address->sun_path) != 0 || bind(fd, at, sizeof(*address)) != 0)
        return listen_error(errno);
    return err_none();
}

static struct err listen_unix(struct server_gate *gate)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (!gate->setup.path || strlen(gate->setup.path) >= sizeof(address.sun_path))
        return err_make(ERR_INVALID, "server.bad-address");
    memcpy(address.sun_path, gate->setup.path, strlen(gate->setup.path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return listen_error(errno);
    struct err e = bind_unix(fd, &address);
    /* Nobody can connect before listen, so the mode is right from the first connection on. */
    if (!failed(e) && (chmod(gate->setup.path, 0660) != 0 || listen(fd, LISTEN_BACKLOG) != 0))
        e = listen_error(errno);
    if (failed(e)) {
        close(fd);
        return e;
    }
    gate->fd = fd;
    return err_none();
}

struct err server_listen(struct server_gate *gate)
{
    return gate->setup.kind == SERVER_LOCAL ? listen_unix(gate) : listen_inet(gate);
}
