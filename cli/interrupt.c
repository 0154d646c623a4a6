/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interrupt.c - Ctrl-C leaves no half file. */
#include "cli/cli.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "mdp/file.h"

/* Files that are written but not yet in their places: a handler has nobody to pass them. */
static _Atomic(char *const *) pending;
static atomic_int pending_count;

static void on_signal(int number)
{
    const char *temporary = sx_file_temporary();
    char *const *path = atomic_load(&pending);
    int n = atomic_load(&pending_count);
    if (temporary)
        unlink(temporary);
    for (int i = 0; path && i < n; i++)
        unlink(path[i]);
    _exit(128 + number); /* SIGINT is 2: SX_EXIT_INTERRUPTED */
}

void sx_interrupt_pending(char *const *path, int32_t count)
{
    atomic_store(&pending_count, 0);
    atomic_store(&pending, path);
    atomic_store(&pending_count, path ? count : 0);
}

void sx_interrupt_install(void)
{
    struct sigaction act;
    memset(&act, 0, sizeof act);
    act.sa_handler = on_signal;
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    struct sigaction hangup;
    if (!sigaction(SIGHUP, NULL, &hangup) && hangup.sa_handler != SIG_IGN) /* nohup says so */
        sigaction(SIGHUP, &act, NULL);
    act.sa_handler = SIG_IGN; /* a closed pipe and a file too large are failed writes */
    sigaction(SIGPIPE, &act, NULL);
    sigaction(SIGXFSZ, &act, NULL);
}
