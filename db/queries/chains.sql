-- Which requests pass more than one driver before they do harm?
SELECT max(score) AS score, drivers, door, entry, sink_class, validation, count(*) AS origins
FROM v_path
WHERE hops > 1
GROUP BY drivers, door, entry, sink_class
ORDER BY score DESC, drivers, door, entry
