/* Any text as the source of a program, in C++ or C#: read in bounded time, with places in it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "extract/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char sdk[] = "<Project Sdk='Microsoft.NET.Sdk'><PropertyGroup><OutputType>Exe"
                              "</OutputType></PropertyGroup></Project>";
    static const char cpp[] = "add_executable(tool tool.cpp)";
    if (size == 0) {
        return 0;
    }
    bool csharp = data[0] % 2 == 0;
    rm_str text = {(const char *)data + 1, size - 1};
    rm_input_file files[] = {{.path = csharp ? RM_STR("a.csproj") : RM_STR("CMakeLists.txt"),
                              .bytes = csharp ? RM_STR(sdk) : RM_STR(cpp),
                              .kind = RM_ARTIFACT_PROJECT},
                             {.path = csharp ? RM_STR("tool.cs") : RM_STR("tool.cpp"),
                              .bytes = text,
                              .kind = RM_ARTIFACT_SOURCE}};
    const rm_input_files list = {files, 2, 2};
    uint32_t unusable = 0;
    rm_model *model = rm_model_new((size_t)64 << 20);
    if (model == NULL) {
        return 0;
    }
    if (rm_extract(model, NULL, &list, NULL, &unusable) == RM_OK) {
        for (uint32_t i = 0; i < model->opens.count; i++) {
            if (model->opens.at[i].place.line == 0 || model->opens.at[i].target.len == 0) {
                abort(); /* an open has a place and a target */
            }
        }
    }
    rm_model_free(model);
    return 0;
}
