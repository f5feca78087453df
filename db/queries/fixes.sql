-- Which change helps most?
SELECT f.severity, f.rule, f.subject, f.fix, count(p.path_id) AS paths, f.path, f.line
FROM v_finding f LEFT JOIN v_path p ON p.path_id = f.path_id
GROUP BY f.finding_id
ORDER BY f.rank
