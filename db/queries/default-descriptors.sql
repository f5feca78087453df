-- Which devices stand on a default descriptor, or on one that is not known?
SELECT driver, name, sddl_source, sddl, state, path, line
FROM v_device
WHERE sddl_source IN ('type_default', 'wdf_default', 'unknown') OR sddl IS NULL
ORDER BY driver, name, device_id
