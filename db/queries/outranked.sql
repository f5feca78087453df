-- Which descriptors were given and do not count, because another one wins?
SELECT d.subject, d.source, d.sddl, w.source AS outranked_by, w.sddl AS effective, d.path, d.line
FROM v_descriptor d LEFT JOIN v_descriptor w ON w.descriptor_id = d.outranked_by
WHERE d.effective = 0 AND d.sddl IS NOT NULL
ORDER BY d.subject, d.source, d.path, d.line
