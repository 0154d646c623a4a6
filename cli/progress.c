/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.c - one line on a terminal while something takes long.
 *
 * A timer draws it, first after 0.7 s, so that a computation in one call has a line too.  What
 * a signal handler can see must be global; it only reads, formats and writes. */
#include "cli/cli.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define FIRST  700000 /* microseconds before the first line */
#define PERIOD 200000 /* between two */

static _Atomic(const char *) phase; /* static text */
static atomic_llong all, done;
static atomic_int shown; /* lines drawn */
static volatile sig_atomic_t terminal = -1;

static size_t add_text(char *line, size_t used, const char *text)
{
    while (*text && used < 120)
        line[used++] = *text++;
    return used;
}

static size_t add_number(char *line, size_t used, long long n)
{
    char digits[24];
    size_t i = sizeof digits;
    digits[--i] = '\0';
    do {
        digits[--i] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0 && i > 0);
    return add_text(line, used, digits + i);
}

static void draw(int number)
{
    char line[128];
    const char *what = atomic_load(&phase);
    long long n = atomic_load(&all);
    size_t used = add_text(line, 0, "\r");
    (void)number;
    if (!what || terminal < 0)
        return;
    used = add_text(line, used, what);
    if (n > 0) {
        used = add_text(line, used, ": ");
        used = add_number(line, used, atomic_load(&done));
        used = add_text(line, used, " of ");
        used = add_number(line, used, n);
    }
    used = add_text(line, used, ", ");
    used = add_number(line, used,
                      (FIRST + (long long)atomic_fetch_add(&shown, 1) * PERIOD) / 1000000);
    used = add_text(line, used, " s\033[K");
    if (write(terminal, line, used) < 0)
        terminal = -1;
}

static void set_timer(suseconds_t first, suseconds_t period)
{
    struct itimerval t = {{0, period}, {0, first}};
    (void)setitimer(ITIMER_REAL, &t, NULL);
}

void sx_progress_start(const sx_cli *c)
{
    struct sigaction act;
    int fd = fileno(c->err);
    if (c->o.given[SX_OPT_QUIET] || fd < 0 || !isatty(fd))
        return;
    terminal = fd;
    atomic_store(&shown, 0);
    memset(&act, 0, sizeof act);
    act.sa_handler = draw;
    act.sa_flags = SA_RESTART;
    (void)sigaction(SIGALRM, &act, NULL);
    set_timer(FIRST, PERIOD);
}

void sx_progress_phase(const char *what, int64_t steps)
{
    atomic_store(&done, 0);
    atomic_store(&all, steps);
    atomic_store(&phase, what);
}

void sx_progress_step(void)
{
    atomic_fetch_add(&done, 1);
}

void sx_progress_end(void)
{
    static const char clear[] = "\r\033[K";
    sx_progress_phase(NULL, 0);
    if (terminal < 0)
        return;
    set_timer(0, 0);
    if (atomic_load(&shown) && write(terminal, clear, sizeof clear - 1) < 0)
        atomic_store(&shown, 0);
    terminal = -1;
}
