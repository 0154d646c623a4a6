# SPDX-License-Identifier: GPL-3.0-or-later
# make, make check, make demo, make install, make help.  GNU make.
# Yours to set: CC CXX CFLAGS CPPFLAGS LDFLAGS LDLIBS PREFIX DESTDIR BUILD

VERSION = 0.1.0
SOMAJOR = 0
PREFIX  = /usr/local
BUILD   = build
CFLAGS  = -O2 -g

MODULES = mdp solvers metrics plots
LIBSRC  = $(foreach m,$(MODULES),$(wildcard $(m)/*.c))
HEADERS = $(filter-out %_int.h,$(foreach m,$(MODULES),$(wildcard $(m)/*.h)))
CLISRC  = $(wildcard cli/*.c)
TESTS   = $(patsubst tests/%.c,%,$(wildcard tests/test_*.c))
ORACLES = $(wildcard tests/oracle_*.c)
BENCHES = $(patsubst bench/%.c,%,$(wildcard bench/bench_*.c))
TOOLS   = $(patsubst tools/%.c,%,$(wildcard tools/*.c))
SOURCES = $(LIBSRC) $(CLISRC) $(wildcard tests/*.c bench/*.c tools/*.c examples/*.c)

# libraries.  GLPK and SuiteSparse ship no .pc file in Debian 12
PKGS      = libxml-2.0 gsl cairo pangocairo jansson libmd zlib gmp
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
LINK    = $(CC) $(CFLAGS) -fopenmp -Wl,--as-needed $(LDFLAGS)

LIB    = $(BUILD)/libsextant.a
SHARED = $(BUILD)/libsextant.so
PROG   = $(BUILD)/sextant
LIBOBJ = $(LIBSRC:%.c=$(BUILD)/%.o)
CLIOBJ = $(CLISRC:%.c=$(BUILD)/%.o)
TESTBIN  = $(TESTS:%=$(BUILD)/tests/%)
BENCHBIN = $(BENCHES:%=$(BUILD)/bench/%)
TOOLBIN  = $(TOOLS:%=$(BUILD)/tools/%)

# V=1 shows whole commands
Q = $(if $(V),,@echo '  $@';)

# make again, now that the packages are there; as many jobs as processors unless -j says
AGAIN = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

all: $(LIB) $(SHARED) $(if $(CLISRC),$(PROG))

$(LIB): $(LIBOBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

# what a program may call: sx_*, but not sx_i_*, which parts of a folder share
$(BUILD)/sextant.map: $(LIB)
	@{ echo 'SEXTANT_$(SOMAJOR) { global:'; \
	   nm -g --defined-only $(LIB) | awk '$$3 ~ /^sx_/ && $$3 !~ /^sx_i_/ { print $$3 ";" }' | sort; \
	   echo 'local: *; };'; } > $@

$(SHARED): $(LIBOBJ) $(BUILD)/sextant.map
	$(Q)$(LINK) -shared -Wl,-soname,libsextant.so.$(SOMAJOR) \
	    -Wl,--version-script=$(BUILD)/sextant.map -o $@ $(LIBOBJ) $(LIBS)

$(PROG): $(CLIOBJ) $(LIB)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(TESTBIN): %: %.o $(LIB)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(LIB) -lcmocka $(LIBS)

# what else a test is linked with: the slow oracles; the command without its main; another
# allocator, which comes before the archive and so takes the place of its own
OOM_TESTS = $(filter %_oom,$(TESTBIN))
CLI_TESTS = $(filter $(BUILD)/tests/test_cli%,$(TESTBIN))
$(filter-out $(OOM_TESTS) $(CLI_TESTS),$(TESTBIN)): $(ORACLES:%.c=$(BUILD)/%.o)
$(CLI_TESTS): $(filter-out %/main.o,$(CLIOBJ))
$(BUILD)/tests/test_cli_certificate $(BUILD)/tests/test_cli_dual $(BUILD)/tests/test_cli_forged \
$(BUILD)/tests/test_cli_plot_canonical: \
    $(ORACLES:%.c=$(BUILD)/%.o)
$(OOM_TESTS): $(BUILD)/tests/alloc_limit.o

$(BENCHBIN) $(TOOLBIN): %: %.o $(LIB)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/%.o: %.c Makefile | $(BUILD)/ready
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -c -o $@ $<

# stop early, and say what to do
$(BUILD)/ready:
	@mkdir -p $(BUILD)
	@$(PKGCONFIG) --exists --print-errors $(PKGS) || { echo '$(NEEDS)' >&2; exit 1; }
	@printf '#include <glpk.h>\n#include <klu.h>\nint main(void) { return 0; }\n' > $@.c
	@$(CC) $(FOREIGN) $(CPPFLAGS) -o $@.out $@.c $(LDFLAGS) $(GLPKLIBS) $(SUITELIBS) || \
	    { echo '$(NEEDS)' >&2; exit 1; }
	@rm -f $@.c $@.out && touch $@
NEEDS = A library is missing: packages.txt has the list, make packages installs it on Debian.

# what each of these needs is installed first, on Debian
packages:
	@tools/packages.sh packages.txt

check: packages
	@+$(AGAIN) run-check

run-check: all $(TESTBIN) $(TOOLBIN)
	@CC='$(CC)' CXX='$(CXX)' CFLAGS='$(CFLAGS)' BUILD='$(BUILD)' tests/run.sh $(TESTS)

demo: packages
	@+$(AGAIN) all
	@BUILD='$(BUILD)' tools/demo.sh

ASAN = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
asan:
	@+$(AGAIN) run-check BUILD=$(BUILD)/asan CFLAGS='$(ASAN) $(WERROR)'

bench: all $(BENCHBIN)
	@printf 'name\tvalue\tunit\tratio\n'
	@for b in $(BENCHBIN); do BUILD='$(BUILD)' $$b || exit 1; done

# the parts of the manual that are made from tables
reference: all $(TOOLBIN)
	$(BUILD)/tools/reference schema > $(BUILD)/made && mv $(BUILD)/made configs/sextant.xsd
	for page in specification.md command.md; do \
	    BUILD='$(BUILD)' tools/reference.sh $$page > $(BUILD)/made && \
	    mv $(BUILD)/made docs/reference/$$page || exit 1; \
	done

# the gallery and its page
GALLERY = $(BUILD)/figures
figures: all
	rm -rf $(GALLERY)
	BUILD='$(BUILD)' tools/figures.sh draw $(GALLERY) svg
	BUILD='$(BUILD)' tools/figures.sh page $(GALLERY) > $(BUILD)/made
	mv $(BUILD)/made docs/reference/gallery.md
	rm -f docs/figures/*.svg && cp $(GALLERY)/*.svg docs/figures
	tools/figures.sh fonts > docs/figures/fonts.txt

cover:
	@+$(AGAIN) run-check BUILD=$(BUILD)/cover CFLAGS='-O0 -g --coverage'
	@for f in $(LIBSRC) $(CLISRC); do \
	    gcov -n -o $(BUILD)/cover/$$(dirname $$f) $$f 2>/dev/null | \
	    awk -v f=$$f '/^File/ { hit = $$0 ~ "'"'"'" f } /^Lines/ && hit { print f, $$0; exit }'; \
	done

# layout, sizes, clang-tidy file by file (what has not changed is not read again), cppcheck
lint:
	@+$(AGAIN) -k run-lint
run-lint: lint-format lint-sizes lint-cppcheck $(SOURCES:%.c=$(BUILD)/lint/%.tidy)
lint-format:
	@clang-format --dry-run -Werror $(SOURCES) $(wildcard */*.h)
lint-sizes:
	@wc -l $(SOURCES) $(wildcard */*.h) | awk '$$2 != "total" && $$1 > ($$2 ~ /\.h$$/ ? 200 : 600) \
	    { print $$2 ": " $$1 " lines are too many"; bad = 1 } END { exit bad }'
lint-cppcheck:
	@mkdir -p $(BUILD)/lint/cppcheck
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr -j 2 \
	    --cppcheck-build-dir=$(BUILD)/lint/cppcheck --error-exitcode=1 \
	    --suppress=unknownMacro:tests/* -I. $(LIBSRC) $(CLISRC)
$(BUILD)/lint/%.tidy: %.c .clang-tidy $(wildcard */*.h)
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet $< -- $(STD) $(FOREIGN) 2>$@.log || { cat $@.log; exit 1; }
	@touch $@

format:
	clang-format -i $(SOURCES) $(wildcard */*.h)

# sextant.pc is written here, not built: it depends on PREFIX, which make cannot see.  It names
# the libraries themselves: by Requires.private, --static would ask for what libxml2 is made of
D = $(DESTDIR)$(PREFIX)
install: all
	install -d $(D)/bin $(D)/lib/pkgconfig $(D)/share/sextant/examples \
	    $(MODULES:%=$(D)/include/sextant/%)
	install -m 755 $(PROG) $(D)/bin
	install -m 644 $(LIB) $(D)/lib
	install -m 755 $(SHARED) $(D)/lib/libsextant.so.$(VERSION)
	ln -sf libsextant.so.$(VERSION) $(D)/lib/libsextant.so.$(SOMAJOR)
	ln -sf libsextant.so.$(SOMAJOR) $(D)/lib/libsextant.so
	for h in $(HEADERS); do install -m 644 $$h $(D)/include/sextant/$$h || exit 1; done
	for f in $(wildcard configs/*.xsd); do install -m 644 $$f $(D)/share/sextant || exit 1; done
	for f in $(wildcard examples/*.*); do install -m 644 $$f $(D)/share/sextant/examples || exit 1; done
	printf '%s\n' 'prefix=$(PREFIX)' 'Name: sextant' \
	    'Description: distances and regrets between reward functions' 'Version: $(VERSION)' \
	    'Cflags: -I$${prefix}/include/sextant' \
	    'Libs: -L$${prefix}/lib -lsextant' \
	    'Libs.private: $(PKGLIBS) $(GLPKLIBS) $(SUITELIBS) -fopenmp -lm' > $(D)/lib/pkgconfig/sextant.pc

clean:
	rm -rf $(BUILD)

help:
	@echo 'make            the program and the libraries, in $(BUILD)/; installs nothing'
	@echo 'make demo       packages, build, and the main job on an example, with a figure'
	@echo 'make check      packages, build, and all tests'
	@echo 'make packages   install the Debian packages of packages.txt that are missing'
	@echo 'make asan       the tests under address and undefined-behaviour sanitizers'
	@echo 'make lint       clang-format, sizes, clang-tidy, cppcheck'
	@echo 'make format     lay the sources out'
	@echo 'make figures    the gallery: docs/figures, docs/reference/gallery.md'
	@echo 'make reference  the parts of the manual and the schema that are made from tables'
	@echo 'make bench      what things cost, as tab-separated values'
	@echo 'make cover      lines that the tests reach, file by file'
	@echo 'make install    to $$(DESTDIR)$$(PREFIX), PREFIX=$(PREFIX)'
	@echo 'make clean      remove $(BUILD)/'
	@echo 'make print-VAR  the value of a variable of the Makefile'

print-%: ; @echo '$* = $($*)'

.PHONY: all packages check run-check demo asan bench reference figures cover lint run-lint lint-format lint-sizes \
        lint-cppcheck format install clean help
.SECONDARY:
-include $(shell find $(BUILD) -path $(BUILD)/asan -prune -o -name '*.d' -print 2>/dev/null)
