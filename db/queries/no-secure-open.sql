-- Below which named devices is a name checked by the driver alone?
SELECT driver, nt_name, secure_open, created_by, path, line
FROM v_device
WHERE nt_name IS NOT NULL AND (secure_open IS NULL OR secure_open = 0)
ORDER BY driver, nt_name
