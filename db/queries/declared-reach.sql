-- Which apps reach the kernel by what they declare, and what is the worst of it?
SELECT app, origin, max(score) AS score, count(*) AS paths, drivers, sink_class, validation
FROM v_path
WHERE app IS NOT NULL
GROUP BY app
ORDER BY score DESC, app
