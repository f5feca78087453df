-- Which control codes that reach a privileged operation ask for no access?
SELECT e.driver, e.name, e.code, e.method,
       group_concat(DISTINCT s.class) AS operations, e.path, e.line
FROM v_entry e JOIN v_sink s ON s.entry_id = e.entry_id
WHERE e.access = 'any' AND e.code IS NOT NULL AND NOT s.ending
GROUP BY e.entry_id
ORDER BY max(s.severity_permille) DESC, e.driver, e.name
