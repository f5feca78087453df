-- What can code in an AppContainer reach?
SELECT score, severity, door, entry, drivers, sink_class, validation
FROM v_path
WHERE origin IN ('lpac', 'appcontainer', 'appcontainer_with_caps') AND app IS NULL
GROUP BY door, entry, drivers, sink_class, sink_api
HAVING score = max(score)
ORDER BY score DESC, door, entry, drivers, sink_class
