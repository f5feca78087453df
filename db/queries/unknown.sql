-- What could not be told, and why?
SELECT 'operation' AS what, driver || ' ' || entry AS subject, reason, path, line
FROM v_sink
WHERE validation = 'unknown'
UNION ALL
SELECT 'rule ' || rule, subject, reason, path, line
FROM v_undecided
ORDER BY what, subject, path, line, reason
