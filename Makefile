# SPDX-License-Identifier: GPL-3.0-or-later
# make, make check, make demo, make install, make help.  GNU make.
# Yours to set: CC CFLAGS CPPFLAGS LDFLAGS LDLIBS PREFIX DESTDIR BUILD

VERSION = 0.1.0
PREFIX  = /usr/local
BUILD   = build
CFLAGS  = -O2 -g

MODULES = mdp solvers metrics plots
LIBSRC  = $(foreach m,$(MODULES),$(wildcard $(m)/*.c))
CLISRC  = $(wildcard cli/*.c)
TESTS   = $(patsubst tests/%.c,%,$(wildcard tests/test_*.c))
ORACLES = $(wildcard tests/oracle_*.c)
BENCHES = $(patsubst bench/%.c,%,$(wildcard bench/*.c))

# libraries.  GLPK and SuiteSparse ship no .pc file in Debian 12
PKGS      = libxml-2.0 gsl cairo pangocairo jansson libmd zlib
PKGCONFIG = pkg-config
PKGCFLAGS := $(shell $(PKGCONFIG) --cflags $(PKGS) 2>/dev/null)
PKGLIBS   := $(shell $(PKGCONFIG) --libs $(PKGS) 2>/dev/null)
GLPKLIBS   = -lglpk
SUITECFLAGS = -I/usr/include/suitesparse
SUITELIBS   = -lcholmod -lklu -lamd -lcolamd -lbtf -lsuitesparseconfig

# ours go in separate variables, so that CFLAGS on the command line only adds
STD   = -std=c11 -D_POSIX_C_SOURCE=200809L -I. -fPIC -fopenmp -ffp-contract=off
WARN  = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wwrite-strings -Wcast-qual -Wvla
FOREIGN = $(patsubst -I%,-isystem%,$(PKGCFLAGS) $(SUITECFLAGS))
COMPILE = $(CC) $(STD) $(WARN) $(FOREIGN) $(CPPFLAGS) $(CFLAGS) -MMD -MP
LIBS    = $(PKGLIBS) $(GLPKLIBS) $(SUITELIBS) -lm $(LDLIBS)
LINK    = $(CC) $(CFLAGS) -fopenmp $(LDFLAGS)

LIB    = $(BUILD)/libsextant.a
PROG   = $(BUILD)/sextant
LIBOBJ = $(LIBSRC:%.c=$(BUILD)/%.o)
CLIOBJ = $(CLISRC:%.c=$(BUILD)/%.o)

all: $(PROG)

$(LIB): $(LIBOBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(PROG): $(CLIOBJ) $(LIB)
	$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(ORACLES:%.c=$(BUILD)/%.o) $(LIB)
	$(LINK) -o $@ $^ -lcmocka $(LIBS)

$(BUILD)/bench/%: $(BUILD)/bench/%.o $(LIB)
	$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

check: all $(TESTS:%=$(BUILD)/tests/%)
	CC='$(CC)' CXX='$(CXX)' BUILD='$(BUILD)' tests/run.sh $(TESTS)

clean:
	rm -rf build

print-%: ; @echo '$* = $($*)'

.PHONY: all check clean
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
