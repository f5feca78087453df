# For documentation builds: pictures of a system that are made by the build and kept in the sources.
#
#   include(RingmapDiagram)
#   ringmap_diagram(door_map
#     SOURCES drivers apps design.ringmap.json   # what `ringmap scan` reads, relative to this folder
#     OUTPUT  docs/img/door-map.svg              # the committed picture: svg png pdf dot mmd html md json
#     VIEW    path FOCUS R1                      # as `ringmap render` takes them; both optional
#     BASELINE old-drivers                       # sources of the older system, for VIEW diff
#     SCAN    --facts more.ringmap.json          # more options of scan
#     OPTIONS --legend off)                      # more options of render (or report)
#
# gives the target `door_map`, part of ALL, which makes the picture in the build folder whenever a
# source changed; `door_map_update`, which copies it over the committed one; and, where tests are
# enabled, the test `door_map`, which fails when the committed picture is not what the sources give.
# `ringmap_diagrams_update` updates all of them.
#
# The program is the target `ringmap` where that exists, else what find_program() finds, or
# RINGMAP_PROGRAM. Coordinates depend on Graphviz and on the fonts: make committed pictures where CI
# makes them (docs/documentation-builds.md).
set(RINGMAP_DIAGRAM_FOLDER ${CMAKE_CURRENT_LIST_DIR})

function(_ringmap_program out)
  if(TARGET ringmap)
    set(${out} $<TARGET_FILE:ringmap> PARENT_SCOPE)
  else()
    find_program(RINGMAP_PROGRAM ringmap REQUIRED)
    set(${out} ${RINGMAP_PROGRAM} PARENT_SCOPE)
  endif()
endfunction()

# _ringmap_inputs(OUT PATH...): every file below the paths, so that a change of any makes the picture.
function(_ringmap_inputs out)
  set(all)
  foreach(path IN LISTS ARGN)
    if(IS_DIRECTORY ${path})
      file(GLOB_RECURSE files CONFIGURE_DEPENDS ${path}/*)
      list(APPEND all ${files})
    else()
      list(APPEND all ${path})
    endif()
  endforeach()
  set(${out} ${all} PARENT_SCOPE)
endfunction()

function(ringmap_diagram target)
  cmake_parse_arguments(D "" "OUTPUT;VIEW;FOCUS" "SOURCES;BASELINE;SCAN;OPTIONS" ${ARGN})
  if(D_UNPARSED_ARGUMENTS OR NOT D_SOURCES OR NOT D_OUTPUT)
    message(FATAL_ERROR "ringmap_diagram(${target}): SOURCES and OUTPUT are needed; not known: '${D_UNPARSED_ARGUMENTS}'")
  endif()
  _ringmap_program(program)
  list(TRANSFORM D_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ REGEX "^[^/]")
  list(TRANSFORM D_BASELINE PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ REGEX "^[^/]")
  _ringmap_inputs(inputs ${D_SOURCES} ${D_BASELINE})
  get_filename_component(committed ${D_OUTPUT} ABSOLUTE)
  get_filename_component(ending ${D_OUTPUT} LAST_EXT)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/ringmap-diagrams)
  file(MAKE_DIRECTORY ${folder})
  set(made ${folder}/${target}${ending})

  set(scan_older)
  set(older)
  if(D_BASELINE)
    set(older ${folder}/${target}.old.db)
    set(scan_older COMMAND ${program} scan ${D_BASELINE} -o ${older} --quiet)
  endif()
  set(command render)
  if(ending MATCHES "^\\.(html|md|json)$")
    set(command report)
  endif()
  set(view)
  if(D_VIEW)
    list(APPEND view --view ${D_VIEW})
  endif()
  if(D_FOCUS)
    list(APPEND view --focus ${D_FOCUS})
  endif()
  add_custom_command(OUTPUT ${made}
    COMMAND ${program} scan ${D_SOURCES} ${D_SCAN} -o ${folder}/${target}.db --quiet
    ${scan_older}
    COMMAND ${program} ${command} ${older} ${folder}/${target}.db -o ${made} --quiet ${view} ${D_OPTIONS}
    DEPENDS ${inputs} ${program}
    COMMENT "Drawing ${D_OUTPUT}" VERBATIM)
  add_custom_target(${target} ALL DEPENDS ${made})
  add_custom_target(${target}_update COMMAND ${CMAKE_COMMAND} -E copy_if_different ${made} ${committed}
                    DEPENDS ${made} VERBATIM)
  if(NOT TARGET ringmap_diagrams_update)
    add_custom_target(ringmap_diagrams_update)
  endif()
  add_dependencies(ringmap_diagrams_update ${target}_update)
  add_test(NAME ${target} COMMAND ${CMAKE_COMMAND} -DMADE=${made} -DCOMMITTED=${committed}
           -DTARGET=${target} -P ${RINGMAP_DIAGRAM_FOLDER}/RingmapDrift.cmake)
endfunction()
