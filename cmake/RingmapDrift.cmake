# cmake -DMADE=... -DCOMMITTED=... -DTARGET=... -P RingmapDrift.cmake (see RingmapDiagram.cmake)
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${COMMITTED} ${MADE} RESULT_VARIABLE differ
                OUTPUT_QUIET ERROR_QUIET)
if(differ)
  message(FATAL_ERROR "${COMMITTED} is not what the sources give (see ${MADE}). "
                      "If the change is wanted: cmake --build BUILD --target ${TARGET}_update, and commit it.")
endif()
