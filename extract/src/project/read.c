#include "project/build.h"

/* Which reader takes which file; the others (.props, makefile) tell nothing by themselves. */
static const struct {
    const char *ending;
    bool whole_name;
    char open, close;
    bool ignores_case;
    rm_status (*read)(rm_build *, const rm_input_file *, rm_projects *);
} formats[] = {
    {".vcxproj", false, '(', ')', true, rm_msbuild_read},
    {".csproj", false, '(', ')', true, rm_msbuild_read},
    {"sources", true, '(', ')', true, rm_sources_read},
    {"CMakeLists.txt", true, '{', '}', false, rm_cmake_read},
};

rm_status rm_project_read(rm_arena *arena, rm_sink *sink, const rm_file_index *files,
                          const rm_input_file *file, rm_projects *out) {
    rm_str base = rm_path_base(file->path);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        rm_str ending = rm_str_from(formats[i].ending);
        if (formats[i].whole_name ? rm_str_ieq(base, ending) : rm_str_iends(base, ending)) {
            rm_build build = {.arena = arena,
                              .sink = sink,
                              .files = files,
                              .folder = rm_path_dir(file->path),
                              .ignores_case = formats[i].ignores_case,
                              .open = formats[i].open,
                              .close = formats[i].close,
                              .project = {.path = file->path}};
            return formats[i].read(&build, file, out);
        }
    }
    return RM_OK;
}
