-- Which doors open to apps by a capability?
SELECT driver, device, name, class_guid, capabilities, path, line
FROM v_door
WHERE capabilities IS NOT NULL
ORDER BY driver, name
