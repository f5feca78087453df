# ringmap_embed(TARGET FILE...): the bytes of each file as `const unsigned char rm_asset_<name>[]`
# with its size in rm_asset_<name>_size, <name> being the file's with '_' for what is no letter.
# The sources of a page stay sources: they can be read, linted and changed as what they are.
function(ringmap_embed target)
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME)
    string(MAKE_C_IDENTIFIER ${name} name)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/asset_${name}.c)
    add_custom_command(OUTPUT ${output}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${file} -DOUTPUT=${output}
              -DNAME=${name} -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake
      DEPENDS ${file} ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake
      COMMENT "Embedding ${file}" VERBATIM)
    target_sources(${target} PRIVATE ${output})
  endforeach()
endfunction()
