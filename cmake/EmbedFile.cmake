# cmake -DINPUT=... -DOUTPUT=... -DNAME=... -P EmbedFile.cmake (see Embed.cmake)
file(READ ${INPUT} bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "((0x[0-9a-f][0-9a-f],)(0x[0-9a-f][0-9a-f],)?(0x[0-9a-f][0-9a-f],)?(0x[0-9a-f][0-9a-f],)?(0x[0-9a-f][0-9a-f],)?(0x[0-9a-f][0-9a-f],)?(0x[0-9a-f][0-9a-f],)?(0x[0-9a-f][0-9a-f],)?)" "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "/* Made from ${NAME} by cmake/EmbedFile.cmake. */
#include \"report/assets.h\"

const unsigned char rm_asset_${NAME}[] = {
${bytes}};
const unsigned long rm_asset_${NAME}_size = ${size};
")
