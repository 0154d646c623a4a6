/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c - the program: everything is in sx_cli_main, which tests call too.
 *
 * Threads that wait for each other spin by default, and where other programs want the same
 * processors a computation takes many times as long.  OpenMP reads its environment before
 * main, so the program starts itself once more with waiting threads asleep, unless the user
 * has said how they wait. */
#include "cli/cli.h"

#include <stdlib.h>
#include <unistd.h>

static void sleep_when_waiting(char **argv)
{
    if (getenv("OMP_WAIT_POLICY") || getenv("GOMP_SPINCOUNT") || getenv("KMP_BLOCKTIME"))
        return;
    if (!setenv("OMP_WAIT_POLICY", "passive", 1))
        execv("/proc/self/exe", argv); /* where that fails, it is only slower */
}

int main(int argc, char **argv)
{
    sleep_when_waiting(argv);
    sx_interrupt_install();
    return sx_cli_main(argc, (const char *const *)argv, stdout, stderr);
}
