# One INTERFACE target carries what every target of ours compiles with.
# Nothing here touches CMAKE_C_FLAGS, so a parent project is not affected.
add_library(ringmap_flags INTERFACE)
target_compile_features(ringmap_flags INTERFACE c_std_17)
target_compile_definitions(ringmap_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(ringmap_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual
  -Wcast-align -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wwrite-strings -Wundef -Wvla -Wformat=2 -Wnull-dereference -Wswitch-enum
  -Wdouble-promotion -fno-common -fstack-protector-strong
  $<$<C_COMPILER_ID:GNU>:-Wlogical-op -Wduplicated-cond -Wduplicated-branches>
  $<$<C_COMPILER_ID:Clang>:-Wno-string-concatenation> # clang-tidy knows it better
  $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
if(RINGMAP_SANITIZE)
  target_compile_options(ringmap_flags INTERFACE
    -fsanitize=${RINGMAP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(ringmap_flags INTERFACE -fsanitize=${RINGMAP_SANITIZE})
endif()
if(RINGMAP_ANALYZER)
  target_compile_options(ringmap_flags INTERFACE -fanalyzer
    -Wno-analyzer-use-of-uninitialized-value) # GCC 12 loses what memcpy stores into a pointer
endif()

# ringmap_layer(NAME model DEPENDS ringmap::base LIBRARIES ...): one static library per layer.
# A layer sees its own headers and those of the layers it names; an include sideways or upward
# does not compile. LIBRARIES are third-party and stay private to the layer.
# Every .c below src/ belongs to the layer.
function(ringmap_layer)
  cmake_parse_arguments(L "" "NAME" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/*.c)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/include/*.h)
  add_library(ringmap_${L_NAME} STATIC)
  add_library(ringmap::${L_NAME} ALIAS ringmap_${L_NAME})
  target_sources(ringmap_${L_NAME}
    PRIVATE ${sources}
    PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${headers})
  target_include_directories(ringmap_${L_NAME} PRIVATE src)
  target_link_libraries(ringmap_${L_NAME} PUBLIC ${L_DEPENDS}
                        PRIVATE $<BUILD_INTERFACE:ringmap_flags> ${L_LIBRARIES})
  set_target_properties(ringmap_${L_NAME} PROPERTIES C_EXTENSIONS OFF C_VISIBILITY_PRESET hidden
                        VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()
