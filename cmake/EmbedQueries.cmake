# cmake -DINPUT=folder -DOUTPUT=file.c -P EmbedQueries.cmake
# Every *.sql of the folder as a row of rm_named_query_table: its name is the file's, its question the
# comment in the first line.
file(GLOB files ${INPUT}/*.sql)
list(SORT files)
set(rows "")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REGEX REPLACE "^-- ([^\n]*)\n.*" "\\1" question "${text}")
  string(REGEX REPLACE "^-- [^\n]*\n" "" sql "${text}")
  string(REGEX REPLACE "\n$" "" sql "${sql}")
  string(REPLACE "\n" "\\n\"\n     \"" sql "${sql}")
  string(APPEND rows "    {\"${name}\",\n     \"${question}\",\n     \"${sql}\"},\n")
endforeach()
file(WRITE ${OUTPUT} "/* Made from db/queries by cmake/EmbedQueries.cmake. */
#include \"named.h\"

const rm_named_query rm_named_query_table[] = {
${rows}};
const uint32_t rm_named_query_table_count =
    sizeof rm_named_query_table / sizeof rm_named_query_table[0];
")
