-- Which files were not used, and what went wrong with others?
SELECT path, NULL AS line, 'not used: ' || kind AS what
FROM v_artifact
WHERE used = 0
UNION ALL
SELECT path, line, severity || ': ' || message
FROM v_diagnostic
WHERE severity <> 'note'
ORDER BY path, line, what
