#ifndef MODEL_TEAM_RULES_H
#define MODEL_TEAM_RULES_H

#include "model/model.h"

/*
 * Rules of a team's own: a question in SQL over the public views, and what to say of each row of
 * its answer. Who asks the question is not known here; the rows come as text.
 */
typedef struct rm_team_rule {
    rm_str id; /* none of the program's own */
    rm_str title;
    rm_str statement;
    rm_severity severity;
    rm_str cwe, stride;
    rm_str source;  /* the file, and the document that the rule comes from */
    rm_str sql;     /* one SELECT */
    rm_str message; /* {column} stands for what the row has there, {{ and }} for braces */
    rm_str fix;     /* likewise */
    rm_place place; /* in its file */
} rm_team_rule;

RM_LIST(rm_team_rules, rm_team_rule);

/* The answer, row by row; NULL is the empty text. */
typedef struct rm_team_answer {
    const rm_str *columns;
    uint32_t column_count;
    const rm_str *cells; /* row_count times column_count */
    uint32_t row_count;
} rm_team_answer;

/*
 * Adds the rule and its findings, one for each subject with every place of it, and ranks them among
 * the others. The columns that mean something are subject, without which there is no finding,
 * subject_id, severity, confidence, path_id, path, line and evidence; the templates may name any.
 * RM_USAGE with *why when findings cannot be made of the answer: the model is not to be used then.
 */
rm_status rm_team_rule_apply(rm_model *model, const rm_team_rule *rule,
                             const rm_team_answer *answer, rm_str *why) RM_CHECK_RESULT;

/* Is every brace of a template doubled, or one of a pair around a name? */
bool rm_is_template(rm_str text);

#endif
