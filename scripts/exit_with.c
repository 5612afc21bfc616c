/* make exits with 2 whenever a recipe fails, whatever the recipe's own code was. $(exit_with COMMAND) runs COMMAND in the
   place of a recipe and ends make with its code. Loaded by the Makefile for `make verify`. */
#include <gnumake.h>
#include <stdlib.h>
#include <sys/wait.h>

int plugin_is_GPL_compatible;

static char *exit_with(const char *name, unsigned int argc, char **argv)
{
    (void) name;
    (void) argc;
    int status = system(argv[0]);
    exit(status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : 2);
}

int exit_with_gmk_setup(const gmk_floc *where)
{
    (void) where;
    gmk_add_function("exit_with", exit_with, 1, 1, GMK_FUNC_DEFAULT);
    return 1;
}
