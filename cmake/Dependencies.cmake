# Third-party libraries, each with one home (docs/architecture.md). Debian names in ./dev.
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBXML2 REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(SQLITE3 REQUIRED IMPORTED_TARGET sqlite3>=3.37)
pkg_check_modules(CJSON REQUIRED IMPORTED_TARGET libcjson)
pkg_check_modules(LIBMD REQUIRED IMPORTED_TARGET libmd)
pkg_check_modules(GRAPHVIZ REQUIRED IMPORTED_TARGET libcgraph libgvc)
# Debian's file calls the runtime 0.6.3 whatever it is, so its version is not asked.
pkg_check_modules(TREE_SITTER REQUIRED IMPORTED_TARGET tree-sitter)
# Where its archive is at hand it is linked in: calls within the shared object go through its table
# of symbols, which costs a scan a twentieth of its time.
find_library(TREE_SITTER_ARCHIVE NAMES libtree-sitter.a HINTS ${TREE_SITTER_LIBRARY_DIRS})
if(TREE_SITTER_ARCHIVE)
  set_target_properties(PkgConfig::TREE_SITTER PROPERTIES INTERFACE_LINK_LIBRARIES ${TREE_SITTER_ARCHIVE})
endif()

# The grammars come from npm, pinned in package-lock.json. Their ABI must suit the runtime: 13 or 14.
function(ringmap_grammar name)
  set(dir ${CMAKE_SOURCE_DIR}/node_modules/tree-sitter-${name}/src)
  if(NOT EXISTS ${dir}/parser.c)
    message(FATAL_ERROR "tree-sitter-${name} is missing: run 'npm ci --ignore-scripts' or './dev setup'")
  endif()
  file(STRINGS ${dir}/parser.c version REGEX "^#define LANGUAGE_VERSION ")
  if(NOT version MATCHES "LANGUAGE_VERSION 1[34]$")
    message(FATAL_ERROR "tree-sitter-${name}: '${version}' does not suit the runtime (13 or 14)")
  endif()
  add_library(grammar_${name} STATIC ${dir}/parser.c)
  if(EXISTS ${dir}/scanner.c)
    target_sources(grammar_${name} PRIVATE ${dir}/scanner.c)
  endif()
  target_include_directories(grammar_${name} SYSTEM PRIVATE ${dir})
  target_compile_options(grammar_${name} PRIVATE -w -O2 -std=c11)
  set_target_properties(grammar_${name} PROPERTIES C_CLANG_TIDY "") # generated: not ours to judge
endfunction()
ringmap_grammar(c)
ringmap_grammar(cpp)
