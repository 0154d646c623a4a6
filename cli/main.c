/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c - the program: everything is in sx_cli_main, which tests call too. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    sx_interrupt_install();
    return sx_cli_main(argc, (const char *const *)argv, stdout, stderr);
}
