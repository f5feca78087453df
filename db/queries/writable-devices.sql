-- Which devices may less than an administrator open for writing?
SELECT device, driver, group_concat(principal, ' ') AS principals
FROM (SELECT * FROM v_access ORDER BY device_id, principal)
WHERE subject_kind IN ('device', 'port') AND can_write = 1 AND dacl_grants = 1
  AND principal NOT IN ('system', 'admin_elevated')
GROUP BY device_id
ORDER BY count(*) DESC, driver, device
