#include "load.h"

/* Which names are artifacts: the contract's "Inputs by name". Longer endings stand first. */
static const struct {
    const char *ending;
    rm_artifact_kind kind;
} endings[] = {
    {".ringmap.json", RM_ARTIFACT_FACTS},
    {".inf.in", RM_ARTIFACT_INF},
    {".appxmanifest", RM_ARTIFACT_MANIFEST},
    {".appxbundle", RM_ARTIFACT_PACKAGE},
    {".msixbundle", RM_ARTIFACT_PACKAGE},
    {".manifest", RM_ARTIFACT_MANIFEST},
    {".vcxproj", RM_ARTIFACT_PROJECT},
    {".csproj", RM_ARTIFACT_PROJECT},
    {".props", RM_ARTIFACT_PROJECT},
    {".appx", RM_ARTIFACT_PACKAGE},
    {".msix", RM_ARTIFACT_PACKAGE},
    {".sccd", RM_ARTIFACT_SCCD},
    {".sddl", RM_ARTIFACT_SDDL},
    {".inf", RM_ARTIFACT_INF},
    {".inx", RM_ARTIFACT_INF},
    {".hpp", RM_ARTIFACT_HEADER},
    {".cpp", RM_ARTIFACT_SOURCE},
    {".cxx", RM_ARTIFACT_SOURCE},
    {".exe", RM_ARTIFACT_EXECUTABLE},
    {".dll", RM_ARTIFACT_EXECUTABLE},
    {".hh", RM_ARTIFACT_HEADER},
    {".cc", RM_ARTIFACT_SOURCE},
    {".cs", RM_ARTIFACT_SOURCE},
    {".rc", RM_ARTIFACT_SOURCE},
    {".h", RM_ARTIFACT_HEADER},
    {".c", RM_ARTIFACT_SOURCE},
};

static const struct {
    const char *name;
    rm_artifact_kind kind;
} names[] = {
    {"AppxManifest.xml", RM_ARTIFACT_MANIFEST},
    {"CMakeLists.txt", RM_ARTIFACT_PROJECT},
    {"sources", RM_ARTIFACT_PROJECT},
    {"makefile", RM_ARTIFACT_PROJECT},
};

bool rm_artifact_kind_of(rm_str path, rm_artifact_kind *out) {
    rm_str base = rm_path_base(path);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (rm_str_ieq(base, rm_str_from(names[i].name))) {
            *out = names[i].kind;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (rm_str_iends(base, rm_str_from(endings[i].ending))) {
            *out = endings[i].kind;
            return true;
        }
    }
    return false;
}

bool rm_is_csharp(rm_str path) {
    return rm_str_iends(path, RM_STR(".cs"));
}

bool rm_extract_leaves_out(rm_str folder) {
    static const char *const folders[] = {".git",  ".svn",    ".hg",  ".vs",    "node_modules",
                                          "Debug", "Release", "ipch", "objfre", "objchk"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (rm_str_eq(folder, rm_str_from(folders[i]))) {
            return true;
        }
    }
    return false;
}
