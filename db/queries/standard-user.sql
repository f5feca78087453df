-- What can a standard user reach that needs no administrator?
SELECT score, severity, door, entry, drivers, sink_class, validation
FROM v_path
WHERE origin = 'standard_user' AND app IS NULL
ORDER BY score DESC, door, entry, drivers, sink_class
