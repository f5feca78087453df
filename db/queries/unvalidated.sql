-- Which privileged operations take what the caller sent, unvalidated?
SELECT driver, entry, class, api, argument, validation, reason, path, line
FROM v_sink
WHERE validation IN ('unvalidated', 'partial')
ORDER BY severity_permille DESC, driver, entry, path, line, class
