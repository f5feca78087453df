#ifndef EXTRACT_PROJECT_LIMITS_H
#define EXTRACT_PROJECT_LIMITS_H

enum {
    PROJECT_MAX_PATH = 1024,       /* bytes of one path; Windows' own limit is 260 for most tools */
    PROJECT_MAX_IMPORT_DEPTH = 8,  /* of property sheets and included makefiles */
    PROJECT_MAX_IMPORTS = 64,      /* for one project */
    PROJECT_MAX_PROPERTIES = 2048, /* for one project, imports included */
    PROJECT_MAX_VALUE = 32 << 10,  /* bytes of one value */
    PROJECT_MAX_EXPANSION = 4 << 20, /* bytes that expanding may make for one project */
    PROJECT_MAX_ITEMS = 16384,       /* of one kind, of one project */
    PROJECT_MAX_TARGETS = 1024       /* of one CMakeLists.txt */
};

#endif
