-- Which requests can each driver be sent, by what kind?
SELECT driver, kind, count(*) AS entries,
       sum(EXISTS (SELECT 1 FROM v_sink s WHERE s.entry_id = e.entry_id AND NOT s.ending)) AS privileged
FROM v_entry e
GROUP BY driver, kind
ORDER BY driver, kind
