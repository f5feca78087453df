-- Which handled control codes take the caller's pointers as they are?
SELECT driver, name, code, access, handler, path, line
FROM v_entry
WHERE method = 'neither' AND kind IN ('ioctl', 'internal_ioctl', 'fsctl')
ORDER BY driver, name, code
